// Which versions new instances take, how many instances need each, and what could not be loaded.
import MinkDefinition
import MinkStore

final class ShelfTable {
    private let selectNumber: Statement
    private let count: Statement
    private let selectAll: Statement
    private let unchoose: Statement
    private let chooseOne: Statement
    private let retireOne: Statement
    private let selectUses: Statement
    private let selectFailures: Statement
    private let deleteFailures: Statement
    private let insertFailure: Statement

    init(_ connection: Connection) {
        selectNumber = connection.statement("select number from shelf")
        count = connection.statement("update shelf set number = number + 1")
        selectAll = connection.statement(
            """
            select workflow, version, fingerprint, file, saved, saved_nanos, is_chosen, is_retired
            from definitions order by workflow, version
            """)
        unchoose = connection.statement(
            "update definitions set is_chosen = 0 where workflow = ? and is_chosen")
        chooseOne = connection.statement(
            """
            update definitions set is_chosen = 1, is_retired = 0
            where workflow = ? and version = ?
            """)
        retireOne = connection.statement(
            "update definitions set is_retired = 1 where workflow = ? and version = ?")
        selectUses = connection.statement(
            """
            select workflow, definition_version, sum(ended is null), sum(ended is not null)
            from sagas where status is not null
            group by workflow, definition_version order by workflow, definition_version
            """)
        selectFailures = connection.statement(
            """
            select file, line, col, code, message, at, at_nanos from load_failures
            order by folder, place
            """)
        deleteFailures = connection.statement("delete from load_failures where folder = ?")
        insertFailure = connection.statement(
            """
            insert into load_failures(folder, place, file, line, col, code, message, at, at_nanos)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    func number() throws(StoreError) -> Int64 { try selectNumber.first { $0.integer() } ?? 0 }

    func shelf() throws(StoreError) -> DefinitionShelf {
        let versions = try selectAll.rows { row throws(StoreError) in
            DefinitionShelf.Version(
                identity: Definition.Identity(
                    workflow: row.text(), version: row.int(), fingerprint: row.text()),
                file: row.text(), savedAt: try row.moment(), isChosen: row.flag(),
                isRetired: row.flag())
        }
        return DefinitionShelf(number: try number(), versions: versions)
    }

    func choose(_ version: Int?, of workflow: String) throws(StoreError) {
        if let version {
            guard try shelf().version(version, of: workflow) != nil else {
                throw .notKept(version, workflow)
            }
        }
        try count.run()
        try unchoose.bind(workflow).run()
        guard let version else { return }
        try chooseOne.bind(workflow).bind(version).run()
    }

    func retire(_ version: Int, of workflow: String) throws(StoreError) {
        let use = try uses().first { $0.workflow == workflow && $0.version == version }
        try shelf().checkRetirement(of: version, of: workflow, use: use)
        try count.run()
        try retireOne.bind(workflow).bind(version).run()
    }

    func uses() throws(StoreError) -> [DefinitionUse] {
        try selectUses.rows { row in
            DefinitionUse(
                workflow: row.text(), version: row.int(), running: row.int(), ended: row.int())
        }
    }

    func failures() throws(StoreError) -> [LoadFailure] {
        try selectFailures.rows { row throws(StoreError) in
            LoadFailure(
                file: row.text(), line: row.int(), column: row.int(), code: row.textOrNil(),
                message: row.text(), at: try row.moment())
        }
    }

    func keep(_ failures: [LoadFailure], of folder: String) throws(StoreError) {
        try deleteFailures.bind(folder).run()
        for (place, failure) in failures.enumerated() {
            try insertFailure.bind(folder).bind(place).bind(failure.file).bind(failure.line)
                .bind(failure.column).bind(failure.code).bind(failure.message).bind(failure.at)
                .run()
        }
    }
}
