// Tests that load the machine for a minute, or that a busy machine would fail: they run by
// themselves.
import Glibc

/// Tests that want the machine for themselves.
package enum Trials {
    /// Whether they run: `MINK_TRIALS=1`.
    package static var areAsked: Bool {
        getenv("MINK_TRIALS").map { String(cString: $0) } == "1"
    }

    /// The reason that is told when they do not.
    package static let reason = "MINK_TRIALS=1 runs what wants the machine for itself"
}
