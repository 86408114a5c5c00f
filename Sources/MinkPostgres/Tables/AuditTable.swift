// What people changed, and why. The database itself refuses to change or delete a row.
import MinkEngine
import MinkStore

enum AuditTable {
    /// Adds entries, as a part of the transaction that changes what they tell of.
    static func appending(_ entries: [AuditEntry]) throws(StoreError) -> Call {
        var bodies: [[UInt8]] = []
        for entry in entries { bodies.append(try StoredForm.encode(entry)) }
        return Statement.insertAudit.with(
            Parameters().add(entries.map { Optional($0.at) }).add(entries.map(\.tenant))
                .add(entries.map(\.workflow)).add(entries.map { $0.key?.stored })
                .add(entries.map(\.person)).add(entries.map(\.verb)).add(bodies))
    }

    /// Entries that fit, the newest first.
    static func read(_ filter: AuditFilter, _ session: Session) throws(StoreError) -> [AuditRow] {
        let isOfSaga = filter.workflow != nil && filter.key != nil && filter.tenant != nil
        return try session.read(
            isOfSaga ? .auditOfSaga : .audit,
            Parameters().add(filter.before).add(filter.limit).add(filter.tenant)
                .add(filter.workflow).add(filter.key?.stored).add(filter.person).add(filter.verb)
        ).map { row throws(StoreError) in
            AuditRow(
                number: row.integer(),
                entry: try StoredForm.decode(AuditEntry.self, from: row.bytes()))
        }
    }
}

extension Statement {
    static let insertAudit = Statement(
        "insert_audit",
        """
        insert into audit(at, at_nanos, tenant, workflow, key, person, verb, body)
        select * from unnest($1::timestamptz[], $2::smallint[], $3::text[], $4::text[],
            $5::text[], $6::text[], $7::text[], $8::bytea[])
        """)

    static let audit = Statement(
        "audit",
        """
        select number, body from audit
        where number < $1::bigint and ($3::text is null or tenant = $3::text)
            and ($4::text is null or workflow = $4::text) and ($5::text is null or key = $5::text)
            and ($6::text is null or person = $6::text) and ($7::text is null or verb = $7::text)
        order by number desc limit $2::bigint
        """)

    static let auditOfSaga = Statement(
        "audit_of_saga",
        """
        select number, body from (
            select * from audit z where z.tenant = $3::text and z.workflow = $4::text
                and z.key = $5::text offset 0) a
        where number < $1::bigint and ($6::text is null or person = $6::text)
            and ($7::text is null or verb = $7::text)
        order by number desc limit $2::bigint
        """)
}
