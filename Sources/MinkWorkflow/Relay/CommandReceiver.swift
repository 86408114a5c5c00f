// Who takes the commands: handlers in this process, destinations, or a script.
package import MinkEngine
package import MinkExpression

/// Takes commands and says what came of each.
package protocol CommandReceiver: Sendable {
    /// Whether someone here takes the command. "No handler here" is not a try.
    func takes(_ command: CommandRecord) -> Bool

    /// Whether someone here takes the commands of a name.
    func handles(_ name: String) -> Bool

    /// Delivers a command, whose id is the idempotency key; tries count from 1.
    func receive(_ command: CommandRecord, attempt: Int) async -> Receipt

    /// What changed at the receiver since this was asked last, to be kept with the outcome.
    var notes: [String: String] { get }
}

extension CommandReceiver {
    package func handles(_ name: String) -> Bool { true }
    package var notes: [String: String] { [:] }
}

/// What came of one try.
package enum Receipt: Sendable, Hashable {
    /// It was taken; events that answer it, and a result for the state that waits for it.
    case accepted(answers: [AnswerEvent], result: Value)
    /// It failed, and another try may succeed; not before so long, where the receiver says so.
    case failed(String, retryAfter: Duration? = nil)
    /// It will never be taken.
    case rejected(String)
    /// It took too long.
    case timedOut
}

/// An event that a handler returns.
package struct AnswerEvent: Sendable, Hashable {
    package let type: String
    /// The payload: the text of a JSON object.
    package let data: String

    package init(type: String, data: String) {
        self.type = type
        self.data = data
    }
}
