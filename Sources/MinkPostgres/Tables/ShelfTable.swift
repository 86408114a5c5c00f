// Which versions new instances take, how many instances need each, and what could not be loaded.
import MinkDefinition
import MinkStore

enum ShelfTable {
    static func number(_ session: Session) throws(StoreError) -> Int64 {
        try session.read(.shelfNumber).first { $0.integer() } ?? 0
    }

    static func shelf(_ session: Session) throws(StoreError) -> DefinitionShelf {
        // The number first: what is published meanwhile has a higher one.
        let number = try number(session)
        let versions = try session.read(.shelf).map { row throws(StoreError) in
            DefinitionShelf.Version(
                identity: Definition.Identity(
                    workflow: row.text(), version: row.int(), fingerprint: row.text()),
                file: row.text(), savedAt: try row.moment(), isChosen: row.flag(),
                isRetired: row.flag())
        }
        return DefinitionShelf(number: number, versions: versions)
    }

    static func choose(
        _ version: Int?, of workflow: String, recording entry: AuditEntry, _ session: Session
    ) throws(StoreError) {
        try session.transaction { () throws(StoreError) in
            try session.run(.countShelf)
            if let version {
                guard try shelf(session).version(version, of: workflow) != nil else {
                    throw .notKept(version, workflow)
                }
            }
            try session.pipeline([try AuditTable.appending([entry])])
            try session.run(.unchoose, Parameters().add(workflow))
            guard let version else { return }
            try session.run(.choose, Parameters().add(workflow).add(version))
        }
    }

    static func retire(
        _ version: Int, of workflow: String, recording entry: AuditEntry, _ session: Session
    ) throws(StoreError) {
        try session.transaction { () throws(StoreError) in
            try session.run(.countShelf)
            let use = try session.run(
                .useOfVersion, Parameters().add(workflow).add(version)
            ).first { row in
                DefinitionUse(
                    workflow: workflow, version: version, running: row.int(), ended: row.int())
            }
            try shelf(session).checkRetirement(of: version, of: workflow, use: use)
            try session.pipeline([try AuditTable.appending([entry])])
            try session.run(.retire, Parameters().add(workflow).add(version))
        }
    }

    static func uses(_ session: Session) throws(StoreError) -> [DefinitionUse] {
        try session.read(.uses).map { row in
            DefinitionUse(
                workflow: row.text(), version: row.int(), running: row.int(), ended: row.int())
        }
    }

    static func failures(_ session: Session) throws(StoreError) -> [LoadFailure] {
        try session.read(.loadFailures).map { row throws(StoreError) in
            LoadFailure(
                file: row.text(), line: row.int(), column: row.int(), code: row.textOrNil(),
                message: row.text(), at: try row.moment())
        }
    }

    static func keep(
        _ failures: [LoadFailure], of folder: String, _ session: Session
    ) throws(StoreError) {
        try session.transaction { () throws(StoreError) in
            try session.run(.forgetFailures, Parameters().add(folder))
            for (place, failure) in failures.enumerated() {
                try session.run(
                    .keepFailure,
                    Parameters().add(folder).add(place).add(failure.file).add(failure.line)
                        .add(failure.column).add(failure.code).add(failure.message)
                        .add(failure.at))
            }
        }
    }
}

extension Statement {
    static let shelfNumber = Statement("shelf_number", "select number from shelf")

    static let shelf = Statement(
        "shelf",
        """
        select workflow, version, fingerprint, file, saved, saved_nanos, is_chosen, is_retired
        from definitions order by workflow, version
        """)

    /// Held to the end of the transaction, so that two changes never decide side by side.
    static let countShelf = Statement("count_shelf", "update shelf set number = number + 1")

    static let unchoose = Statement(
        "unchoose",
        "update definitions set is_chosen = false where workflow = $1::text and is_chosen")

    static let choose = Statement(
        "choose",
        """
        update definitions set is_chosen = true, is_retired = false
        where workflow = $1::text and version = $2::bigint
        """)

    static let retire = Statement(
        "retire",
        """
        update definitions set is_retired = true
        where workflow = $1::text and version = $2::bigint
        """)

    static let uses = Statement(
        "uses",
        """
        select workflow, definition_version, count(*) filter (where ended is null),
            count(*) filter (where ended is not null)
        from sagas where status is not null
        group by workflow, definition_version order by workflow, definition_version
        """)

    static let useOfVersion = Statement(
        "use_of_version",
        """
        select count(*) filter (where ended is null), count(*) filter (where ended is not null)
        from sagas
        where status is not null and workflow = $1::text and definition_version = $2::bigint
        """)

    static let loadFailures = Statement(
        "load_failures",
        """
        select file, line, col, code, message, at, at_nanos from load_failures
        order by folder, place
        """)

    static let forgetFailures = Statement(
        "forget_failures", "delete from load_failures where folder = $1::text")

    /// Two engines that read one folder note the same at the same time.
    static let keepFailure = Statement(
        "keep_failure",
        """
        insert into load_failures(folder, place, file, line, col, code, message, at, at_nanos)
        values ($1::text, $2::bigint, $3::text, $4::bigint, $5::bigint, $6::text, $7::text,
            $8::timestamptz, $9::smallint)
        on conflict (folder, place) do update set file = excluded.file, line = excluded.line,
            col = excluded.col, code = excluded.code, message = excluded.message,
            at = excluded.at, at_nanos = excluded.at_nanos
        """)
}
