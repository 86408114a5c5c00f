// Writes JSON, by and by, into bytes. Commas come by themselves.
//
//   var writer = JSONWriter()
//   writer.beginObject()
//   writer.name("fact"); writer.string("event")
//   writer.endObject()                            // {"fact":"event"}

/// Writes JSON without white space.
///
/// It trusts the caller that names and values alternate within objects, and that what is begun is
/// ended; it guards against everything that a value may hold.
package struct JSONWriter: Sendable {
    /// What was written.
    package private(set) var bytes: [UInt8]
    /// Whether a value stands before, so that the next one needs a comma.
    private var needsComma = false

    /// A writer that goes on behind other bytes.
    package init(behind bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// What was written, as a text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes the name of the next value.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func null() { token("null") }
    package mutating func bool(_ value: Bool) { token(value ? "true" : "false") }
    package mutating func int(_ value: some BinaryInteger) { token(String(value)) }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes JSON that is known to be right, such as a number or what another writer wrote.
    package mutating func token(_ json: some StringProtocol) {
        separate()
        bytes.append(contentsOf: json.utf8)
    }

    /// Writes JSON that is known to be right.
    package mutating func token(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}

extension JSONWriter {
    /// Writes a text in quotes; escapes only what RFC 8259 demands.
    private mutating func quote(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            guard utf8.contains(where: Self.needsEscape) else {
                return bytes.append(contentsOf: utf8)
            }
            var start = 0
            for place in utf8.indices where Self.needsEscape(utf8[place]) {
                bytes.append(contentsOf: utf8[start..<place])
                escape(utf8[place])
                start = place + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case 0x08: bytes.append(contentsOf: "\\b".utf8)
        case 0x0C: bytes.append(contentsOf: "\\f".utf8)
        default:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
            bytes.append(contentsOf: digits.utf8)
        }
    }
}
