// The texts of definitions, each with what it includes.
import MinkDefinition
import MinkExpression
import MinkStore

final class DefinitionTable {
    private let insert: Statement
    private let insertInclude: Statement
    private let selectFingerprint: Statement
    private let selectAll: Statement
    private let selectIncludes: Statement
    private let selectOne: Statement
    private let count: Statement

    init(_ connection: Connection) {
        insert = connection.statement(
            """
            insert into definitions(workflow, version, fingerprint, file, saved, saved_nanos, text)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        insertInclude = connection.statement(
            "insert into includes(workflow, version, path, text) values (?, ?, ?, ?)")
        selectFingerprint = connection.statement(
            "select fingerprint from definitions where workflow = ? and version = ?")
        selectAll = connection.statement(
            """
            select workflow, version, fingerprint, file, text from definitions
            order by workflow, version
            """)
        selectIncludes = connection.statement(
            "select path, text from includes where workflow = ? and version = ?")
        selectOne = connection.statement(
            "select fingerprint, file, text from definitions where workflow = ? and version = ?")
        count = connection.statement("update shelf set number = number + 1")
    }

    /// Keeps a definition, unless it is kept already.
    func save(_ definition: StoredDefinition, at now: Timestamp) throws(StoreError) {
        let identity = definition.identity
        let kept =
            try selectFingerprint
            .bind(identity.workflow).bind(identity.version).first { $0.text() }
        guard kept != identity.fingerprint else { return }
        guard kept == nil else { throw .published(identity) }
        try insert.bind(identity.workflow).bind(identity.version).bind(identity.fingerprint)
            .bind(definition.file).bind(now).bind(definition.text).run()
        for (path, text) in definition.includes {
            try insertInclude.bind(identity.workflow).bind(identity.version)
                .bind(path).bind(text).run()
        }
        try count.run()
    }

    func one(of workflow: String, version: Int) throws(StoreError) -> StoredDefinition? {
        try selectOne.bind(workflow).bind(version).first { row throws(StoreError) in
            let identity = Definition.Identity(
                workflow: workflow, version: version, fingerprint: row.text())
            return StoredDefinition(
                identity: identity, file: row.text(), text: row.text(),
                includes: try includes(of: identity))
        }
    }

    func all() throws(StoreError) -> [StoredDefinition] {
        try selectAll.rows { row throws(StoreError) in
            let identity = Definition.Identity(
                workflow: row.text(), version: row.int(), fingerprint: row.text())
            return StoredDefinition(
                identity: identity, file: row.text(), text: row.text(),
                includes: try includes(of: identity))
        }
    }

    private func includes(
        of identity: Definition.Identity
    ) throws(StoreError) -> [String: String] {
        var includes: [String: String] = [:]
        try selectIncludes.bind(identity.workflow).bind(identity.version).forEach { row in
            includes[row.text()] = row.text()
            return true
        }
        return includes
    }
}
