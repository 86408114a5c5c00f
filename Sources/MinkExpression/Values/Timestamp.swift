// A moment in time, as RFC 3339 writes it: years 1 to 9999, exact to the nanosecond, always UTC.

/// A moment in time.
public struct Timestamp: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z, negative before.
    public let seconds: Int64

    /// Nanoseconds behind the second, 0 to 999,999,999.
    public let nanoseconds: Int32
}
