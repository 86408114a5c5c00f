// What a line about health counts.
package import MinkStore

extension SQLiteStore: StoreCensus {
    package func newestPosition() async throws(StoreError) -> Int64 {
        try locked { session throws(StoreError) in
            try session.connection.integer("select coalesce(max(position), 0) from events")
        }
    }

    package func countRunning(
        after sequence: Int64, limit: Int
    ) async throws(StoreError) -> RunningCount {
        try locked { session throws(StoreError) in
            // Only a body that may have an incident is read as JSON.
            let statement = Statement(
                """
                select coalesce(sum(status is not null), 0),
                    coalesce(sum(case when instr(body, '\(InstanceFilter.Content.incidents.mark)') > 0
                        then json_array_length(body, '$.incidents') else 0 end), 0),
                    max(place) is null, max(place)
                from (select place, status, body from sagas
                    where ended is null and place > ? order by place limit ?)
                """, on: session.connection)
            return try statement.bind(sequence).bind(limit).first { row in
                RunningCount(
                    running: row.int(), incidents: row.int(),
                    last: row.flag() ? nil : row.integer())
            } ?? RunningCount(running: 0, incidents: 0, last: nil)
        }
    }
}
