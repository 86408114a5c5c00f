// The machine's clocks: the time of day for signatures, and time that only goes forward for limits.
import Glibc
package import MinkExpression

/// Reads the machine's clocks.
package enum MachineTime {
    /// The time of day, in UTC.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec)) ?? .latest
    }
}

extension Duration {
    /// Whole milliseconds, rounded up and never negative.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        let (thousands, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow, thousands < 1 << 53 else { return seconds < 0 ? 0 : 1 << 53 }
        return max(0, Int(thousands + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
