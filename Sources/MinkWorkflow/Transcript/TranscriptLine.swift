// The facts of a run, as the transcript shows them: one per line, in order.
//
// The same values become aligned text for people and JSON for programs, so neither form can say
// what the other does not.
package import MinkEngine
package import MinkExpression
import MinkStore

/// One line of a transcript.
package struct TranscriptLine: Sendable, Hashable {
    package let at: Timestamp
    package let tenant: String
    package let workflow: String?
    package let key: InstanceKey?
    package let fact: Fact

    /// What a line tells.
    package enum Fact: Sendable, Hashable {
        case event(id: String, type: String, judged: MinkEngine.Fact.Judgement, why: String?)
        case transition(from: String?, to: String, trigger: Trigger)
        case command(SentCommand)
        case incident(code: String, message: String)
        case deadLetter(id: String, type: String, reason: String)
        /// What a person decided; only in a history.
        case action(verb: String, reason: String)
        case instance(InstanceSummary)
    }

    /// What led to a transition.
    package enum Trigger: Sendable, Hashable {
        case event(String)
        case timer(String)
    }
}

/// A command in a transcript.
package struct SentCommand: Sendable, Hashable {
    package let name: String
    package let id: String
    /// The arguments, personal ones masked.
    package let arguments: Value
    package let isCompensation: Bool
    package let attempt: Int
    package let outcome: Outcome

    /// What became of it.
    package enum Outcome: String, Sendable, Hashable {
        case emitted, accepted, failed, withdrawn, cancelled
    }
}

/// An instance at the end of a transcript.
package struct InstanceSummary: Sendable, Hashable {
    package let version: Int
    package let status: Instance.Status?
    package let state: String?
    /// The data, personal fields masked.
    package let data: Value
    /// The commands of the ledger, in the order in which they were pushed.
    package let ledger: [String]
    package let failureReason: String?
    /// The code of the incident that is open, the pausing one first.
    package let incident: String?
    package let held: Int
}
