// What an instance waits for: held events, timers, parts and items of a join, inputs behind a pause.
package import MinkDefinition
package import MinkExpression

/// An event that came before its time.
package struct HeldEvent: Hashable, Sendable, Codable {
    package let event: EventRecord
    /// When it stops being wanted.
    package let until: Timestamp
    /// Its value that must not come twice; `nil` where none is asked for.
    package var unique: SeenValue?

    package init(event: EventRecord, until: Timestamp, unique: SeenValue? = nil) {
        self.event = event
        self.until = until
        self.unique = unique
    }
}

/// A moment at which an instance has to be looked at.
package struct Timer: Hashable, Sendable, Codable {
    /// Counts the timers of an instance, from 1; the order of arming.
    package let number: Int
    package let kind: Kind
    package let due: Timestamp
    /// The visit that armed it; a timer of another visit is dropped.
    package let visit: Int
    /// How many reminders were sent before this one.
    package var reminders = 0

    package init(number: Int, kind: Kind, due: Timestamp, visit: Int, reminders: Int = 0) {
        self.number = number
        self.kind = kind
        self.due = due
        self.visit = visit
        self.reminders = reminders
    }

    /// What a timer is for, in the order in which timers of the same moment fire.
    package enum Kind: Int, Hashable, Sendable, Codable, Comparable {
        case deadline = 0
        case timeout = 1
        case confirmation = 2
        case reminder = 3
        /// What is held is not wanted any more. Delayed commands (4) and retries (5) go before.
        case heldExpiry = 6

        package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }
}

/// Why an instance judges nothing until a person acts, and what waits behind that.
package struct Pause: Hashable, Sendable, Codable {
    /// The number of the incident that paused it.
    package let incident: Int
    /// The input that could not be judged; `nil` when the pause has another cause.
    package var unjudged: Input?
    /// What came since, in order of arrival.
    package var kept: [Input] = []
    /// The values of waiting events that must not come twice, as ``SeenValue/text``.
    package var unique: Set<String> = []

    package init(incident: Int, unjudged: Input? = nil, kept: [Input] = []) {
        self.incident = incident
        self.unjudged = unjudged
        self.kept = kept
    }
}

/// Something that a person should know, or has to settle.
package struct Incident: Hashable, Sendable, Codable {
    /// Counts the incidents of an instance, from 1.
    package let number: Int
    package let code: Code
    /// What happened and what to do next, for people.
    package let message: String
    package let at: Timestamp
    /// The command it is about, by its id.
    package var command: String?

    package init(number: Int, code: Code, message: String, at: Timestamp, command: String? = nil) {
        self.number = number
        self.code = code
        self.message = message
        self.at = at
        self.command = command
    }

    /// What kind of incident it is.
    package typealias Code = IncidentCode
}

extension IncidentCode {
    /// Whether the instance judges nothing until a person acts.
    package var pauses: Bool {
        switch self {
        case .expressionError, .limitReached, .compensationStuck, .duplicateItem, .poisonedTurn:
            true
        default: false
        }
    }
}

/// A command that was handed out and not settled.
package struct OutstandingCommand: Hashable, Sendable {
    package let command: CommandRecord
    /// How many tries were made.
    package var attempts: Int
    /// Whether a try is under way at this moment.
    package var isInAttempt: Bool
    /// Whether no tries are left, and a person was told.
    package var isExhausted: Bool

    package init(
        _ command: CommandRecord, attempts: Int = 0, isInAttempt: Bool = false,
        isExhausted: Bool = false
    ) {
        self.command = command
        self.attempts = attempts
        self.isInAttempt = isInAttempt
        self.isExhausted = isExhausted
    }

    package var id: String { command.id }
}
