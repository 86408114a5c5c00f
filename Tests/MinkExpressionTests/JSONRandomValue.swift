// Draws values at random, the same ones for the same seed.

import MinkExpression

/// A generator whose numbers follow from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func pick(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

extension Value {
    /// Any value at all, with the odd ones more often than their share.
    static func random(using generator: inout SeededGenerator, depth: Int = 4) -> Value {
        switch generator.pick(depth > 0 ? 15 : 12) {
        case 0: .null
        case 1: .bool(generator.pick(2) == 0)
        case 2: .int([0, -1, .min, .max, 7][generator.pick(5)])
        case 3: .int(Int64(truncatingIfNeeded: generator.next()))
        case 4: .uint([0, .max, generator.next()][generator.pick(3)])
        case 5: .double(oddDoubles[generator.pick(oddDoubles.count)])
        case 6: .double(Double(bitPattern: generator.next()))
        case 7: .decimal(randomDecimal(&generator))
        case 8: .string(randomText(&generator))
        case 9:
            .bytes(
                (0..<generator.pick(7)).map { _ in UInt8.random(in: 0...255, using: &generator) })
        case 10: randomTime(&generator)
        case 11: .type(randomText(&generator))
        case 12:
            .list((0..<generator.pick(5)).map { _ in random(using: &generator, depth: depth - 1) })
        default: .map(randomMap(&generator, depth))
        }
    }

    private static let oddDoubles: [Double] = [
        0, -0.0, 1, 7, 1e16, 1e-5, 1e300, Double.leastNonzeroMagnitude, .infinity, -.infinity, .nan,
        .signalingNaN, 0.1, .greatestFiniteMagnitude,
    ]

    private static func randomDecimal(_ generator: inout SeededGenerator) -> ExactDecimal {
        let digits = Int128(truncatingIfNeeded: generator.next()) << 64 | Int128(generator.next())
        let power = ExactDecimal.powersOfTen[1 + generator.pick(38)]
        return ExactDecimal(mantissa: digits % Int128(power), scale: generator.pick(39)) ?? .zero
    }

    private static func randomTime(_ generator: inout SeededGenerator) -> Value {
        if generator.pick(2) == 0 {
            let attoseconds = Int128(truncatingIfNeeded: generator.next()) << generator.pick(64)
            return .duration(Duration(attoseconds: attoseconds))
        }
        let seconds = Int64.random(in: Timestamp.range, using: &generator)
        let nanoseconds = Int32.random(in: 0..<1_000_000_000, using: &generator)
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds).map(Value.timestamp) ?? .null
    }

    private static func randomText(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "$", "$uint", "$map", "a", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "e\u{301}", "😀",
            "\u{2028}", "/", " ", "\u{7F}", "\u{FFFF}",
        ]
        return (0..<generator.pick(5)).map { _ in pieces[generator.pick(pieces.count)] }.joined()
    }

    private static func randomMap(_ generator: inout SeededGenerator, _ depth: Int) -> ValueMap {
        var map = ValueMap()
        let isOdd = generator.pick(3) == 0
        for _ in 0..<generator.pick(4) {
            let key: ValueKey =
                switch isOdd ? generator.pick(4) : 0 {
                case 1: .int(Int64(generator.pick(3)))
                case 2: .uint(UInt64(generator.pick(5)))
                case 3: .bool(generator.pick(2) == 0)
                default: .string(randomText(&generator))
                }
            map[key] = random(using: &generator, depth: depth - 1)
        }
        return map
    }
}
