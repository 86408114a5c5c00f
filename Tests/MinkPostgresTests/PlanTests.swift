// The plans of all statements: the same for empty tables, for full ones, and for full ones of which
// the server believes that they are empty.
import Foundation
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

/// Statements whose plans matter: all that run while an engine works.
private let statements: [Statement] = [
    .addCursor, .addSeen, .answersOfTransaction, .append, .assignPartitions, .audit, .auditOfSaga,
    .backlog,
    .checkFence, .choose, .commandByID, .commandsOfInstance, .countRunning, .countShelf,
    .cursorTransaction, .deadLetters, .definition, .definitions, .delayedCommands, .dueTimers,
    .endLane, .endedSagas, .eventByID, .events, .eventsAt, .eventsBehind, .fingerprint,
    .forgetCursors, .forgetFailures, .forgetLanes, .freePartitions, .history, .immediateCommands,
    .includes, .includesOfDefinition, .inputsOfInstance, .insertAudit, .insertDeadLetters,
    .insertInput, .instances, .instancesByCorrelation, .judgeInputs, .keepFailure, .lanes, .letters,
    .lettersOfEvent, .liveInstances, .loadFailures, .makeLane, .newestCursor, .newestPosition,
    .nextCommand, .nextNumbers, .nextTimer, .notes, .openInputs, .openLetters, .outstanding,
    .ownershipGlance, .partitionsOfLane, .patchCommands, .poll, .releasePartitions, .removeSagas,
    .renew, .resume, .retire, .sagasByName, .sameEvents, .saveDefinition, .saveNotes, .seenValues,
    .serverIdentity, .settle, .settleLetter, .shelf, .shelfNumber, .takeBack, .takeOver,
    .trimCursors, .turns, .unchoose,
]

/// Statements that read no table of ours, only while a schema is made, or all of it on purpose.
private let others = [
    "all_commands", "backend", "cursors_with_gaps", "finished_background", "inspect_bloat",
    "inspect_clock", "inspect_lanes", "inspect_log", "inspect_outbox", "inspect_people",
    "inspect_rights", "inspect_server", "inspect_settings", "inspect_transactions",
    "inspected_events", "judged_positions", "lanes_with_partitions", "lanes_without_cursor",
    "lock_migrations", "lock_ownership", "notify", "plain_append", "plain_poll", "plain_settle",
    "plain_turn", "publications", "schema_tables", "schema_version", "server_time", "settings",
    "sleeping_background", "stray_commands", "stray_timers", "timers_of_saga", "transaction_number",
    "transaction_status", "unsafe_settings", "use_of_version", "uses", "written",
]

@Suite("The plans", .enabled(if: hasServer, .init(rawValue: noServer)))
struct PlanTests {
    @Test func `stay as they are when tables fill up`() async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        let session = schema.session()

        try session.script("vacuum analyze")
        let whenEmpty = try plans(schema)
        try fill(session)
        let whenOutdated = try plans(schema)
        try session.script("vacuum analyze")
        let whenFull = try plans(schema)

        for statement in statements {
            let plan = whenEmpty[statement.name]
            #expect(whenOutdated[statement.name] == plan, "\(statement.name)")
            #expect(whenFull[statement.name] == plan, "\(statement.name)")
        }
    }

    /// Small tables, which are read whole, or walks over what a lane has among a hundred rows.
    private static let scanned: Set<String> = [
        "lanes", "partitions", "meta", "shelf", "definitions", "includes", "load_failures",
    ]

    @Test func `read no large table from end to end`() async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        let session = schema.session()
        try fill(session)
        try session.script("vacuum analyze")

        for (name, plan) in try plans(schema) {
            for line in plan.split(separator: "\n") where line.contains("Seq Scan on ") {
                let table = line.split(separator: " ").drop { $0 != "on" }.dropFirst().first ?? ""
                #expect(Self.scanned.contains(String(table)), "\(name): \(line)")
            }
        }
    }

    @Test func `are known of every statement`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/MinkPostgres")
        let names =
            FileManager.default.enumerator(atPath: sources.path)?
            .compactMap { $0 as? String } ?? []
        var found: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            for match in text.matches(of: /(?:Statement\(|listing\()\s*"([a-z_]+)"/) {
                found.insert(String(match.1))
            }
        }

        #expect(found == Set(statements.map(\.name) + others))
    }

    /// What the server would do for each statement, without its guesses of cost.
    private func plans(_ schema: ScratchSchema) throws -> [String: String] {
        var plans: [String: String] = [:]
        // A new session, because a session keeps the plans that it has made.
        let session = schema.session()
        let connection = try session.connection()
        for statement in statements {
            try connection.prepare(statement)
            let count =
                try session.run(.parameterCount, Parameters().add(statement.name))
                .first { $0.int() } ?? 0
            let nulls = (0..<count).map { _ in "null" }.joined(separator: ", ")
            let call = count == 0 ? statement.name : "\(statement.name)(\(nulls))"
            let explain = Statement(
                "explain_\(statement.name)", "explain (costs off) execute \(call)")
            plans[statement.name] = try session.run(explain).map { $0.text() }
                .joined(separator: "\n")
        }
        return plans
    }

    /// Gives every large table rows, as an engine would.
    private func fill(_ session: Session) throws {
        try session.script(
            """
            insert into events(tenant, id, type, stream, time, time_nanos, appended,
                appended_nanos, data)
            select '', 'e' || n, 'Paid', 'orders', now(), 0, now(), 0, '{}'
            from generate_series(1, 20000) n;
            insert into sagas(saga, part, tenant, workflow, key, version, place, status, state,
                definition_version, fingerprint, correlation, ended, ended_nanos, body)
            select n, n % 64, '', 'Order', '#' || n, 1, n, 'running', 'Waiting', 1, 'f', 'c' || n,
                case when n % 2 = 0 then now() end, case when n % 2 = 0 then 0 end, '{}'
            from generate_series(1, 20000) n;
            insert into history(saga, version, at, at_nanos, body)
            select n, 1, now(), 0, '{}' from generate_series(1, 20000) n;
            insert into seen_values select n, 'Paid', 'v' from generate_series(1, 20000) n;
            insert into outbox(id, part, saga, name, due, due_nanos, body)
            select 'k' || n, n % 64, n, 'Ship', case when n % 3 = 0 then now() end,
                case when n % 3 = 0 then 0 end, '{}'
            from generate_series(1, 20000) n;
            insert into timers(part, due, due_nanos, saga, number, kind, visit, reminders)
            select n % 64, now() + n * interval '1 s', 0, n, 1, 1, 1, 0
            from generate_series(1, 20000) n;
            insert into operator_inputs(part, tenant, workflow, key, person, at, at_nanos, body)
            select n % 64, '', 'Order', '#' || n, 'ann', now(), 0, '{}'
            from generate_series(1, 5000) n;
            insert into dead_letters(tenant, event, body)
            select '', 'e' || n, '{}' from generate_series(1, 5000) n;
            insert into audit(at, at_nanos, tenant, workflow, key, person, verb, body)
            select now(), 0, '', 'Order', '#' || n, 'ann', 'instances skip', '{}'
            from generate_series(1, 5000) n;
            insert into cursors(lane, seq, s1, position)
            select 1, n, '1:1:', n from generate_series(1, 5000) n
            on conflict do nothing;
            insert into notes select 'n' || n, 'v' from generate_series(1, 2000) n;
            """)
    }
}

extension Statement {
    fileprivate static let parameterCount = Statement(
        "parameter_count",
        """
        select coalesce(cardinality(parameter_types), 0) from pg_prepared_statements
        where name = $1::text
        """)
}
