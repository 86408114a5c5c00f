// What a line about health counts, on a connection of the pool.
package import MinkStore

extension PostgresStore: StoreCensus {
    package func newestPosition() async throws(StoreError) -> Int64 {
        try await asked { session throws(StoreError) in
            try session.read(.newestPosition).first { $0.integer() } ?? 0
        }
    }

    package func countRunning(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> RunningCount {
        try await asked { session throws(StoreError) in
            try session.read(.countRunning, Parameters().add(sequence).add(limit)).first { row in
                RunningCount(running: row.int(), incidents: row.int(), last: row.integerOrNil())
            } ?? RunningCount(running: 0, incidents: 0, last: nil)
        }
    }
}

extension Statement {
    static let newestPosition = Statement(
        "newest_position", "select position from events order by position desc limit 1")

    /// Only a body that may have an incident is read as JSON.
    static let countRunning = Statement(
        "count_running",
        """
        select count(*) filter (where status is not null),
            coalesce(sum(case when position('\(InstanceFilter.Content.incidents.mark)'::bytea in body) > 0
                then json_array_length(convert_from(body, 'UTF8')::json -> 'incidents')
                else 0 end), 0),
            max(place)
        from (select place, status, body from sagas
            where ended is null and place > $1::bigint order by place limit $2::bigint) s
        """)
}
