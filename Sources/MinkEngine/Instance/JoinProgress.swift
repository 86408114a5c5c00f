// How far the parts or items of one visit are. The counts are kept beside the items, so that a list
// of ten thousand costs no more per answer than one of ten.
package import MinkExpression

/// The parts or items of one visit, and how far they are.
package struct JoinProgress: Hashable, Sendable, Codable {
    package private(set) var state: String
    package let visit: Int
    package private(set) var items: [Item]
    /// How many successes are needed.
    package let need: Int
    package private(set) var succeeded = 0
    package private(set) var failed = 0
    /// How many are started and not answered.
    package private(set) var pending = 0
    /// All items before this one are started or answered.
    private var firstWaiting = 0
    /// Whether the join has fired.
    package var hasFired = false
    /// Whether it fired because enough succeeded.
    package var isSatisfied = false

    package init(state: String, visit: Int, items: [Item], need: Int) {
        self.state = state
        self.visit = visit
        self.items = items
        self.need = need
        for item in items { count(item.status, by: 1) }
    }

    /// One part or one item.
    package struct Item: Hashable, Sendable, Codable {
        /// The event of a part, or the key of an item in canonical form.
        package let key: String
        /// The item itself; `nil` for a part.
        package let value: Value?
        package fileprivate(set) var status: Status
        /// The ids of the commands that were sent for it.
        package fileprivate(set) var commands: [String] = []

        package init(key: String, value: Value?, status: Status) {
            self.key = key
            self.value = value
            self.status = status
        }

        /// Whether no answer was counted.
        package var isOpen: Bool { status == .waiting || status == .pending }
    }

    /// How far one part or item is.
    package enum Status: String, Hashable, Sendable, Codable {
        /// Not started, because too many are under way.
        case waiting
        case pending
        case done
        case failed
    }
}

extension JoinProgress {
    /// Whether enough can still succeed.
    package var isPossible: Bool { items.count - failed >= need }

    /// Whether an answer can still find one of its items when a newer visit has items of its own:
    /// by the command that was sent for it.
    package var outlivesItsVisit: Bool { items.contains { !$0.commands.isEmpty } }

    /// The same parts or items under another name of the state.
    func moved(to name: String) -> JoinProgress {
        var moved = self
        moved.state = name
        return moved
    }

    /// Notes how far an item is.
    mutating func mark(_ index: Int, _ status: Status) {
        count(items[index].status, by: -1)
        items[index].status = status
        count(status, by: 1)
    }

    /// Notes that a command was sent for an item.
    mutating func sent(_ command: String, for index: Int) {
        items[index].commands.append(command)
    }

    /// The next item to start; `nil` when all are started or answered.
    mutating func nextWaiting() -> Int? {
        while firstWaiting < items.count {
            if items[firstWaiting].status == .waiting { return firstWaiting }
            firstWaiting += 1
        }
        return nil
    }

    private mutating func count(_ status: Status, by change: Int) {
        switch status {
        case .waiting: break
        case .pending: pending += change
        case .done: succeeded += change
        case .failed: failed += change
        }
    }
}
