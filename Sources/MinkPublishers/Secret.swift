// A value that is never printed: no description, no mirror and no interpolation shows it.

/// A secret of a destination.
public struct Secret: Sendable, Hashable {
    /// The value, for the library that needs it.
    let bytes: [UInt8]

    /// A secret.
    ///
    /// - Parameter text: Its value.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A mask.
    public var description: String { "***" }
    /// A mask.
    public var debugDescription: String { "***" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
