// What people changed, and why. The database itself refuses to change or delete a row.
import MinkEngine
import MinkStore

final class AuditTable {
    private let insert: Statement
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
        insert = connection.statement(
            """
            insert into audit(at, at_nanos, tenant, workflow, key, person, verb, body)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    func append(_ entry: AuditEntry) throws(StoreError) {
        let text = try StoredForm.encode(entry)
        try insert.bind(entry.at).bind(entry.tenant).bind(entry.workflow)
            .bind(entry.key?.stored).bind(entry.person).bind(entry.verb).bind(utf8: text).run()
    }

    /// Entries that fit, the newest first.
    func read(_ filter: AuditFilter) throws(StoreError) -> [AuditRow] {
        let wanted = [
            ("tenant", filter.tenant), ("workflow", filter.workflow), ("key", filter.key?.stored),
            ("person", filter.person), ("verb", filter.verb),
        ].compactMap { name, value in value.map { (name, $0) } }
        let conditions = ["number < ?"] + wanted.map { "\($0.0) = ?" }
        let text = """
            select number, body from audit where \(conditions.joined(separator: " and "))
            order by number desc limit ?
            """
        var statement = Statement(text, on: connection).bind(filter.before)
        for (_, value) in wanted { statement = statement.bind(value) }
        return try statement.bind(filter.limit).rows { row throws(StoreError) in
            AuditRow(
                number: row.integer(),
                entry: try StoredForm.decode(AuditEntry.self, from: row.utf8()))
        }
    }
}
