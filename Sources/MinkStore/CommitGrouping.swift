// Several calls that become durable together.

/// A store whose calls can be grouped into one transaction.
///
/// For an owner that lets nothing out before the group has ended: what a later call of the group
/// sees, a crash may still undo.
package protocol CommitGrouping: Sendable {
    /// Begins a group: later calls see what earlier ones wrote, and nothing of it is durable yet.
    ///
    /// A call that fails undoes the whole group, and with it the group is over.
    ///
    /// - Throws: ``StoreError`` if the store can not be written.
    func beginGroup() async throws(StoreError)

    /// Makes all that was written since the group began durable, in one transaction.
    ///
    /// Without an open group this does nothing.
    ///
    /// - Throws: ``StoreError`` if that is impossible; nothing of the group was written.
    func endGroup() async throws(StoreError)
}
