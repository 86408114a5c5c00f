// Instances in lists. One statement for all filters: what is not asked for is null.
import MinkDefinition
import MinkEngine
import MinkStore

enum InstanceQuery {
    static func run(
        _ filter: InstanceFilter, _ session: Session
    ) throws(StoreError) -> [InstanceRow] {
        let statuses = filter.statuses.map { $0.map(\.rawValue).sorted() }
        let areLive = filter.statuses.map { !$0.contains(where: \.isEnded) } ?? false
        let statement: Statement =
            filter.correlationID != nil
            ? .instancesByCorrelation : areLive ? .liveInstances : .instances
        return try session.read(
            statement,
            Parameters().add(filter.after).add(filter.limit).add(filter.tenant)
                .add(filter.workflow).add(filter.key?.stored).add(filter.correlationID)
                .add(statuses == nil).add(statuses ?? [])
                .add([filter.having.map { Array($0.mark.utf8) }])
        ).map { row throws(StoreError) in
            InstanceRow(
                sequence: row.integer(), version: row.integer(),
                instance: try StoredForm.decode(Instance.self, from: row.bytes()))
        }
    }
}

extension Statement {
    /// A list in the order of start, with one more condition that an index knows.
    private static func listing(
        _ name: String, of sagas: String = "sagas", where condition: String
    ) -> Statement {
        Statement(
            name,
            """
            select place, version, body from \(sagas)
            where place > $1::bigint and ($3::text is null or tenant = $3::text)
                and ($4::text is null or workflow = $4::text)
                and ($5::text is null or key = $5::text)
                and \(condition)
                and ($7::boolean or status = any($8::text[]))
                and (($9::bytea[])[1] is null or position(($9::bytea[])[1] in body) > 0)
            order by place limit $2::bigint
            """)
    }

    static let instances = listing("instances", where: "$6::text is null")

    /// For statuses of which none is an end.
    static let liveInstances = listing(
        "live_instances", where: "$6::text is null and ended is null")

    static let instancesByCorrelation = listing(
        "instances_by_correlation",
        of: "(select * from sagas where correlation = $6::text offset 0) s", where: "true")
}
