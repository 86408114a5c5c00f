// When the next try is due. Jitter is drawn from the command's id and the number of the try, so a
// replay waits as long as the run that it replays.
package import MinkEngine

extension Delivery.Retry {
    /// The wait before the next try.
    ///
    /// - Parameters:
    ///   - made: How many tries were made, from 1.
    ///   - id: The command's id, from which the jitter is drawn.
    /// - Returns: `firstDelay × multiplyBy^(made − 1)`, at most `maxDelay`, times ½ to 1 with
    ///   jitter; `nil` when no tries are left.
    package func delay(afterAttempt made: Int, of id: String) -> Duration? {
        guard made < attempts else { return nil }
        // In floating point, where a policy without measure becomes infinite instead of too large.
        let longest = maxDelay / .seconds(1)
        var seconds = firstDelay / .seconds(1)
        for _ in 1..<max(1, min(made, 1_000)) where seconds < longest {
            seconds *= max(multiplyBy, 0)
        }
        let delay = seconds < longest ? Duration.seconds(seconds) : maxDelay
        return jitter ? delay * Self.fraction(of: id, attempt: made) : delay
    }

    /// A number from ½ to 1 that looks random and follows from its arguments (FNV-1a).
    private static func fraction(of id: String, attempt: Int) -> Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ UInt64(truncatingIfNeeded: attempt)) &* 0x100_0000_01b3
        hash ^= hash >> 32
        return 0.5 + Double(hash % 1_000_000) / 2_000_000
    }
}
