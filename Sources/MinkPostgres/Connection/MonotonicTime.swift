// Time that only goes forward, for limits of waiting.
import Glibc

/// A moment of the machine's own clock, which no one sets and which runs while the process is held.
struct MonotonicTime: Sendable, Comparable {
    private let nanoseconds: Int64

    private init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    static var now: MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Microseconds since then.
    var microsecondsPassed: Int64 { (Self.now.nanoseconds - nanoseconds) / 1_000 }

    /// The moment halfway to another one.
    func middle(to other: MonotonicTime) -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds + (other.nanoseconds - nanoseconds) / 2)
    }

    /// Milliseconds since then.
    var millisecondsPassed: Int64 { (Self.now.nanoseconds - nanoseconds) / 1_000_000 }

    /// Milliseconds from now on, rounded up; 0 when the moment has passed.
    var millisecondsLeft: Int32 {
        let left = max(0, nanoseconds - Self.now.nanoseconds)
        return Int32(clamping: (left + 999_999) / 1_000_000)
    }
}

extension Duration {
    var nanoseconds: Int64 {
        Int64(clamping: attoseconds / 1_000_000_000)
    }

    var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
