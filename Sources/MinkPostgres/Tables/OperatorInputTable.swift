// What people decided. A row is never deleted: it is the record of who did what, and why.
import MinkEngine
import MinkExpression
import MinkStore

enum OperatorInputTable {
    static func append(
        _ action: OperatorAction, on id: InstanceID, by person: String, at now: Timestamp,
        notes: [String: String], letter: Int64?, _ session: Session
    ) throws(StoreError) -> Int64 {
        let body = try StoredForm.encode(action)
        let insert = Statement.insertInput.with(
            Parameters().add(Int64(Partition.number(of: id))).add(id.tenant).add(id.workflow)
                .add(id.key.stored).add(person).add(now).add([body]).add([letter]))
        let calls = notes.isEmpty ? [insert] : [insert, NoteTable.saving(notes)]
        return try session.pipeline(calls)[0].first { $0.integer() } ?? 0
    }

    static func open(
        in partitions: [Int16], limit: Int, _ session: Session
    ) throws(StoreError) -> [PendingAction] {
        try session.read(.openInputs, Parameters().add(partitions).add(limit)).map {
            row throws(StoreError) in
            PendingAction(
                number: row.integer(), instance: row.instanceID(), person: row.text(),
                action: try StoredForm.decode(OperatorAction.self, from: row.bytes()))
        }
    }

    static func rows(of id: InstanceID, _ session: Session) throws(StoreError) -> [ActionRow] {
        try session.read(
            .inputsOfInstance,
            Parameters().add(id.tenant).add(id.workflow).add(id.key.stored)
        ).map { row throws(StoreError) in
            ActionRow(
                number: row.integer(),
                action: try StoredForm.decode(OperatorAction.self, from: row.bytes()),
                person: row.text(), at: try row.moment(), isJudged: row.flag(),
                refusal: row.textOrNil())
        }
    }

    static func judging(_ numbers: [Int64], refusals: [Int64: String]) -> Call {
        Statement.judgeInputs.with(
            Parameters().add(numbers).add(numbers.map { refusals[$0] }))
    }
}

extension Row {
    /// Reads three columns: tenant, workflow and key.
    mutating func instanceID() -> InstanceID {
        InstanceID(tenant: text(), workflow: text(), key: InstanceKey(stored: text()))
    }
}

extension Statement {
    static let insertInput = Statement(
        "insert_input",
        """
        insert into operator_inputs(part, tenant, workflow, key, person, at, at_nanos, body, letter)
        values ($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::timestamptz, $7::smallint,
            ($8::bytea[])[1], ($9::bigint[])[1])
        returning number
        """)

    static let openInputs = Statement(
        "open_inputs",
        """
        select i.number, i.tenant, i.workflow, i.key, i.person, i.body
        from unnest($1::smallint[]) p,
            lateral (select * from operator_inputs z where z.part = p and not z.is_judged
                order by z.number limit $2::bigint) i
        order by i.number limit $2::bigint
        """)

    static let inputsOfInstance = Statement(
        "inputs_of_instance",
        """
        select number, body, person, at, at_nanos, is_judged, refusal
        from (select * from operator_inputs
            where tenant = $1::text and workflow = $2::text and key = $3::text offset 0) i
        order by number
        """)

    static let judgeInputs = Statement(
        "judge_inputs",
        """
        with i as (
            update operator_inputs i set is_judged = true, refusal = x.refusal
            from (select x.*, t.place from unnest($1::bigint[], $2::text[]) x(number, refusal),
                    lateral (select z.ctid place from operator_inputs z
                        where z.number = x.number offset 0) t) x
            where i.ctid = x.place returning i.letter, i.refusal)
        update dead_letters l set outcome = null
        from (select t.place from i, lateral (select z.ctid place from dead_letters z
                    where z.number = i.letter offset 0) t
            where i.letter is not null and i.refusal is not null) x
        where l.ctid = x.place
        """)
}
