// Texts as the server can keep them: PostgreSQL has no text with a zero byte.
//
// U+0000 becomes U+0001 "0", and U+0001 becomes U+0001 "1"; all other texts stay as they are.

enum ServerText {
    private static let escape: UInt8 = 1

    /// The bytes that are sent.
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return bytes
    }

    /// Appends the bytes that are sent.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { plain in
            guard plain.contains(where: { $0 <= escape }) else {
                bytes.append(contentsOf: plain)
                return
            }
            for byte in plain {
                if byte <= escape { bytes.append(escape) }
                bytes.append(byte <= escape ? UInt8(ascii: "0") + byte : byte)
            }
        }
    }

    /// The text that was sent.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.contains(escape) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                plain.append(byte &- UInt8(ascii: "0"))
                isEscaped = false
            } else if byte == escape {
                isEscaped = true
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
