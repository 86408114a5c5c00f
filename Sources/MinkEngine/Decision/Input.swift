// What an instance is asked to judge. Everything a decision depends on comes in here or stands in
// the instance, so that a recorded history replays to the same bytes.
package import MinkDefinition
package import MinkExpression

/// One thing that happened to an instance.
package enum Input: Hashable, Sendable, Codable {
    /// An event of the log; `isSeen` when its `uniqueBy` value is known to the instance.
    case event(EventRecord, isSeen: Bool)
    /// A timer that is due, by its number.
    case timer(number: Int)
    /// How the delivery of a command ended.
    case outcome(Outcome)
    /// What a person decided.
    case action(OperatorAction)
    /// Something whose turn could not be written down: it pauses the instance.
    indirect case unwritable(Input, why: String)

    /// How the delivery of a command ended.
    package struct Outcome: Hashable, Sendable, Codable {
        package let command: CommandRecord
        package let result: Result

        package init(of command: CommandRecord, result: Result) {
            self.command = command
            self.result = result
        }
    }

    /// What came of a delivery.
    package enum Result: Hashable, Sendable, Codable {
        /// The receiver took it; what it answered, null when nothing.
        case accepted(Value)
        /// No tries are left, or the receiver will never take it.
        case exhausted(Exhaustion)
    }

    /// Why a command was given up.
    package struct Exhaustion: Hashable, Sendable, Codable {
        package let code: Code
        /// The last error, for people.
        package let message: String
        package let attempts: Int

        package init(code: Code, message: String, attempts: Int) {
            self.code = code
            self.message = message
            self.attempts = attempts
        }

        /// How the last try ended.
        package enum Code: String, Hashable, Sendable, Codable { case failed, rejected, timeout }
    }
}

extension Input {
    /// The definition that decides it in place of the instance's own; `nil` where there is none.
    package var decidingDefinition: DefinitionReference? {
        switch self {
        case .action(let action): action.to
        case .unwritable(let input, _): input.decidingDefinition
        case .event, .timer, .outcome: nil
        }
    }
}

/// What a person does to an instance.
package struct OperatorAction: Hashable, Sendable, Codable {
    package let verb: Verb
    /// Why, in his words.
    package let reason: String
    /// Arguments in place of the captured ones, for ``Verb/retry``.
    package let arguments: Value?
    /// The incident that is meant; `nil` takes the one that is open.
    package let incident: Int?
    /// The final state to end in, for ``Verb/cancel`` and ``Verb/compensate``.
    package let endIn: String?
    /// The one thing that ``Verb/retry`` or ``Verb/skip`` is about; `nil` takes what is stuck.
    package let subject: Subject?
    /// The version to go to, for ``Verb/migrate``; it decides the turn.
    package let to: DefinitionReference?

    package init(
        verb: Verb, reason: String, arguments: Value? = nil, incident: Int? = nil,
        endIn: String? = nil, subject: Subject? = nil, to: DefinitionReference? = nil
    ) {
        self.verb = verb
        self.reason = reason
        self.arguments = arguments
        self.incident = incident
        self.endIn = endIn
        self.subject = subject
        self.to = to
    }

    /// One thing of an instance that a person may decide about.
    package enum Subject: Hashable, Sendable, Codable {
        /// A command that is not settled, by its id.
        case command(String)
        /// An event that is held, by its id.
        case held(String)
        /// An event that was set aside; `isSeen` when its `uniqueBy` value is known to the
        /// instance, which its owner finds out.
        case letter(EventRecord, isSeen: Bool)
    }

    /// What is done.
    package typealias Verb = OperatorVerb
}
