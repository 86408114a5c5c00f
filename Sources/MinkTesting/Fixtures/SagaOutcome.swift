// What came of a saga in a test, and what was expected of it.
import MinkDefinition
import MinkEngine
public import MinkExpression
import MinkStore
import MinkWorkflow

/// What came of a saga.
public struct SagaOutcome: Sendable, CustomStringConvertible {
    /// The commands that were delivered, in order, each once.
    public let commands: [SentCommand]
    /// Where the saga stands: `completed`, `compensated`, …; `nil` when it never began.
    public let status: String?
    /// The state it is in.
    public let state: String?
    /// Its data.
    public let data: Value
    /// Why it was given up; `nil` while nothing failed.
    public let failureReason: String?

    /// A command that was delivered.
    public struct SentCommand: Sendable {
        /// The command's name.
        public let name: String
        /// Its arguments.
        public let arguments: Value
    }

    init(of stage: ScenarioStage) async throws {
        commands = stage.commands.map { SentCommand(name: $0.name, arguments: $0.arguments) }
        let instance: Instance?
        if let id = stage.subject {
            instance = try await stage.engine.loop.store.load([id])[id]?.instance
        } else {
            instance = nil
        }
        status = instance?.status?.rawValue
        state = instance?.state
        data = instance?.data ?? .null
        failureReason = instance?.failure?.reason
    }

    private init(_ whole: SagaOutcome, commands: [SentCommand]) {
        self.commands = commands
        status = whole.status
        state = whole.state
        data = whole.data
        failureReason = whole.failureReason
    }

    func counted(from first: Int) -> SagaOutcome {
        SagaOutcome(self, commands: Array(commands.dropFirst(first)))
    }

    /// The status, the state and the commands, for messages.
    public var description: String {
        "\(status ?? "nothing") in \(state ?? "no state") after "
            + (commands.isEmpty ? "no commands" : commands.map(\.name).joined(separator: ", "))
    }
}

/// A command that is expected: its name, and arguments that it must have among others.
public struct ExpectedCommand: Sendable, ExpressibleByStringLiteral {
    let name: String
    let arguments: [String: Value]

    /// A command with these arguments, among others.
    public init(_ name: String, _ arguments: [String: Value] = [:]) {
        self.name = name
        self.arguments = arguments
    }

    /// A command with any arguments.
    public init(stringLiteral name: String) {
        self.init(name)
    }

    func fits(_ sent: SagaOutcome.SentCommand) -> Bool {
        sent.name == name
            && arguments.allSatisfy { name, value in
                sent.arguments[name].map { CompiledExpression.isEqual($0, value) } ?? false
            }
    }

    var words: String {
        arguments.isEmpty ? name : "\(name) with \(Value(arguments).json)"
    }
}

extension SagaOutcome {
    /// The saga has completed.
    ///
    /// - Returns: The same outcome, for the next expectation.
    /// - Throws: ``SagaFixtureError`` saying where it stands instead.
    @discardableResult
    public func thenCompleted() throws -> SagaOutcome {
        guard status == "completed" else {
            throw SagaFixtureError("expected a completed saga, found \(self)")
        }
        return self
    }

    /// Exactly these commands were delivered, in this order.
    ///
    /// - Parameter expected: The commands; arguments that are left out may be anything.
    /// - Returns: The same outcome, for the next expectation.
    /// - Throws: ``SagaFixtureError`` with what was expected and what was delivered.
    @discardableResult
    public func thenCommands(_ expected: ExpectedCommand...) throws -> SagaOutcome {
        try check(expected)
    }

    /// The saga is undone, by exactly these commands in this order, with what its end sends.
    ///
    /// - Parameter expected: The commands from the failure on.
    /// - Returns: The same outcome, for the next expectation.
    /// - Throws: ``SagaFixtureError`` with what was expected and what was delivered.
    @discardableResult
    public func thenCompensates(_ expected: ExpectedCommand...) throws -> SagaOutcome {
        guard status == "compensated" || status == "failed" else {
            throw SagaFixtureError("expected a saga that is undone, found \(self)")
        }
        return try check(expected)
    }

    private func check(_ expected: [ExpectedCommand]) throws -> SagaOutcome {
        let fits =
            expected.count == commands.count
            && zip(expected, commands).allSatisfy { $0.fits($1) }
        guard fits else {
            let found = commands.map { "\($0.name) with \($0.arguments.json)" }
            throw SagaFixtureError(
                """
                expected \(expected.map(\.words).joined(separator: ", "))
                   found \(found.joined(separator: ", "))
                """)
        }
        return self
    }
}

extension Value {
    fileprivate init(_ members: [String: Value]) {
        var map = ValueMap()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { map[name] = value }
        self = .map(map)
    }
}
