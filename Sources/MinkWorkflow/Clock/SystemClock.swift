// The machine's clock.
import Glibc
public import MinkExpression

/// The machine's clock, in UTC.
public struct SystemClock: WorkflowClock {
    /// The machine's clock.
    public init() {}

    /// The present moment.
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec)) ?? .latest
    }
}
