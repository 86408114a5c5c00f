// Follows the ledger of a saga through its history: each undo goes before those that were pushed
// earlier, and runs once.
import MinkDefinition
import MinkEngine

/// The order in which a saga was undone.
struct UndoOrder {
    /// What is not as it should be, in sentences.
    private(set) var problems: [String] = []
    private var pushed: Set<Int> = []
    private var settled: Set<Int> = []
    /// Frames that wait, the newest last; and the one in progress.
    private var ledger: [Int] = []
    private var inProgress: Int?

    mutating func follow(_ fact: Fact) {
        switch fact {
        case .pushed(let frame, _):
            pushed.insert(frame)
            ledger.append(frame)
        case .emitted(let command) where command.role == .compensation:
            if inProgress == nil { inProgress = ledger.popLast() }
        case .settled(let frame, let command, _):
            settle(frame, command)
        default: break
        }
    }

    private mutating func settle(_ frame: Int, _ command: String) {
        // One whose arguments can not be computed never sent a command.
        let expected = inProgress ?? ledger.popLast()
        inProgress = nil
        if frame != expected {
            let due = expected.map { "undo \($0)" } ?? "nothing"
            problems.append("undo \(frame), \(command), was settled when \(due) was due")
            ledger.removeAll { $0 == frame }
        }
        if !settled.insert(frame).inserted {
            problems.append("undo \(frame), \(command), was settled twice")
        }
    }

    /// What of a saga that is undone was never undone.
    mutating func end(_ instance: Instance) {
        guard instance.status == .compensated, !instance.isSealed else { return }
        for frame in pushed.subtracting(settled).sorted() {
            problems.append("undo \(frame) never ran, and the saga is \"compensated\"")
        }
    }
}
