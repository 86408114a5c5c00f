// Instances: what queries ask for stands in columns, the rest in the body.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

/// What a commit has to know of a stored instance.
struct SagaHead: StoredHead {
    /// The row.
    let saga: Int64
    var version: Int64
    /// Whether it has started; before, only held events are known under its key.
    var hasStarted: Bool
    var ended: Timestamp?
    var isStored: Bool
    /// The timers that are stored; `nil` when nobody has looked.
    var timers: [Timer]?
}

final class SagaTable {
    private let selectHead: Statement
    private let selectBody: Statement
    private let insert: Statement
    private let update: Statement
    private let updateMarks: Statement
    private let delete: Statement
    private let selectEnded: Statement
    private var nextSaga: Int64
    private var nextPlace: Int64
    /// What is known of instances that were written lately: the file is ours alone.
    private var heads: [InstanceID: SagaHead] = [:]
    private static let mostHeads = 10_000

    /// Instances that have not started stand behind all that have.
    private static let heldPlaces: Int64 = 1 << 62

    init(_ connection: Connection) throws(StoreError) {
        selectHead = connection.statement(
            """
            select id, version, status is not null, ended, ended_nanos
            from sagas where tenant = ? and workflow = ? and key = ?
            """)
        selectBody = connection.statement(
            "select id, version, body from sagas where tenant = ? and workflow = ? and key = ?")
        insert = connection.statement(
            """
            insert into sagas(version, status, state, definition_version, fingerprint, body,
                place, correlation, ended, ended_nanos, id, tenant, workflow, key)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        update = connection.statement(
            """
            update sagas set version = ?, status = ?, state = ?, definition_version = ?,
                fingerprint = ?, body = ?
            where id = ?
            """)
        // Apart from the update above, because it costs every index of the table.
        updateMarks = connection.statement(
            """
            update sagas set place = coalesce(?, place), correlation = ?, ended = ?,
                ended_nanos = ?
            where id = ?
            """)
        delete = connection.statement("delete from sagas where id = ?")
        selectEnded = connection.statement(
            """
            select id, tenant, workflow, key from sagas
            where workflow = ? and ended is not null and (ended, ended_nanos) < (?, ?)
                and not exists (select 1 from outbox where outbox.saga = sagas.id)
            order by ended, ended_nanos limit ?
            """)
        nextSaga = try connection.integer("select coalesce(max(id), 0) + 1 from sagas")
        nextPlace = try connection.integer(
            "select coalesce(max(place), 0) + 1 from sagas where place < \(Self.heldPlaces)")
    }

    /// The stored instance with this name; one that is not stored yet has version 0.
    func head(of id: InstanceID) throws(StoreError) -> SagaHead {
        if let known = heads[id] { return known }
        let stored = try selectHead.bind(id).first { row throws(StoreError) in
            SagaHead(
                saga: row.integer(), version: row.integer(), hasStarted: row.flag(),
                ended: try row.momentOrNil(), isStored: true)
        }
        if let stored { return stored }
        defer { nextSaga += 1 }
        return SagaHead(
            saga: nextSaga, version: 0, hasStarted: false, ended: nil, isStored: false, timers: [])
    }

    /// Notes how an instance was written.
    func remember(_ instance: Instance, in head: SagaHead) {
        // What ended is rarely written again.
        guard instance.endedAt == nil else { return forgetHead(of: instance.id) }
        if heads.count >= Self.mostHeads { forgetHeads() }
        heads[instance.id] = SagaHead(
            saga: head.saga, version: head.version, hasStarted: instance.status != nil, ended: nil,
            isStored: true, timers: instance.runningTimers)
    }

    func forgetHead(of id: InstanceID) { heads[id] = nil }

    /// Forgets what is known, because it may have been undone.
    func forgetHeads() { heads = [:] }

    /// Writes an instance in its new version.
    func write(_ instance: Instance, over head: SagaHead) throws(StoreError) {
        let correlation = instance.origin.correlationID
        let hasStarted = instance.status != nil
        let isStarting = hasStarted && !head.hasStarted
        if head.isStored {
            try bindState(update, instance, head.version).bind(head.saga).run()
            guard isStarting || instance.endedAt != head.ended else { return }
            try updateMarks.bind(isStarting ? takePlace() : nil).bind(correlation)
                .bind(instance.endedAt).bind(head.saga).run()
        } else {
            let place = hasStarted ? takePlace() : Self.heldPlaces + head.saga
            try bindState(insert, instance, head.version).bind(place).bind(correlation)
                .bind(instance.endedAt).bind(head.saga).bind(instance.id).run()
        }
    }

    private func takePlace() -> Int64 {
        defer { nextPlace += 1 }
        return nextPlace
    }

    private func bindState(
        _ statement: Statement, _ instance: Instance, _ version: Int64
    ) throws(StoreError) -> Statement {
        let body = try StoredForm.encode(instance)
        return statement.bind(version).bind(instance.status?.rawValue).bind(instance.state)
            .bind(instance.definition.version).bind(instance.definition.fingerprint)
            .bind(utf8: body)
    }

    /// The row, the version and the state of an instance; `nil` when none is stored.
    func load(
        _ id: InstanceID
    ) throws(StoreError) -> (saga: Int64, version: Int64, instance: Instance)? {
        try selectBody.bind(id).first { row throws(StoreError) in
            let (saga, version) = (row.integer(), row.integer())
            return (saga, version, try StoredForm.decode(Instance.self, from: row.utf8()))
        }
    }

    func remove(_ saga: Int64) throws(StoreError) {
        try delete.bind(saga).run()
    }

    /// Instances that ended before a moment and have nothing left to deliver, the oldest first.
    func ended(
        of workflow: String, before moment: Timestamp, limit: Int
    ) throws(StoreError) -> [(Int64, InstanceID)] {
        try selectEnded.bind(workflow).bind(moment).bind(limit).rows { row in
            (
                row.integer(),
                InstanceID(
                    tenant: row.text(), workflow: row.text(), key: InstanceKey(stored: row.text()))
            )
        }
    }
}

extension Statement {
    /// Binds three columns: tenant, workflow and key.
    func bind(_ id: InstanceID) -> Statement {
        bind(id.tenant).bind(id.workflow).bind(id.key.stored)
    }
}
