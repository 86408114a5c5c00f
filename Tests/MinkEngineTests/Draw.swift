// Drawn numbers: the same seed draws the same run, on every machine.
import Glibc

/// A small generator of random numbers (SplitMix64).
struct Draw {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to a bound that is not reached.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// How many runs to draw: few, unless `MINK_ROUNDS` asks for more.
    static func rounds(_ usual: Int) -> Int {
        guard let text = getenv("MINK_ROUNDS"), let more = Int(String(cString: text)) else {
            return usual
        }
        return more
    }
}
