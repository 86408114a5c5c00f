// Instances: what queries ask for stands in columns, the rest in the body.
import MinkEngine
import MinkExpression
import MinkStore

/// A stored instance and its row.
struct LoadedSaga {
    let saga: Int64
    let version: Int64
    let instance: Instance
}

enum SagaTable {
    /// The rows of instances, without their outstanding commands.
    static func load(
        _ ids: [InstanceID], _ session: Session
    ) throws(StoreError) -> [InstanceID: LoadedSaga] {
        var found: [InstanceID: LoadedSaga] = [:]
        for saga in try loaded(session.read(.sagasByName, names(ids))) {
            found[saga.instance.id] = saga
        }
        return found
    }

    /// The rows of instances, and of each the commands that are outstanding.
    static func loadWhole(
        _ ids: [InstanceID], _ session: Session
    ) throws(StoreError) -> [InstanceID: LoadedSaga] {
        let rows = try session.pipeline([
            Statement.sagasByName.with(names(ids)), Statement.outstanding.with(names(ids)),
        ])
        var outstanding: [Int64: [OutstandingCommand]] = [:]
        let commands = try rows[1].map { row throws(StoreError) in
            let (saga, attempts, isExhausted) = (row.integer(), row.int(), row.flag())
            let command = try StoredForm.decode(CommandRecord.self, from: row.bytes())
            return (
                saga, OutstandingCommand(command, attempts: attempts, isExhausted: isExhausted)
            )
        }
        for (saga, command) in commands { outstanding[saga, default: []].append(command) }
        var found: [InstanceID: LoadedSaga] = [:]
        for saga in try loaded(rows[0]) {
            var instance = saga.instance
            instance.outstanding = outstanding[saga.saga] ?? []
            found[instance.id] = LoadedSaga(
                saga: saga.saga, version: saga.version, instance: instance)
        }
        return found
    }

    private static func names(_ ids: [InstanceID]) -> Parameters {
        Parameters().add(ids.map(\.tenant)).add(ids.map(\.workflow)).add(ids.map(\.key.stored))
    }

    private static func loaded(_ rows: ResultRows) throws(StoreError) -> [LoadedSaga] {
        try rows.map { row throws(StoreError) in
            LoadedSaga(
                saga: row.integer(), version: row.integer(),
                instance: try StoredForm.decode(Instance.self, from: row.bytes()))
        }
    }

    /// Instances that ended before a moment and have nothing left to deliver, the oldest first.
    static func ended(
        of workflow: String, before moment: Timestamp, in partitions: [Int16], limit: Int,
        _ session: Session
    ) throws(StoreError) -> [LoadedSaga] {
        try loaded(
            session.run(
                .endedSagas, Parameters().add(workflow).add(moment).add(limit).add(partitions)))
    }

    static func seen(
        _ values: [SeenValue], by id: InstanceID, _ session: Session
    ) throws(StoreError) -> Set<SeenValue> {
        let found = try session.read(
            .seenValues,
            Parameters().add(id.tenant).add(id.workflow).add(id.key.stored)
                .add(values.map(\.event)).add(values.map(\.value))
        ).map { $0.int() }
        return Set(found.compactMap { values.indices.contains($0 - 1) ? values[$0 - 1] : nil })
    }
}

extension Statement {
    static let sagasByName = Statement(
        "sagas_by_name",
        """
        select s.saga, s.version, s.body
        from unnest($1::text[], $2::text[], $3::text[]) x(tenant, workflow, key),
            lateral (select * from sagas z where z.tenant = x.tenant
                and z.workflow = x.workflow and z.key = x.key offset 0) s
        """)

    static let outstanding = Statement(
        "outstanding",
        """
        select s.saga, o.attempts, o.is_exhausted, o.body
        from unnest($1::text[], $2::text[], $3::text[]) x(tenant, workflow, key),
            lateral (select z.saga from sagas z where z.tenant = x.tenant
                and z.workflow = x.workflow and z.key = x.key offset 0) s,
            lateral (select * from outbox z where z.saga = s.saga
                order by z.sequence offset 0) o
        order by o.sequence
        """)

    static let endedSagas = Statement(
        "ended_sagas",
        """
        select saga, version, body from sagas
        where workflow = $1::text and ended is not null
            and (ended, ended_nanos) < ($2::timestamptz, $3::smallint)
            and part = any($5::smallint[])
            and not exists (select 1 from outbox z where z.saga = sagas.saga offset 0)
        order by ended, ended_nanos limit $4::bigint
        """)

    static let seenValues = Statement(
        "seen_values",
        """
        select x.number
        from (select saga from sagas
                where tenant = $1::text and workflow = $2::text and key = $3::text) s,
            unnest($4::text[], $5::text[]) with ordinality x(event, value, number),
            lateral (select 1 from seen_values z where z.saga = s.saga and z.event = x.event
                and z.value = x.value offset 0) v
        """)
}
