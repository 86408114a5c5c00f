// `db`: the tables of a store.
import MinkExpression
import MinkPostgres
import MinkSQLite
import MinkStore
import MinkWorkflow

/// A word of `db`.
struct DatabaseWord: Sendable {
    let name: String
    /// What it does, in a few words.
    let summary: String
    /// Options beside those that name the store.
    var options: [Verb.Option] = []
    let perform: @Sendable (Arguments) async throws(UsageError) -> ExitCode

    /// All of them, in the order of the help.
    static let all: [DatabaseWord] = [.status, .migrate, .verify]
}

extension Verb {
    static let database = Verb(
        name: "db",
        summary: "the tables of a store: how far they are, and bringing them to the newest form",
        operands: DatabaseWord.all.map(\.name).joined(separator: " | "),
        details: DatabaseWord.all.map { "\($0.name.padded(to: 10)) \($0.summary)" }
            .joined(separator: "\n"),
        options: Option.liveStore + DatabaseWord.all.flatMap(\.options) + [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"])
        ],
        perform: { arguments throws(UsageError) in
            let known = DatabaseWord.all.map(\.name)
            guard let name = arguments.operands.first else {
                throw UsageError(message: "db needs a word: \(known.joined(separator: ", "))")
            }
            guard let word = DatabaseWord.all.first(where: { $0.name == name }) else {
                throw UsageError("db", doesNotKnow: name, known)
            }
            guard arguments.operands.count == 1 else {
                throw UsageError(message: "\(name) takes no more words")
            }
            return try await word.perform(arguments)
        },
        words: DatabaseWord.all.map(\.name))
}

extension DatabaseWord {
    static let status = DatabaseWord(
        name: "status", summary: "how far the tables are; 1 when they have to be migrated"
    ) { arguments throws(UsageError) in
        let status = try await arguments.storePlace().status()
        status.tell(asJSON: arguments.value("--format") == "json")
        return status.isCurrent ? .ok : .negative
    }

    static let migrate = DatabaseWord(
        name: "migrate", summary: "creates what is missing and brings the tables to the newest form"
    ) { arguments throws(UsageError) in
        let place = try arguments.storePlace(mayBeNew: true)
        let store = try await place.open()
        await store.close()
        try await place.status().tell(asJSON: arguments.value("--format") == "json")
        return .ok
    }
}

extension StoreStatus {
    fileprivate func tell(asJSON isJSON: Bool) {
        guard !isJSON else {
            return Output.line(
                Value.object([
                    "server": .string(server), "place": .string(place),
                    "format": .int(Int64(format)), "known": .int(Int64(known)),
                    "isCurrent": .bool(isCurrent),
                ]).json)
        }
        Output.line("\(server), \(place)".withoutControls)
        Output.line("tables: format \(format), this program knows \(known)")
        guard !isCurrent else { return }
        Output.line("next: mink-workflow db migrate")
    }
}
