// Text as the value of an HTTP header: what could end the line, or is no plain ASCII, is written as
// a percent sign and two digits, so that a key can never add a header of its own.
import MinkDefinition

/// Writes the values of headers.
enum HeaderText {
    /// The text with "%", control characters and all beyond ASCII written as "%" and two digits.
    static func encode(_ text: String) -> String {
        guard text.utf8.contains(where: needsEncoding) else { return text }
        return encode(text, where: needsEncoding)
    }

    /// The text with the bytes that a rule names written as "%" and two digits.
    static func encode(_ text: String, where needsEncoding: (UInt8) -> Bool) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if needsEncoding(byte) {
                bytes.append(UInt8(ascii: "%"))
                bytes += upperDigits(byte)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text can be the name of a header.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }

    private static func upperDigits(_ byte: UInt8) -> [UInt8] {
        [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x41 + $0 - 10 }
    }

    private static func needsEncoding(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte > 0x7E || byte == UInt8(ascii: "%")
    }
}
