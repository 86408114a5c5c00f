// The texts of definitions, each with what it includes.
import MinkDefinition
import MinkExpression
import MinkStore

enum DefinitionTable {
    /// Keeps a definition, unless it is kept already.
    static func save(
        _ definition: StoredDefinition, at now: Timestamp, _ session: Session
    ) throws(StoreError) {
        let identity = definition.identity
        let includes = definition.includes.sorted { $0.key < $1.key }
        try session.pipeline([
            Statement.saveDefinition.with(
                Parameters().add(identity.workflow).add(identity.version)
                    .add(identity.fingerprint).add(definition.file).add(now)
                    .add(definition.text).add(includes.map(\.key)).add(includes.map(\.value)))
        ])
        let kept = try session.run(
            .fingerprint, Parameters().add(identity.workflow).add(identity.version)
        ).first { $0.text() }
        guard kept == identity.fingerprint else { throw .published(identity) }
    }

    static func one(
        of workflow: String, version: Int, _ session: Session
    ) throws(StoreError) -> StoredDefinition? {
        let name = Parameters().add(workflow).add(version)
        var includes: [String: String] = [:]
        try session.read(.includesOfDefinition, name).forEach { includes[$0.text()] = $0.text() }
        return try session.read(.definition, name).first { row in
            StoredDefinition(
                identity: Definition.Identity(
                    workflow: workflow, version: version, fingerprint: row.text()),
                file: row.text(), text: row.text(), includes: includes)
        }
    }

    static func all(_ session: Session) throws(StoreError) -> [StoredDefinition] {
        var includes: [Name: [String: String]] = [:]
        let texts = try session.read(.includes).map { row in
            (Name(workflow: row.text(), version: row.int()), row.text(), row.text())
        }
        for (name, path, text) in texts { includes[name, default: [:]][path] = text }
        return try session.read(.definitions).map { row in
            let identity = Definition.Identity(
                workflow: row.text(), version: row.int(), fingerprint: row.text())
            return StoredDefinition(
                identity: identity, file: row.text(), text: row.text(),
                includes: includes[
                    Name(workflow: identity.workflow, version: identity.version)] ?? [:])
        }
    }

    private struct Name: Hashable {
        let workflow: String
        let version: Int
    }
}

extension Statement {
    /// Writes the definition and what it includes, or nothing when its version is known.
    static let saveDefinition = Statement(
        "save_definition",
        """
        with made as (
            insert into definitions(workflow, version, fingerprint, file, saved, saved_nanos, text)
            values ($1::text, $2::bigint, $3::text, $4::text, $5::timestamptz, $6::smallint,
                $7::text)
            on conflict (workflow, version) do nothing returning workflow, version),
        counted as (update shelf set number = number + 1 where exists (select from made))
        insert into includes(workflow, version, path, text)
        select made.workflow, made.version, x.path, x.text
        from made, unnest($8::text[], $9::text[]) x(path, text)
        """)

    static let fingerprint = Statement(
        "fingerprint",
        "select fingerprint from definitions where workflow = $1::text and version = $2::bigint")

    static let definitions = Statement(
        "definitions",
        """
        select workflow, version, fingerprint, file, text from definitions
        order by workflow, version
        """)

    static let definition = Statement(
        "definition",
        """
        select fingerprint, file, text from definitions
        where workflow = $1::text and version = $2::bigint
        """)

    static let includesOfDefinition = Statement(
        "includes_of_definition",
        """
        select path, text from includes where workflow = $1::text and version = $2::bigint
        """)

    static let includes = Statement(
        "includes",
        "select workflow, version, path, text from includes order by workflow, version, path")
}
