// base64.encode and base64.decode.
enum EncodingFunctions {
    static let all: [LibraryFunction] = [
        .global(
            "base64.encode", Signature(.bytes, gives: .string),
            body: .unary { machine, bytes in
                guard bytes.tag == .bytes else { return .noOverload(bytes) }
                let (groups, rest) = bytes.count.quotientAndRemainder(dividingBy: 3)
                return machine.makeBytes(.string, count: (groups + (rest > 0 ? 1 : 0)) * 4) {
                    encode(bytes.utf8, into: $0)
                }
            }),
        .global(
            "base64.decode", Signature(.string, gives: .bytes),
            body: .unary { machine, text in
                guard text.tag == .string else { return .noOverload(text) }
                guard machine.charge(bytes: text.count) else { return machine.exhausted }
                guard let bytes = decode(text.utf8) else { return .error(.badConversion) }
                return machine.makeBytes(.bytes, bytes)
            }),
    ]

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let padding = UInt8(ascii: "=")

    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, into text: UnsafeMutableBufferPointer<UInt8>
    ) {
        for group in 0..<text.count / 4 {
            let part = bytes[(group * 3)..<min(group * 3 + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in part { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - part.count))
            for place in 0..<4 {
                let digit = Int(bits >> UInt32(18 - 6 * place) & 0x3F)
                text[group * 4 + place] = place <= part.count ? alphabet[digit] : padding
            }
        }
    }

    /// The bytes; the padding at the end may be left out. `nil` for what is no Base64.
    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var end = text.count
        while end > 0, text.count - end < 2, text[end - 1] == padding { end -= 1 }
        guard end == text.count || text.count % 4 == 0, end % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for letter in text[..<end] {
            guard let digit = alphabet.firstIndex(of: letter) else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return bits == 0 ? bytes : nil
    }
}
