// Brings each command to the one handler that is registered for its name.
import MinkExpression
import Synchronization

/// Knows the handlers of commands, and calls them.
///
/// ```swift
/// let bus = CommandBus()
/// try bus.register(ReserveInventory.self) { command, context in
///     let id = try await warehouse.reserve(command.items, key: context.id)
///     return .event("InventoryReserved", ["reservationId": .string(id)])
/// }
/// ```
public final class CommandBus: Sendable {
    /// Carries out a command of any type.
    public typealias Handler =
        @Sendable (ReceivedCommand, CommandContext) async throws -> CommandReply

    private struct Handlers {
        var byName: [String: Handler] = [:]
        var fallback: Handler?
    }

    private let handlers = Mutex(Handlers())

    /// A bus without handlers.
    public init() {}

    /// Registers a handler for a name.
    ///
    /// - Parameters:
    ///   - name: The command's name in workflows.
    ///   - handler: Carries the command out; it may run many times at once, and again for the same
    ///     command after a crash.
    /// - Throws: ``CommandBusError`` if the name has a handler.
    public func register(_ name: String, _ handler: @escaping Handler) throws(CommandBusError) {
        let isNew = handlers.withLock { handlers in
            guard handlers.byName[name] == nil else { return false }
            handlers.byName[name] = handler
            return true
        }
        guard isNew else { throw .alreadyRegistered(name) }
    }

    /// Registers a handler for a type of command, which is decoded and validated first.
    ///
    /// - Parameters:
    ///   - type: The type; its name is the command's name.
    ///   - handler: Carries the command out.
    /// - Throws: ``CommandBusError`` if the name has a handler.
    public func register<Handled: Command>(
        _ type: Handled.Type,
        _ handler: @escaping @Sendable (Handled, CommandContext) async throws -> CommandReply
    ) throws(CommandBusError) {
        try register(type.name) { received, context in
            try await handler(try Self.validated(type, received), context)
        }
    }

    /// Registers a handler that is a type of its own.
    ///
    /// - Parameter handler: Carries the commands of its type out.
    /// - Throws: ``CommandBusError`` if the command's name has a handler.
    public func register<Handler: CommandHandler>(_ handler: Handler) throws(CommandBusError) {
        try register(Handler.Handled.self) { command, context in
            try await handler.handle(command, context: context)
        }
    }

    /// Registers a handler for every name that has none, as simulations do.
    ///
    /// - Parameter handler: Carries the commands out.
    /// - Throws: ``CommandBusError`` if there is such a handler.
    public func registerFallback(_ handler: @escaping Handler) throws(CommandBusError) {
        let isNew = handlers.withLock { handlers in
            guard handlers.fallback == nil else { return false }
            handlers.fallback = handler
            return true
        }
        guard isNew else { throw .alreadyRegistered(nil) }
    }

    /// Whether a command of this name would find a handler.
    ///
    /// - Parameter name: The command's name.
    /// - Returns: `true` for every name once there is a fallback.
    public func handles(_ name: String) -> Bool {
        handler(for: name) != nil
    }

    /// Brings a command to its handler.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - context: Where it comes from.
    /// - Returns: What the handler answered.
    /// - Throws: ``CommandBusError`` if it has no handler; ``CommandRejected`` if its arguments do
    ///   not fit; otherwise what the handler throws.
    public func dispatch(
        _ command: ReceivedCommand, context: CommandContext
    ) async throws -> CommandReply {
        guard let handler = handler(for: command.name) else {
            throw CommandBusError.noHandler(command.name)
        }
        return try await handler(command, context)
    }

    /// Brings a command to its handler.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - context: Where it comes from.
    /// - Returns: What the handler answered.
    /// - Throws: ``CommandBusError`` if it has no handler; ``CommandRejected`` if it breaks a rule;
    ///   otherwise what the handler throws.
    public func dispatch(
        _ command: some Command, context: CommandContext
    ) async throws -> CommandReply {
        try await dispatch(try ReceivedCommand(command), context: context)
    }

    private func handler(for name: String) -> Handler? {
        handlers.withLock { $0.byName[name] ?? $0.fallback }
    }

    /// Decodes and validates; what fails here fails in every try, so it is a rejection.
    private static func validated<Handled: Command>(
        _ type: Handled.Type, _ received: ReceivedCommand
    ) throws(CommandRejected) -> Handled {
        do {
            let command = try received.decode(type)
            try command.validate()
            return command
        } catch let error as ValidationError {
            throw CommandRejected(error.description)
        } catch let error as CommandRejected {
            throw error
        } catch {
            throw CommandRejected("the arguments of \(received.name) do not fit: \(error)")
        }
    }
}

/// A mistake in how handlers are registered.
public enum CommandBusError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name has a handler already; `nil` stands for the fallback.
    case alreadyRegistered(String?)
    /// Nobody here carries out commands of this name.
    case noHandler(String)

    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .alreadyRegistered(let name?):
            "\(name) has a handler already; register one handler for each command"
        case .alreadyRegistered(nil):
            "there is a fallback already; register one for all commands"
        case .noHandler(let name):
            "nobody handles \(name); register a handler for it"
        }
    }
}
