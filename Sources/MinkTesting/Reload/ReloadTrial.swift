// An engine under load while its only workflow file is written again and again: good versions and
// broken ones, by renaming, in place, and in two halves. Nothing may be lost, and no event may wait.
import MinkDefinition
import MinkEngine
import MinkExpression
package import MinkStore
import MinkWorkflow
import Synchronization

/// Reloads a workflow under load.
package struct ReloadTrial: Sendable {
    private let folder: String
    private let file: String

    /// A trial in a folder that exists and is empty.
    package init(folder: String) {
        self.folder = folder
        file = folder + "/ticket.workflow.json"
    }

    /// What came of a trial.
    package struct Outcome: Sendable {
        /// How many sagas were begun, and how many of them reached their end.
        package var sent = 0
        package var ended = 0
        /// The versions by which sagas ran.
        package var versions: Set<Int> = []
        /// How long each good version took from the save until new sagas take it.
        package var activations: [Duration] = []
        /// How many broken files were noticed.
        package var noticed = 0
        /// How long each event took from the send to the command that follows.
        package var latencies: [Duration] = []
    }

    /// Runs an engine and rewrites its file.
    ///
    /// - Parameters:
    ///   - store: An empty store.
    ///   - reloads: How often the file is written; every second time it is broken.
    /// - Returns: What came of it.
    /// - Throws: What an engine or a store throws.
    package func run(on store: EngineStore, reloads: Int) async throws -> Outcome {
        try save(Self.text(version: 1))
        let control = EngineControl(Catalog())
        let keeper = DefinitionKeeper(
            DefinitionFolder([folder]), store: store.definitions, control: control)
        let receiver = TicketReceiver()
        let engine = WorkflowEngine(store: store, control: control, receiver: receiver)
        var beginning = keeper
        guard try await beginning.begin() else { return Outcome() }
        let keeping = beginning
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                try await engine.serve()
                return nil
            }
            group.addTask {
                var keeper = keeping
                await keeper.run()
                return nil
            }
            let outcome = try await disturb(engine, store, reloads, receiver)
            group.cancelAll()
            try await group.waitForAll()
            return outcome
        }
    }

    private func disturb(
        _ engine: WorkflowEngine, _ store: EngineStore, _ reloads: Int,
        _ receiver: TicketReceiver
    ) async throws -> Outcome {
        var outcome = Outcome()
        let isOver = Mutex(false)
        async let sent = send(to: engine, receiver) { isOver.withLock(\.self) }
        for number in 1...reloads {
            if number.isMultiple(of: 2) {
                let version = number / 2 + 1
                let start = ContinuousClock.now
                try write(Self.text(version: version), number)
                if await waits({
                    engine.control.catalog.active("Ticket")?.identity.version == version
                }) {
                    outcome.activations.append(.now - start)
                }
            } else {
                try write(Self.text(version: 1).replacing("\"Done\" }", with: "\"Dome\" }"), number)
                if await waits({ engine.control.loads.failing == 1 }) { outcome.noticed += 1 }
            }
        }
        isOver.withLock { $0 = true }
        outcome.sent = try await sent
        for _ in 0..<1_000 {
            try await count(store, &outcome)
            if outcome.ended == outcome.sent { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        outcome.latencies = receiver.latencies
        return outcome
    }

    /// Begins sagas until it is told to stop.
    private func send(
        to engine: WorkflowEngine, _ receiver: TicketReceiver, until isOver: @Sendable () -> Bool
    ) async throws -> Int {
        var number = 0
        while !isOver() {
            number += 1
            let key = "t\(number)"
            receiver.sent(key)
            try await engine.send("Opened", ["id": .string(key)], id: "e\(number)")
            try await Task.sleep(for: .milliseconds(2))
        }
        return number
    }

    private func count(_ store: EngineStore, _ outcome: inout Outcome) async throws {
        var filter = InstanceFilter()
        outcome.ended = 0
        while true {
            let rows = try await store.queries.instances(filter)
            outcome.ended += rows.count { $0.instance.status == .completed }
            outcome.versions.formUnion(rows.map(\.instance.definition.version))
            guard let last = rows.last, rows.count == filter.limit else { return }
            filter.after = last.sequence
        }
    }

    private func waits(_ condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return false
    }
}

// MARK: - Files

extension ReloadTrial {
    /// Writes the file as one of three programs would.
    private func write(_ text: String, _ number: Int) throws {
        switch number % 3 {
        case 0: try save(text)
        case 1: try FileSystem.overwrite(text, at: file)
        default:
            // Half of it stands there for a moment.
            try FileSystem.overwrite(String(text.prefix(text.count / 2)), at: file)
            try FileSystem.overwrite(text, at: file)
        }
    }

    private func save(_ text: String) throws {
        try FileSystem.write(text, to: file)
    }

    /// The workflow under a version.
    package static func text(version: Int) -> String {
        """
        { "workflow": "Ticket", "version": \(version), "description": "x", "owner": "tests",
          "correlateBy": "id", "data": { "id": "string" },
          "events": { "Opened": { "fields": { "id": "string" } },
            "Checked": { "fields": { "id": "string" } } },
          "commands": { "Check": { "with": { "id": "= data.id" },
            "answers": { "done": "Checked" }, "undo": "none" } },
          "compensation": { "endIn": "Failed" },
          "start": { "Opened": { "set": { "id": "= event.id" }, "goto": "Checking" } },
          "states": {
            "Checking": { "description": "x", "onEnter": { "emit": ["Check"] },
              "on": { "Checked": { "goto": "Done" } }, "timeout": { "after": "1h", "fail": "late" } },
            "Done": { "final": "completed" }, "Failed": { "final": "failed" } } }

        """
    }
}

/// Answers each check, and notes how long its event took.
private final class TicketReceiver: CommandReceiver {
    private struct State {
        var sent: [String: ContinuousClock.Instant] = [:]
        var latencies: [Duration] = []
    }

    private let state = Mutex(State())

    var latencies: [Duration] { state.withLock { $0.latencies.sorted() } }

    func sent(_ key: String) {
        state.withLock { $0.sent[key] = .now }
    }

    func takes(_ command: CommandRecord) -> Bool { true }

    func receive(_ command: CommandRecord, attempt: Int) async -> Receipt {
        let key = command.instance.key.description
        state.withLock { state in
            guard let start = state.sent.removeValue(forKey: key) else { return }
            state.latencies.append(.now - start)
        }
        let data: Value = ["id": .string(key)]
        return .accepted(answers: [AnswerEvent(type: "Checked", data: data.json)], result: .null)
    }
}
