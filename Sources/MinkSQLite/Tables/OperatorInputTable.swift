// What people decided. A row is never deleted: it is the record of who did what, and why.
import MinkEngine
import MinkExpression
import MinkStore

final class OperatorInputTable {
    private let insert: Statement
    private let selectOpen: Statement
    private let selectOfSaga: Statement
    private let judge: Statement

    init(_ connection: Connection) {
        insert = connection.statement(
            """
            insert into operator_inputs(tenant, workflow, key, person, at, at_nanos, letter, body)
            values (?, ?, ?, ?, ?, ?, ?, ?) returning number
            """)
        selectOpen = connection.statement(
            """
            select number, tenant, workflow, key, person, body from operator_inputs
            where is_judged = 0 order by number limit ?
            """)
        selectOfSaga = connection.statement(
            """
            select number, body, person, at, at_nanos, is_judged, refusal from operator_inputs
            where tenant = ? and workflow = ? and key = ? order by number
            """)
        judge = connection.statement(
            "update operator_inputs set is_judged = 1, refusal = ? where number = ?")
    }

    func append(
        _ action: OperatorAction, on id: InstanceID, by person: String, at now: Timestamp,
        letter: Int64?
    ) throws(StoreError) -> Int64 {
        let text = try StoredForm.encode(action)
        return try insert.bind(id).bind(person).bind(now).bind(letter).bind(utf8: text)
            .first { $0.integer() } ?? 0
    }

    func open(limit: Int) throws(StoreError) -> [PendingAction] {
        try selectOpen.bind(limit).rows { row throws(StoreError) in
            PendingAction(
                number: row.integer(),
                instance: InstanceID(
                    tenant: row.text(), workflow: row.text(),
                    key: InstanceKey(stored: row.text())),
                person: row.text(),
                action: try StoredForm.decode(OperatorAction.self, from: row.utf8()))
        }
    }

    func rows(of id: InstanceID) throws(StoreError) -> [ActionRow] {
        try selectOfSaga.bind(id).rows { row throws(StoreError) in
            ActionRow(
                number: row.integer(),
                action: try StoredForm.decode(OperatorAction.self, from: row.utf8()),
                person: row.text(), at: try row.moment(), isJudged: row.flag(),
                refusal: row.textOrNil())
        }
    }

    func markJudged(_ number: Int64, refusal: String?) throws(StoreError) {
        try judge.bind(refusal).bind(number).run()
    }
}
