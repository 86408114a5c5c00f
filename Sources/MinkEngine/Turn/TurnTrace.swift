// What a turn looked at and did, by the places of the file: for coverage. No decision depends on it.
package import MinkDefinition

/// What turns went through, in order.
///
/// A class, because conditions are evaluated in places that change nothing else.
package final class TurnTrace {
    /// What was seen so far; a turn that was undone leaves nothing.
    package private(set) var entries: [Entry] = []

    package init() {}

    /// One thing that a turn went through.
    package enum Entry: Hashable, Sendable {
        /// A condition was evaluated.
        case condition(SourcePlace, holds: Bool)
        /// A transition was taken.
        case taken(SourcePlace)
        /// An event was counted as a part or an item of a state.
        case counted(event: String, state: String)
        /// An undo was pushed on the ledger.
        case pushed(frame: Int, SourcePlace)
        /// A success beyond the need was undone at once.
        case undone(SourcePlace)
    }

    func note(_ entry: Entry) { entries.append(entry) }

    func shrink(to count: Int) { entries.removeSubrange(count...) }
}
