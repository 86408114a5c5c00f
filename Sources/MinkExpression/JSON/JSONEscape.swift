// One escape in a JSON text: \n, \", \u00e9, or a pair \ud83d\ude00.

/// What an escape means, and how long it is.
struct JSONEscape {
    enum Mistake {
        /// No such escape, or not four hexadecimal digits.
        case unknown
        /// Half of a pair.
        case loneSurrogate
    }

    /// The character; of a mistake the backslash itself, or U+FFFD for half a pair.
    let scalar: Unicode.Scalar
    /// How many bytes belong to it; of an unknown escape the backslash alone.
    let length: Int
    let mistake: Mistake?

    /// Reads the escape whose backslash stands at a place.
    init(in bytes: [UInt8], at start: Int, before end: Int) {
        guard start + 1 < end else {
            self = .unknown
            return
        }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): self = .short("\"")
        case UInt8(ascii: "\\"): self = .short("\\")
        case UInt8(ascii: "/"): self = .short("/")
        case UInt8(ascii: "b"): self = .short("\u{8}")
        case UInt8(ascii: "f"): self = .short("\u{C}")
        case UInt8(ascii: "n"): self = .short("\n")
        case UInt8(ascii: "r"): self = .short("\r")
        case UInt8(ascii: "t"): self = .short("\t")
        case UInt8(ascii: "u"): self = .unit(in: bytes, at: start, before: end)
        default: self = .unknown
        }
    }

    private init(_ scalar: Unicode.Scalar, length: Int, mistake: Mistake? = nil) {
        self.scalar = scalar
        self.length = length
        self.mistake = mistake
    }

    private static let unknown = JSONEscape("\\", length: 1, mistake: .unknown)

    private static func short(_ scalar: Unicode.Scalar) -> JSONEscape {
        JSONEscape(scalar, length: 2)
    }

    /// `\uXXXX`, or two of them that make one character.
    private static func unit(in bytes: [UInt8], at start: Int, before end: Int) -> JSONEscape {
        guard let first = hexadecimal(in: bytes, at: start + 2, before: end) else { return unknown }
        if let scalar = Unicode.Scalar(first) { return JSONEscape(scalar, length: 6) }
        let lone = JSONEscape("\u{FFFD}", length: 6, mistake: .loneSurrogate)
        guard first < 0xDC00, start + 8 <= end, bytes[start + 6] == UInt8(ascii: "\\"),
            bytes[start + 7] == UInt8(ascii: "u"),
            let second = hexadecimal(in: bytes, at: start + 8, before: end),
            (0xDC00...0xDFFF).contains(second)
        else { return lone }
        let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(code) else { return lone }
        return JSONEscape(scalar, length: 12)
    }

    /// Four hexadecimal digits.
    private static func hexadecimal(
        in bytes: [UInt8], at start: Int, before end: Int
    ) -> UInt16? {
        guard start + 4 <= end else { return nil }
        var code: UInt16 = 0
        for place in start..<start + 4 {
            let byte = bytes[place]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            code = code << 4 | UInt16(digit)
        }
        return code
    }
}
