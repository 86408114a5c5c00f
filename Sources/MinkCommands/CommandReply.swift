// What a handler answers.
public import MinkExpression

/// What came of a command that was carried out.
public struct CommandReply: Sendable, Hashable {
    /// An event that answers a command.
    public struct Event: Sendable, Hashable {
        /// The event's name in the workflow.
        public let name: String
        /// The fields: an object.
        public let payload: Value

        /// An event from its fields.
        public init(_ name: String, _ payload: Value) {
            self.name = name
            self.payload = payload
        }

        /// An event from a type.
        ///
        /// - Parameters:
        ///   - name: The event's name in the workflow.
        ///   - payload: The type whose members are the fields.
        /// - Throws: ``MinkExpression/ValueCodingError`` if a member can not be written as a value.
        public init(_ name: String, encoding payload: some Encodable) throws {
            self.name = name
            self.payload = try ValueEncoder.encode(payload)
        }
    }

    /// Events that are appended to the log when the command is settled, once, in this order.
    public var events: [Event]
    /// What a state that waits for the command sees as `event.result`.
    public var result: Value

    /// A reply.
    public init(events: [Event] = [], result: Value = .null) {
        self.events = events
        self.result = result
    }

    /// The command was carried out, and there is nothing to say.
    public static let done = CommandReply()

    /// The command was carried out, and one event says so.
    ///
    /// - Parameters:
    ///   - name: The event's name in the workflow.
    ///   - payload: The fields: an object.
    /// - Returns: A reply with this event.
    public static func event(_ name: String, _ payload: Value) -> CommandReply {
        CommandReply(events: [Event(name, payload)])
    }
}

/// A command that will never be carried out: it is not tried again.
public struct CommandRejected: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, for people; the workflow sees it in `failure.reason`.
    public let reason: String

    /// A rejection.
    public init(_ reason: String) {
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}

/// A command whose arguments break a rule.
public struct ValidationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The command's name.
    public let command: String
    /// The field that breaks the rule; `nil` when it takes several.
    public let field: String?
    /// The rule, for people.
    public let message: String

    /// A broken rule.
    public init(command: String, field: String? = nil, message: String) {
        self.command = command
        self.field = field
        self.message = message
    }

    /// Command, field and rule in one line.
    public var description: String {
        "\(command)\(field.map { "." + $0 } ?? ""): \(message)"
    }
}
