// Ids that follow from what they are about: the same in every engine and after every crash.
import MinkDefinition

/// Ids of commands and answers.
package enum DerivedID {
    /// An id in the form of a UUID, from its parent's id and what tells it from its siblings.
    ///
    /// The leading 6 bytes are the parent's when that is a UUID, so that ids made one after the
    /// other stand close together in an index.
    package static func make(parent: String, parts: [String]) -> String {
        var text: [UInt8] = Array(parent.utf8)
        for part in parts {
            text.append(0)
            text.append(contentsOf: part.utf8)
        }
        var bytes = Array(Digest.sha256(text).prefix(16))
        if let leading = leadingBytes(of: parent) {
            bytes.replaceSubrange(0..<6, with: leading)
        }
        bytes[6] = bytes[6] & 0x0F | 0x80  // Version 8: made by a rule of our own (RFC 9562).
        bytes[8] = bytes[8] & 0x3F | 0x80
        return written(bytes)
    }

    /// 16 bytes in the form of a UUID.
    private static func written(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var end = 0
            for (index, byte) in bytes.enumerated() {
                if [4, 6, 8, 10].contains(index) {
                    buffer[end] = UInt8(ascii: "-")
                    end += 1
                }
                buffer[end] = Digest.hexadecimalDigit(byte >> 4)
                buffer[end + 1] = Digest.hexadecimalDigit(byte & 15)
                end += 2
            }
            return end
        }
    }

    private static func number(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The first 6 bytes of a UUID; `nil` when the text is none.
    private static func leadingBytes(of id: String) -> [UInt8]? {
        let bytes = Array(id.utf8)
        guard bytes.count == 36, [8, 13, 18, 23].allSatisfy({ bytes[$0] == UInt8(ascii: "-") })
        else { return nil }
        let digits = bytes[0..<8] + bytes[9..<13]
        var leading: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = number(digit) else { return nil }
            if let first = high {
                leading.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return leading
    }
}

extension Instance {
    /// The instance's own id, in the form of a UUID.
    package var uuid: String {
        DerivedID.make(parent: seed, parts: [id.tenant, id.workflow, id.key.stored])
    }

    /// The id of the command with this number.
    package func commandID(number: Int) -> String {
        DerivedID.make(
            parent: seed, parts: [id.tenant, id.workflow, id.key.stored, String(number)])
    }
}
