// How a store uses its database.

/// What an operator may choose about a PostgreSQL store.
public struct PostgresOptions: Sendable {
    /// How long a process may be silent before another one takes over its work; 10 s unless told.
    ///
    /// Renewed at a third of it.
    public var leaseTime: Duration = .seconds(10)
    /// The longest that one statement may take; 30 s unless told.
    public var statementLimit: Duration = .seconds(30)
    /// The longest wait for a lock; 5 s unless told.
    public var lockLimit: Duration = .seconds(5)
    /// The longest wait for a connection; 10 s unless told.
    public var connectLimit: Duration = .seconds(10)
    /// How many connections serve what is not the engine's own work; 2 unless told.
    public var poolSize = 2
    /// Whether processes that share the database wake each other with `NOTIFY`.
    ///
    /// Without it, and behind a pooler, each looks by itself about once a second.
    public var wakesOthers = true
    /// Whether a server may be used that can lose what it has confirmed; never in production.
    public var allowDataLoss = false

    /// Options that suit production.
    public init() {}

    var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connect = connectLimit
        limits.statement = statementLimit
        limits.lock = lockLimit
        // A process that was held must not hold its rows beyond its lease.
        limits.idleInTransaction = leaseTime / 2
        return limits
    }
}
