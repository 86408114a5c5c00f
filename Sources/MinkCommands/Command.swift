// A command as a type of Swift: what a service writes for what a workflow's template sends.

/// Something that is to be done, as a type whose members are the command's arguments.
///
/// ```swift
/// struct ReserveInventory: Command {
///     let orderId: String
///     let total: ExactDecimal
/// }
/// ```
public protocol Command: Codable, Sendable {
    /// The command's name in workflows; the name of the type unless told.
    static var name: String { get }

    /// Checks what the types of the members do not say.
    ///
    /// - Throws: ``ValidationError`` naming the field; the command is then rejected, not tried
    ///   again.
    func validate() throws
}

extension Command {
    /// The name of the type.
    public static var name: String { String(describing: Self.self) }

    /// Accepts every command.
    public func validate() throws {}
}

/// Handles one type of command.
public protocol CommandHandler<Handled>: Sendable {
    /// The type of command that it handles.
    associatedtype Handled: Command

    /// Carries a command out.
    ///
    /// - Parameters:
    ///   - command: The command, decoded and validated.
    ///   - context: Where it comes from; its id is the idempotency key.
    /// - Returns: The events that answer it, and a result for the workflow.
    /// - Throws: ``CommandRejected`` to end the attempts; any other error asks for another one.
    func handle(_ command: Handled, context: CommandContext) async throws -> CommandReply
}
