// Values of `uniqueBy` that an instance has seen.
import MinkEngine
import MinkStore

final class SeenTable {
    private let insert: Statement
    private let select: Statement
    private let delete: Statement

    init(_ connection: Connection) {
        insert = connection.statement(
            "insert or ignore into seen_values(saga, event, value) values (?, ?, ?)")
        select = connection.statement(
            """
            select 1 from seen_values join sagas on sagas.id = saga
            where tenant = ? and workflow = ? and key = ? and event = ? and value = ?
            """)
        delete = connection.statement("delete from seen_values where saga = ?")
    }

    func add(_ value: SeenValue, of saga: Int64) throws(StoreError) {
        try insert.bind(saga).bind(value.event).bind(value.value).run()
    }

    func contains(_ value: SeenValue, of id: InstanceID) throws(StoreError) -> Bool {
        try select.bind(id).bind(value.event).bind(value.value).first { $0.flag() } ?? false
    }

    func remove(_ saga: Int64) throws(StoreError) {
        try delete.bind(saga).run()
    }
}
