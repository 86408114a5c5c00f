// What happened, one line each: the history stores facts, the transcript prints them.
import MinkExpression

/// One thing that a turn did.
package enum Fact: Hashable, Sendable, Codable {
    /// An event was judged.
    case event(id: String, type: String, judged: Judgement, why: String?)
    /// A state was entered, or a transition stayed.
    case transition(from: String?, to: String, cause: Cause)
    /// An undo was pushed on the ledger.
    case pushed(frame: Int, command: String)
    /// The saga was given up.
    case failed(reason: String, state: String)
    /// A command was handed out.
    case emitted(CommandRecord)
    /// A command was taken back, because the saga is being undone.
    case withdrawn(CommandRecord, attempts: Int)
    /// A delayed command was taken back, because its state was left.
    case cancelled(CommandRecord)
    /// A frame is undone, or settled otherwise.
    case settled(frame: Int, command: String, how: Settlement)
    case incident(code: Incident.Code, message: String, number: Int)
    /// An incident is over.
    case closed(incident: Int)
    case deadLetter(id: String, type: String, reason: String, message: String, event: EventRecord)
    /// A person acted.
    case action(OperatorAction.Verb, reason: String)
    /// Something was noted that changes nothing.
    case noted(String)

    /// How an event was judged.
    package enum Judgement: String, Hashable, Sendable, Codable {
        case started, handled, early, late, unexpected, duplicate, refused, deadLetter, ignored
    }

    /// What led to a transition.
    package enum Cause: Hashable, Sendable, Codable {
        case event(String)
        case timer(String)
        /// A join came together.
        case join
        /// A command ended, as in `RequestPayment.failed`.
        case outcome(String)
        /// The undoing ended.
        case compensation
        /// A person acted.
        case action(String)
    }

    /// How a frame was settled.
    package enum Settlement: String, Hashable, Sendable, Codable {
        case undone, skipped, markedDone, notUndone
    }
}
