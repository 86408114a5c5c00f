// Named places in the path of an event at which a test may end the process, as a lost machine would.
//
//   MINK_CRASH_AT=commit-sent      the first time
//   MINK_CRASH_AT=commit-sent:20   the twentieth time
//
// The places are always there. Where nothing is armed, each costs one look at a flag.
import Synchronization

/// A place at which a process may be told to end.
package enum CrashPoint: String, Sendable, CaseIterable {
    // The start of an engine.
    case definitionsKept = "definitions-kept"
    case workClaimed = "work-claimed"
    // Deciding a step.
    case receiptsGathered = "receipts-gathered"
    case actionsGathered = "actions-gathered"
    case eventsGathered = "events-gathered"
    case timersGathered = "timers-gathered"
    case stepUndone = "step-undone"
    // Writing it.
    case stepBeforeCommit = "step-before-commit"
    case stepAfterCommit = "step-after-commit"
    case stepTold = "step-told"
    // Delivering its commands.
    case commandHandedOut = "command-handed-out"
    case commandTaken = "command-taken"
    case commandAcknowledged = "command-acknowledged"
    case outcomeDecided = "outcome-decided"
    case retryDecided = "retry-decided"
    case commandGivenUp = "command-given-up"
    // Appending events.
    case eventBeforeAppend = "event-before-append"
    case eventAppended = "event-appended"
    // A batch on its way to PostgreSQL.
    case batchPlanned = "batch-planned"
    case batchSending = "batch-sending"
    case batchSent = "batch-sent"
    case batchAnswered = "batch-answered"
    case batchInDoubt = "batch-in-doubt"
    case batchLookedUp = "batch-looked-up"
    // Owning the work.
    case laneBeforeClaim = "lane-before-claim"
    case laneInClaim = "lane-in-claim"
    case laneClaimed = "lane-claimed"
    case laneResumed = "lane-resumed"
    case deadInBurial = "dead-in-burial"
    case shareInTaking = "share-in-taking"
    case shareTaken = "share-taken"
    case leaseBeforeRenewal = "lease-before-renewal"
    case leaseRenewed = "lease-renewed"
    case leaseLost = "lease-lost"
    case workBeforeHandBack = "work-before-hand-back"
    case workHandedBack = "work-handed-back"
    case cursorsTrimmed = "cursors-trimmed"
    // Taking definitions over while the engine runs.
    case definitionsBeforeSwap = "definitions-before-swap"
    // The embedded store.
    case fileBeforeCommit = "file-before-commit"
    case fileCommitted = "file-committed"

    /// Ends the process here, if that was asked for.
    package func reach() {
        guard CrashPlan.isArmed else { return }
        CrashPlan.reach(self)
    }
}

/// Where a process is to end.
package enum CrashPlan {
    private struct Plan {
        let point: CrashPoint
        var hitsLeft: Int
        let end: @Sendable () -> Never
    }

    /// Written once, before any other thread begins.
    nonisolated(unsafe) fileprivate static var isArmed = false
    private static let plan = Mutex<Plan?>(nil)

    /// Arms a point, before the process does anything else.
    ///
    /// - Parameters:
    ///   - text: A point's name, and behind a colon which hit is meant, as in `batch-sent:20`.
    ///   - end: Ends the process at once.
    /// - Returns: Whether there is such a point.
    package static func arm(_ text: String, end: @escaping @Sendable () -> Never) -> Bool {
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let point = words.first.flatMap({ CrashPoint(rawValue: String($0)) }),
            words.count <= 2, let hit = words.count == 2 ? Int(words[1]) : 1, hit > 0
        else { return false }
        plan.withLock { $0 = Plan(point: point, hitsLeft: hit, end: end) }
        isArmed = true
        return true
    }

    fileprivate static func reach(_ point: CrashPoint) {
        let end: (@Sendable () -> Never)? = plan.withLock { plan in
            guard plan?.point == point else { return nil }
            plan?.hitsLeft -= 1
            return plan?.hitsLeft == 0 ? plan?.end : nil
        }
        end?()
    }
}
