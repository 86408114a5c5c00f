// math.bitAnd, bitOr, bitXor, bitNot, bitShiftLeft, bitShiftRight.
enum BitFunctions {
    static let all: [LibraryFunction] = [
        pair("math.bitAnd") { $0 & $1 },
        pair("math.bitOr") { $0 | $1 },
        pair("math.bitXor") { $0 ^ $1 },
        .global(
            "math.bitNot", Signature(.int, gives: .int), Signature(.uint, gives: .uint),
            body: .unary { _, value in
                guard value.tag == .int || value.tag == .uint else { return .noOverload(value) }
                return Cell(value.tag, bits: ~value.bits)
            }),
        shift("math.bitShiftLeft") { $0 << $1 },
        shift("math.bitShiftRight") { $0 >> $1 },
    ]

    private static func pair(
        _ name: String, _ body: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> LibraryFunction {
        .global(
            name, Signature(.int, .int, gives: .int), Signature(.uint, .uint, gives: .uint),
            body: .binary { _, left, right in
                guard left.tag == right.tag, left.tag == .int || left.tag == .uint else {
                    return .noOverload(left, right)
                }
                return Cell(left.tag, bits: body(left.bits, right.bits))
            })
    }

    /// Shifts the bits; the sign is a bit like the others.
    private static func shift(
        _ name: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64
    ) -> LibraryFunction {
        .global(
            name, Signature(.int, .int, gives: .int), Signature(.uint, .int, gives: .uint),
            body: .binary { _, value, count in
                guard count.tag == .int, value.tag == .int || value.tag == .uint else {
                    return .noOverload(value, count)
                }
                guard count.int >= 0 else { return .error(.badArgument) }
                return Cell(value.tag, bits: count.int > 63 ? 0 : body(value.bits, count.int))
            })
    }
}
