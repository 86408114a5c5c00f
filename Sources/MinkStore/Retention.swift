// Removes what is over, so that a store does not grow for ever.
package import MinkExpression

/// Removes instances that have ended.
package protocol Retention: Sendable {
    /// Removes instances of a workflow that ended before a moment, the oldest first, with their
    /// history, timers and seen values. One that still has commands to deliver stays.
    ///
    /// The limit is the most to remove in this step; the caller asks again until fewer go.
    ///
    /// - Returns: How many were removed.
    func removeEnded(
        of workflow: String, before moment: Timestamp, limit: Int
    ) async throws(StoreError) -> Int
}
