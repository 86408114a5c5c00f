// How long one waits for a server, and for what it does.

/// Limits of waiting, for one connection.
struct ConnectionLimits: Sendable {
    /// For the connection to be made.
    var connect: Duration = .seconds(10)
    /// For one statement, by the server's clock.
    var statement: Duration = .seconds(30)
    /// For a lock.
    var lock: Duration = .seconds(5)
    /// For the next statement of an open transaction, which others may wait for.
    var idleInTransaction: Duration = .seconds(5)

    /// For an answer, by our clock: a little longer than the server gives itself.
    var answer: Duration { statement + .seconds(5) }
}
