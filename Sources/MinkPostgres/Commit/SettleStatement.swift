// What stands beside the turns of a batch: settled commands with their answers, and what is gone.
import MinkEngine
import MinkStore

extension Statement {
    /// The row of the outbox is the token: only who deletes it appends the answer.
    ///
    /// $11 names the command of each event; $12 says of an event that its command was emitted by
    /// the same batch, and counts as having been there.
    static let settle = Statement(
        "settle",
        """
        with d as (delete from outbox where id = any($13::text[]) returning id)
        insert into events(tenant, id, type, stream, time, time_nanos, correlation, causation,
            entries, data, appended, appended_nanos)
        select x.tenant, x.id, x.type, x.stream, x.time, x.time_nanos, x.correlation, x.causation,
            x.entries, x.data, x.time, x.time_nanos
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
                $6::smallint[], $7::text[], $8::text[], $9::bytea[], $10::bytea[], $11::text[],
                $12::boolean[])
            x(tenant, id, type, stream, time, time_nanos, correlation, causation, entries, data,
                command, is_passing)
        where x.is_passing or x.command in (select id from d)
        on conflict (tenant, id) do nothing returning tenant, id, position
        """)

    static let takeBack = Statement("take_back", "delete from outbox where id = any($1::text[])")

    static let addSeen = Statement(
        "add_seen",
        """
        insert into seen_values(saga, event, value)
        select * from unnest($1::bigint[], $2::text[], $3::text[]) on conflict do nothing
        """)

    /// Removes instances in the versions that were known, with all that belongs to them.
    static let removeSagas = Statement(
        "remove_sagas",
        """
        with
        s as (
            delete from sagas s
            using (select y.spot from unnest($1::bigint[], $2::bigint[]) x(saga, version),
                lateral (select z.ctid as spot from sagas z where z.saga = x.saga
                    and z.version = x.version offset 0) y) x
            where s.ctid = x.spot returning 1),
        h as (delete from history where saga = any($1::bigint[])),
        v as (delete from seen_values where saga = any($1::bigint[])),
        t as (
            delete from timers t
            using (select y.spot
                from unnest($3::smallint[], $4::timestamptz[], $5::smallint[], $6::bigint[],
                        $7::smallint[], $8::bigint[])
                    x(part, due, due_nanos, saga, kind, number),
                lateral (select z.ctid as spot from timers z where z.part = x.part
                    and z.due = x.due and z.due_nanos = x.due_nanos and z.kind = x.kind
                    and z.saga = x.saga and z.number = x.number limit 1) y) x
            where t.ctid = x.spot)
        select expect('version', (select count(*) from s), cardinality($1::bigint[]))
        """)

    /// The fence alone, for work that is no batch.
    static let checkFence = Statement(
        "check_fence",
        """
        with f as materialized (
            select lane from lanes where lane = $1::bigint and epoch = $2::bigint
            for no key update)
        select expect('fence', (select count(*) from f), 1)
        """)

    /// Answers that a batch has appended.
    static let answersOfTransaction = Statement(
        "answers_of_transaction",
        "select tenant, id, position from events where tx = $1::text::xid8")
}

/// The calls that settle a batch, apart from its turns.
struct BatchSettling {
    /// Answers whose commands are settled by the batch.
    let answers: [Answer]
    private let batch: TurnBatch
    private let plan: BatchPlan

    init(_ batch: TurnBatch, _ plan: BatchPlan) {
        self.batch = batch
        self.plan = plan
        let settled = Set(batch.settled)
        answers = batch.answers.filter { settled.contains($0.command) }
    }

    /// Settles commands; `nil` when none is.
    func settle() throws(StoreError) -> Call? {
        guard !batch.settled.isEmpty else { return nil }
        let emitted = Set(batch.turns.flatMap { $0.decision.commands.map(\.id) })
        return Statement.settle.with(
            try EventTable.parameters(answers.map(\.event)).add(answers.map(\.command))
                .add(answers.map { emitted.contains($0.command) }).add(batch.settled.sorted()))
    }

    /// What goes before the turns, because they may begin anew under the same keys.
    func before() -> [Call] {
        guard !plan.removals.isEmpty else { return [] }
        return [Self.remove(plan.removals)]
    }

    /// What goes behind turns and answers.
    func after() throws(StoreError) -> [Call] {
        var calls: [Call] = []
        if let patches = CommandPatches(batch).call { calls.append(patches) }
        let gone = batch.turns.flatMap { $0.decision.withdrawn + $0.decision.released }
        if !gone.isEmpty { calls.append(Statement.takeBack.with(Parameters().add(gone.sorted()))) }
        if !plan.seen.isEmpty {
            calls.append(
                Statement.addSeen.with(
                    Parameters().add(plan.seen.map(\.saga)).add(plan.seen.map(\.value.event))
                        .add(plan.seen.map(\.value.value))))
        }
        if !plan.letters.isEmpty { calls.append(try DeadLetterTable.appending(plan.letters)) }
        if !batch.judgedActions.isEmpty {
            calls.append(
                OperatorInputTable.judging(batch.judgedActions, refusals: batch.refusals))
        }
        if !batch.audit.isEmpty { calls.append(try AuditTable.appending(batch.audit)) }
        if !batch.notes.isEmpty { calls.append(NoteTable.saving(batch.notes)) }
        return calls
    }

    /// Removes instances, each with the partition that it is in.
    static func remove(_ sagas: [(part: Int16, head: SagaHead)]) -> Call {
        let timers = sagas.flatMap { saga in
            saga.head.timers.map { (part: saga.part, saga: saga.head.saga, timer: $0) }
        }
        return Statement.removeSagas.with(
            Parameters().add(sagas.map(\.head.saga)).add(sagas.map(\.head.version))
                .add(timers.map(\.part)).add(timers.map { Optional($0.timer.due) })
                .add(timers.map(\.saga)).add(timers.map { Int16($0.timer.kind.rawValue) })
                .add(timers.map { Int64($0.timer.number) }))
    }
}
