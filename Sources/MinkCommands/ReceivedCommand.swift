// A command as it arrives, before anyone says which type it is.
public import MinkExpression

/// A command by name, with its arguments as one value.
public struct ReceivedCommand: Sendable, Hashable {
    /// The command's name in the workflow.
    public let name: String
    /// The arguments: an object.
    public let arguments: Value

    /// A command.
    public init(name: String, arguments: Value) {
        self.name = name
        self.arguments = arguments
    }

    /// A command from its type.
    ///
    /// - Parameter command: The command, whose members become the arguments.
    /// - Throws: ``MinkExpression/ValueCodingError`` if a member can not be written as a value.
    public init(_ command: some Command) throws {
        name = type(of: command).name
        arguments = try ValueEncoder.encode(command)
    }

    /// The arguments as a type.
    ///
    /// - Parameter type: The type whose members the arguments are.
    /// - Returns: The decoded arguments.
    /// - Throws: ``MinkExpression/ValueCodingError`` with the place in the arguments.
    public func decode<Arguments: Decodable>(_ type: Arguments.Type) throws -> Arguments {
        try ValueDecoder.decode(type, from: arguments)
    }
}
