// What a line about the health of an engine counts. Never on the path of an event.

/// Counts what a store has.
package protocol StoreCensus: Sendable {
    /// The position of the newest event; 0 for an empty log.
    func newestPosition() async throws(StoreError) -> Int64

    /// Counts some of the instances that have not ended: a part at a time, so that nobody waits.
    ///
    /// - Parameters:
    ///   - sequence: Counts those behind this place in the order of start.
    ///   - limit: The most to look at.
    /// - Returns: What was counted, and how far.
    /// - Throws: ``StoreError`` if the store fails.
    func countRunning(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> RunningCount
}

/// A part of a count.
package struct RunningCount: Sendable, Hashable {
    /// Instances that have started and not ended.
    package let running: Int
    /// Their open incidents.
    package let incidents: Int
    /// The last place that was looked at; `nil` when there was none left.
    package let last: Int64?

    package init(running: Int, incidents: Int, last: Int64?) {
        self.running = running
        self.incidents = incidents
        self.last = last
    }
}
