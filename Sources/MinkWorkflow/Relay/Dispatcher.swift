// Which command may be handed out next: one at a time in each lane, and lanes side by side.
//
// A lane is an instance and a destination, or an instance and the name of a command for handlers.
// A slow command delays its own lane and nothing else. How many are under way at once is limited for
// each destination by itself, so that one which hangs takes no place from the others.
import MinkEngine
import MinkStore

/// Commands that wait for their turn, and those that are under way.
struct Dispatcher {
    private struct Lane: Hashable {
        let instance: InstanceID
        let target: String
        /// Whose limit it counts against: a destination, or all handlers together.
        let pool: String
    }

    /// The lanes of one destination, or of all handlers.
    private struct Pool {
        /// Lanes with a waiting command and none under way, in order of arrival.
        var ready: ArraySlice<Lane> = []
        var underWay = 0
    }

    private let limit: Int
    private var waiting: [Lane: [PendingCommand]] = [:]
    private var pools: [String: Pool] = [:]
    private var underWay: Set<Lane> = []
    private var known: Set<String> = []
    /// Lanes whose first command failed: nothing passes it until it is tried again.
    private var postponed: [Lane: String] = [:]

    /// A dispatcher that hands out at most so many commands at once to each destination, and to all
    /// handlers together.
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
            return makeReady(lane)
        }
        let isFree = waiting[lane] == nil && !underWay.contains(lane) && postponed[lane] == nil
        if isFree { makeReady(lane) }
        waiting[lane, default: []].append(pending)
    }

    /// The next command to hand out; it is under way from now on.
    mutating func next() -> PendingCommand? {
        for name in pools.keys {
            if let pending = next(of: name) { return pending }
        }
        return nil
    }

    private mutating func next(of name: String) -> PendingCommand? {
        while let pool = pools[name], pool.underWay < limit,
            let lane = pools[name]?.ready.popFirst()
        {
            guard var queue = waiting.removeValue(forKey: lane), !queue.isEmpty else { continue }
            let pending = queue.removeFirst()
            if !queue.isEmpty { waiting[lane] = queue }
            underWay.insert(lane)
            pools[name]?.underWay += 1
            return pending
        }
        return nil
    }

    private mutating func makeReady(_ lane: Lane) {
        pools[lane.pool, default: Pool()].ready.append(lane)
    }

    /// Notes that a try is over; a command that is postponed holds up its lane until it comes
    /// again.
    mutating func finish(_ pending: PendingCommand, isPostponed: Bool) {
        let lane = Self.lane(of: pending.command)
        if underWay.remove(lane) != nil { pools[lane.pool]?.underWay -= 1 }
        known.remove(pending.command.id)
        if isPostponed {
            postponed[lane] = pending.command.id
        } else if waiting[lane] != nil {
            makeReady(lane)
        }
    }

    /// Whether a command of some instances is under way.
    func isUnderWay(where isMeant: (InstanceID) -> Bool) -> Bool {
        underWay.contains { isMeant($0.instance) }
    }

    /// Forgets the waiting commands of some instances.
    ///
    /// - Parameter isGone: Whether an instance is meant.
    /// - Returns: The commands.
    @discardableResult
    mutating func forgetWaiting(where isGone: (InstanceID) -> Bool) -> [PendingCommand] {
        var gone: [PendingCommand] = []
        for (lane, queue) in waiting where isGone(lane.instance) {
            for pending in queue { known.remove(pending.command.id) }
            gone += queue
            waiting[lane] = nil
        }
        for name in pools.keys { pools[name]?.ready.removeAll { isGone($0.instance) } }
        postponed = postponed.filter { !isGone($0.key.instance) }
        return gone
    }

    /// Forgets commands that were taken back while they waited.
    mutating func remove(_ ids: Set<String>) {
        for (lane, id) in postponed where ids.contains(id) {
            postponed[lane] = nil
            if waiting[lane] != nil { makeReady(lane) }
        }
        guard !ids.isDisjoint(with: known) else { return }
        for (lane, queue) in waiting {
            let rest = queue.filter { !ids.contains($0.command.id) }
            guard rest.count < queue.count else { continue }
            for gone in queue where ids.contains(gone.command.id) { known.remove(gone.command.id) }
            waiting[lane] = rest.isEmpty ? nil : rest
            if rest.isEmpty { pools[lane.pool]?.ready.removeAll { $0 == lane } }
        }
    }

    private static func lane(of command: CommandRecord) -> Lane {
        let target =
            switch command.delivery.destination {
            case .handler: "handler \(command.name)"
            case .events: "events"
            case .named(let name): "destination \(name)"
            }
        let isHandler = command.delivery.destination == .handler
        return Lane(
            instance: command.instance, target: target, pool: isHandler ? "handlers" : target)
    }
}
