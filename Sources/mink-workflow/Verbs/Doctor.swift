// `doctor`: looks at everything that can keep an engine from doing what it promises.
import MinkDefinition
import MinkExpression
import MinkPostgres
import MinkSQLite
import MinkStore
import MinkWorkflow

extension Verb {
    static let doctor = Verb(
        name: "doctor",
        summary: "examines a store: settings, rights, clocks, lag, and what waits for a person",
        operands: "",
        details: """
            A line for each thing: ok, warn or fail, what was found, and what to do. It changes
            nothing, and takes no engine's work. Exit code 1 when something fails.
            """,
        options: Option.liveStore + [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or jsonl",
                choices: ["text", "jsonl"])
        ],
        perform: { arguments throws(UsageError) in
            try arguments.takesNoOperand("doctor")
            var checks = try await arguments.storePlace().checks()
            let areTablesCurrent = checks.first?.level == .ok
            let destinations = try arguments.settings()?.destinations
            if areTablesCurrent {
                checks += await definitionChecks(arguments, Set((destinations ?? [:]).keys))
            }
            for check in checks { check.tell(asJSON: arguments.value("--format") == "jsonl") }
            return checks.contains { $0.level == .fail } ? .negative : .ok
        })
}

/// Whether everything that definitions send has a receiver, as far as settings tell.
private func definitionChecks(
    _ arguments: Arguments, _ destinations: Set<String>
) async -> [StoreCheck] {
    do throws(UsageError) {
        var options = PostgresOptions()
        // That was told above.
        options.allowDataLoss = true
        let store = try await arguments.storePlace().open(options)
        let catalog = try await withStore(store) { store throws(StoreError) in
            try await store.catalog()
        }
        return catalog.receiverChecks(destinations)
    } catch {
        return [StoreCheck("definitions", .fail, "they can not be read: \(error.message)")]
    }
}

extension Catalog {
    fileprivate func receiverChecks(_ destinations: Set<String>) -> [StoreCheck] {
        let definitions = workflows.compactMap(active)
        var named: Set<String> = []
        var handled: Set<String> = []
        for command in definitions.flatMap({ $0.commands.values }) {
            switch command.destination {
            case .named(let name): named.insert(name)
            case .handler: handled.insert(command.name)
            case .events: continue
            }
        }
        let missing = named.subtracting(destinations).sorted()
        let list = definitions.map { "\($0.identity.workflow) v\($0.identity.version)" }
        return [
            StoreCheck(
                "definitions", definitions.isEmpty ? .warn : .ok,
                definitions.isEmpty ? "none is kept" : list.joined(separator: ", "),
                next: definitions.isEmpty ? "publish one, or start an engine with its files" : ""),
            StoreCheck(
                "destinations", missing.isEmpty ? .ok : .fail,
                missing.isEmpty
                    ? "all that definitions name are configured"
                    : "nobody has configured \(missing.joined(separator: ", "))",
                next: missing.isEmpty ? "" : "add it to \"destinations\" in mink-workflow.json"),
            StoreCheck(
                "handlers", .ok,
                handled.isEmpty
                    ? "no command needs one"
                    : "services have to handle \(handled.count): "
                        + handled.sorted().prefix(5).joined(separator: ", ")
                        + (handled.count > 5 ? ", …" : "")),
        ]
    }
}

extension StoreCheck {
    fileprivate func tell(asJSON isJSON: Bool) {
        guard !isJSON else {
            return Output.line(
                Value.object([
                    "check": .string(name), "level": .string(level.rawValue),
                    "finding": .string(finding), "next": .string(next),
                ]).json)
        }
        Output.line(
            "\(level.rawValue.padded(to: 4))  \(name.padded(to: 12))  \(finding)".withoutControls)
        if !next.isEmpty { Output.line("                    next: \(next)".withoutControls) }
    }
}
