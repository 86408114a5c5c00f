// How a session works at the server: where its tables are, how long it waits, how it plans.
import MinkStore

/// The settings of a session, or of one transaction.
struct SessionSettings: Sendable {
    private let values: [(name: String, value: String)]

    init(_ address: Address) {
        let limits = address.options.limits
        values = [
            ("search_path", address.schema.quoted),
            ("statement_timeout", "\(limits.statement.milliseconds)"),
            ("lock_timeout", "\(limits.lock.milliseconds)"),
            (
                "idle_in_transaction_session_timeout",
                "\(limits.idleInTransaction.milliseconds)"
            ),
            // Plans that hold for empty and for full tables.
            ("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"),
            ("enable_bitmapscan", "off"), ("enable_mergejoin", "off"), ("jit", "off"),
        ]
    }

    /// Settings for the whole session, as a script.
    var script: String {
        values.map { "select set_config('\($0.name)', \(Self.literal($0.value)), false);" }
            .joined()
                + """
                set tcp_keepalives_idle = 10;
                set tcp_keepalives_interval = 5;
                set tcp_keepalives_count = 3;
                set default_transaction_isolation = 'read committed'
                """
    }

    /// The beginning of a transaction that has the settings, as a script.
    ///
    /// The isolation stands in it: behind the first query it can not be chosen any more.
    func beginning(_ isolation: String) -> String {
        "begin isolation level \(isolation);" + local
    }

    /// The settings for the transaction in which this is the first call.
    var call: Call { Statement("settings", local).with(Parameters()) }

    private var local: String {
        "select "
            + values.map { "set_config('\($0.name)', \(Self.literal($0.value)), true)" }
            .joined(separator: ", ")
    }

    private static func literal(_ text: String) -> String {
        "'"
            + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
    }
}
