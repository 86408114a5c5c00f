// Which command may be handed out next: one at a time in each lane, and lanes side by side.
//
// A lane is an instance and a destination, or an instance and the name of a command for handlers.
// A slow command delays its own lane and nothing else.
import MinkEngine
import MinkStore

/// Commands that wait for their turn, and those that are under way.
struct Dispatcher {
    private struct Lane: Hashable {
        let instance: InstanceID
        let target: String
    }

    private let limit: Int
    private var waiting: [Lane: [PendingCommand]] = [:]
    /// Lanes with a waiting command and none under way, in order of arrival.
    private var ready: ArraySlice<Lane> = []
    private var underWay: Set<Lane> = []
    private var known: Set<String> = []
    /// Lanes whose first command failed: nothing passes it until it is tried again.
    private var postponed: [Lane: String] = [:]

    /// A dispatcher that hands out at most so many commands at once.
    init(limit: Int) {
        precondition(limit > 0, "at least one command can be under way")
        self.limit = limit
    }

    mutating func add(_ pending: PendingCommand) {
        guard known.insert(pending.command.id).inserted else { return }
        let lane = Self.lane(of: pending.command)
        if postponed[lane] == pending.command.id {
            postponed[lane] = nil
            waiting[lane, default: []].insert(pending, at: 0)
            return ready.append(lane)
        }
        let isFree = waiting[lane] == nil && !underWay.contains(lane) && postponed[lane] == nil
        if isFree { ready.append(lane) }
        waiting[lane, default: []].append(pending)
    }

    /// The next command to hand out; it is under way from now on.
    mutating func next() -> PendingCommand? {
        while underWay.count < limit, let lane = ready.popFirst() {
            guard var queue = waiting.removeValue(forKey: lane), !queue.isEmpty else { continue }
            let pending = queue.removeFirst()
            if !queue.isEmpty { waiting[lane] = queue }
            underWay.insert(lane)
            return pending
        }
        return nil
    }

    /// Notes that a try is over; a command that is postponed holds up its lane until it comes
    /// again.
    mutating func finish(_ pending: PendingCommand, isPostponed: Bool) {
        let lane = Self.lane(of: pending.command)
        underWay.remove(lane)
        known.remove(pending.command.id)
        if isPostponed {
            postponed[lane] = pending.command.id
        } else if waiting[lane] != nil {
            ready.append(lane)
        }
    }

    /// Whether a command of some instances is under way.
    func isUnderWay(where isMeant: (InstanceID) -> Bool) -> Bool {
        underWay.contains { isMeant($0.instance) }
    }

    /// Forgets the waiting commands of some instances.
    mutating func forgetWaiting(where isGone: (InstanceID) -> Bool) {
        for (lane, queue) in waiting where isGone(lane.instance) {
            for pending in queue { known.remove(pending.command.id) }
            waiting[lane] = nil
        }
        ready.removeAll { isGone($0.instance) }
        postponed = postponed.filter { !isGone($0.key.instance) }
    }

    /// Forgets commands that were taken back while they waited.
    mutating func remove(_ ids: Set<String>) {
        for (lane, id) in postponed where ids.contains(id) {
            postponed[lane] = nil
            if waiting[lane] != nil { ready.append(lane) }
        }
        guard !ids.isDisjoint(with: known) else { return }
        for (lane, queue) in waiting {
            let rest = queue.filter { !ids.contains($0.command.id) }
            guard rest.count < queue.count else { continue }
            for gone in queue where ids.contains(gone.command.id) { known.remove(gone.command.id) }
            waiting[lane] = rest.isEmpty ? nil : rest
            if rest.isEmpty { ready.removeAll { $0 == lane } }
        }
    }

    private static func lane(of command: CommandRecord) -> Lane {
        let target =
            switch command.delivery.destination {
            case .handler: "handler \(command.name)"
            case .events: "events"
            case .named(let name): "destination \(name)"
            }
        return Lane(instance: command.instance, target: target)
    }
}
