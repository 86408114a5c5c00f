// Timers: a copy of what the instances hold, in the order in which they are due.
import MinkEngine
import MinkExpression
import MinkStore

final class TimerTable {
    private let insert: Statement
    private let delete: Statement
    private let deleteAll: Statement
    private let selectOfSaga: Statement
    private let selectDue: Statement
    private let selectNextDue: Statement
    /// Counts all timers that were ever armed, so that those of one moment have an order.
    private var nextArmed: Int64

    init(_ connection: Connection) throws(StoreError) {
        insert = connection.statement(
            """
            insert into timers(saga, number, kind, due, due_nanos, visit, reminders, armed)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
        delete = connection.statement("delete from timers where saga = ? and number = ?")
        deleteAll = connection.statement("delete from timers where saga = ?")
        selectOfSaga = connection.statement(
            """
            select number, kind, due, due_nanos, visit, reminders from timers where saga = ?
            """)
        selectDue = connection.statement(
            """
            select number, kind, due, due_nanos, timers.visit, reminders, tenant, workflow, key
            from timers join sagas on sagas.id = saga
            where (due, due_nanos) <= (?, ?)
            order by due, due_nanos, kind, armed limit ?
            """)
        selectNextDue = connection.statement(
            "select due, due_nanos from timers order by due, due_nanos limit 1")
        nextArmed = try connection.integer("select coalesce(max(armed), 0) + 1 from timers")
    }

    /// Makes the stored timers of an instance these ones; a timer that stays keeps its place.
    func replace(_ timers: [Timer], of saga: Int64, known: [Timer]?) throws(StoreError) {
        var missing = timers
        var stored = known ?? []
        if known == nil { stored = try self.stored(of: saga) }
        for timer in stored {
            if let place = missing.firstIndex(of: timer) {
                missing.remove(at: place)
            } else {
                try delete.bind(saga).bind(timer.number).run()
            }
        }
        for timer in missing {
            try insert.bind(saga).bind(timer.number).bind(timer.kind.rawValue).bind(timer.due)
                .bind(timer.visit).bind(timer.reminders).bind(nextArmed).run()
            nextArmed += 1
        }
    }

    func stored(of saga: Int64) throws(StoreError) -> [Timer] {
        try selectOfSaga.bind(saga).rows { row throws(StoreError) in try Self.timer(in: row) }
    }

    func due(at now: Timestamp, limit: Int) throws(StoreError) -> [DueTimer] {
        try selectDue.bind(now).bind(limit).rows { row throws(StoreError) in
            let timer = try Self.timer(in: row)
            let instance = InstanceID(
                tenant: row.text(), workflow: row.text(), key: InstanceKey(stored: row.text()))
            return DueTimer(instance: instance, timer: timer)
        }
    }

    private static func timer(in row: Row) throws(StoreError) -> Timer {
        let (number, kind) = (row.int(), row.int())
        guard let kind = Timer.Kind(rawValue: kind) else {
            throw StoreError(code: .corrupt, message: "a stored timer has the unknown kind \(kind)")
        }
        return Timer(
            number: number, kind: kind, due: try row.moment(), visit: row.int(),
            reminders: row.int())
    }

    func nextDue() throws(StoreError) -> Timestamp? {
        try selectNextDue.first { row throws(StoreError) in try row.moment() }
    }

    func remove(_ saga: Int64) throws(StoreError) {
        try deleteAll.bind(saga).run()
    }
}
