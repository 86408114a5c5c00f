// What has to happen to an engine before it comes to a crash point.
package import MinkStore

extension CrashPoint {
    /// What leads an engine to a point that plain work does not reach.
    enum Provocation {
        case none, cutAnswer, cutRequest, hold, terminate, action
    }

    var provocation: Provocation {
        switch self {
        case .batchInDoubt, .batchLookedUp, .laneResumed: .cutAnswer
        case .stepUndone: .cutRequest
        case .leaseLost: .hold
        case .workBeforeHandBack, .workHandedBack: .terminate
        case .actionsGathered: .action
        default: .none
        }
    }

    /// Whether engines on a PostgreSQL database come to it.
    ///
    /// The others belong to senders of events and to the embedded store, or come only after
    /// hundreds of batches within seconds.
    package var isOfEngines: Bool {
        switch self {
        case .eventBeforeAppend, .eventAppended, .fileBeforeCommit, .fileCommitted,
            .cursorsTrimmed:
            false
        default: true
        }
    }

    /// How many hits a point may wait for: some come only once in the life of a process.
    var mostHits: Int {
        switch self {
        case .receiptsGathered, .eventsGathered, .stepBeforeCommit, .stepAfterCommit, .stepTold,
            .commandHandedOut, .commandTaken, .outcomeDecided, .batchPlanned, .batchSending,
            .batchSent, .batchAnswered:
            5
        default: 1
        }
    }
}
