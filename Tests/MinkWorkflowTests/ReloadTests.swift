// Definitions while an engine runs: which are taken, which are not, and what becomes of the rest.
import Foundation
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore
import MinkTesting
import MinkWorkflow
import Synchronization
import Testing

@Suite("A reload")
struct ReloadTests {
    private let folder: FolderWatchTests.Scratch
    private let store: SQLiteStore
    private let control = EngineControl(Catalog())

    init() throws {
        folder = try FolderWatchTests.Scratch()
        store = try SQLiteStore(file: ":memory:")
    }

    private func write(_ text: String, _ name: String = "ticket.workflow.json") throws {
        try FileSystem.overwrite(text, at: folder.path("workflows/\(name)"))
    }

    private func keeper(
        _ control: EngineControl? = nil, _ options: DefinitionKeeper.Options = .init()
    ) -> DefinitionKeeper {
        DefinitionKeeper(
            DefinitionFolder([folder.path("workflows")]), store: store,
            control: control ?? self.control, options: options)
    }

    private func active(_ workflow: String = "Ticket", _ control: EngineControl? = nil) -> Int? {
        (control ?? self.control).catalog.active(workflow)?.identity.version
    }

    private static func ticket(_ version: Int) -> String { ReloadTrial.text(version: version) }
    private static func other(_ version: Int) -> String {
        ticket(version).replacing("\"Ticket\"", with: "\"Other\"")
            .replacing("\"Opened\"", with: "\"Asked\"")
    }
    private static func broken(_ version: Int) -> String {
        ticket(version).replacing("\"goto\": \"Done\"", with: "\"goto\": \"Dome\"")
    }

    @Test func `has new sagas take a higher version, and keeps the one before`() async throws {
        try write(Self.ticket(1))
        var keeper = keeper()
        #expect(try await keeper.begin())
        let first = try #require(control.catalog.active("Ticket"))

        try write(Self.ticket(2))
        try await keeper.reload()

        #expect(active() == 2)
        #expect(control.catalog.definition(for: DefinitionReference(first.identity)) != nil)
        #expect(try await store.definitions().map(\.identity.version) == [1, 2])
    }

    @Test func `takes the good files, and says of a bad one what is wrong with it`() async throws {
        let told = Mutex<[String]>([])
        var options = DefinitionKeeper.Options()
        options.log = { message, fields in
            told.withLock { $0.append("\(message): \(fields["error"] ?? "")") }
        }
        try write(Self.ticket(1))
        var keeper = keeper(nil, options)
        _ = try await keeper.begin()
        told.withLock { $0 = [] }

        try write(Self.broken(2))
        try write(Self.other(5), "other.workflow.json")
        try await keeper.reload()
        try await keeper.reload()

        #expect(active() == 1)
        #expect(active("Other") == 5)
        let failures = try await store.loadFailures()
        #expect(failures.map(\.code) == ["MW2001"])
        #expect(failures.first?.text.contains("ticket.workflow.json:11:") == true)
        #expect(control.loads.failing == 1)
        #expect(control.loads.failed == 1)
        let lines = told.withLock { $0 }
        #expect(
            lines == [
                "new sagas take this version: ",
                "a definition was not loaded; the version before stays: there is no state \"Dome\"; "
                    + "did you mean \"Done\"?",
            ])

        try write(Self.ticket(2))
        try await keeper.reload()
        #expect(active() == 2)
        #expect(try await store.loadFailures().isEmpty)
        #expect(control.loads.failing == 0)
    }

    @Test func `refuses another text under a version that is out`() async throws {
        try write(Self.ticket(1))
        var keeper = keeper()
        _ = try await keeper.begin()
        let before = try await store.definitions()

        try write(Self.ticket(1).replacing("\"1h\"", with: "\"2h\""))
        try await keeper.reload()

        #expect(keeper.failures.map(\.code) == ["MW8001"])
        #expect(
            keeper.failures.first?.message
                == "version 1 is already published with other content; raise \"version\" to 2")
        #expect(try await store.definitions() == before)
    }

    @Test func `takes a text that only reads otherwise for the same version`() async throws {
        try write(Self.ticket(1))
        var keeper = keeper()
        _ = try await keeper.begin()

        try write(Self.ticket(1).replacing("\"owner\": \"tests\"", with: "\"owner\": \"others\""))
        try await keeper.reload()

        #expect(keeper.failures.isEmpty)
    }

    @Test func `refuses another key while a saga runs that would not be found`() async throws {
        let moved = Self.ticket(2).replacing("\"id\"", with: "\"number\"")
            .replacing("data.id", with: "data.number").replacing("event.id", with: "event.number")
        try write(Self.ticket(1))
        var keeper = keeper()
        _ = try await keeper.begin()
        let id = InstanceID(tenant: "", workflow: "Ticket", key: .string("t1"))
        try await commit(id, .running, from: 0)

        try write(moved)
        try await keeper.reload()
        #expect(keeper.failures.map(\.code) == ["MW8003"])
        #expect(active() == 1)

        try await commit(id, .completed, from: 1)
        try await keeper.reload()
        #expect(keeper.failures.isEmpty)
        #expect(active() == 2)
    }

    /// Writes a saga of the active version as it would stand.
    private func commit(
        _ id: InstanceID, _ status: Instance.Status, from version: Int64
    ) async throws {
        let definition = try #require(control.catalog.active("Ticket"))
        let event = EventRecord(id: "e", type: "Opened", data: "{}", time: .earliest)
        var instance = Instance(
            id: id, definition: DefinitionReference(definition.identity), from: event)
        instance.status = status
        instance.state = "Checking"
        instance.endedAt = status == .completed ? SystemClock().now() : nil
        var batch = TurnBatch()
        batch.turns = [
            MinkStore.Turn(
                id: id, expectedVersion: version, input: .event(event, isSeen: false),
                decision: Decision(instance: instance), at: SystemClock().now())
        ]
        _ = try await store.commit(batch)
    }

    @Test func `follows what another engine of the store publishes and an operator chooses`()
        async throws
    {
        try write(Self.ticket(1))
        let elsewhere = EngineControl(Catalog())
        var here = keeper()
        _ = try await here.begin()
        var there = keeper(elsewhere)
        _ = try await there.begin()

        try write(Self.ticket(2))
        try await here.reload()
        #expect(active("Ticket", elsewhere) == 1)
        try await there.refreshIfChanged()
        #expect(active("Ticket", elsewhere) == 2)

        try await store.choose(1, of: "Ticket", recording: .test)
        try write(Self.ticket(3))
        try await here.reload()
        try await there.refreshIfChanged()
        #expect(active() == 1)
        #expect(active("Ticket", elsewhere) == 1)

        try await store.choose(nil, of: "Ticket", recording: .test)
        try await there.refreshIfChanged()
        #expect(active("Ticket", elsewhere) == 3)
    }

    @Test func `begins a new store with good files only, and one that has any with those it has`()
        async throws
    {
        try write(Self.ticket(1))
        try write(Self.broken(1).replacing("Ticket", with: "Broken"), "broken.workflow.json")
        var first = keeper()
        #expect(try await first.begin() == false)
        #expect(first.failures.map(\.code) == ["MW2001"])
        #expect(try await store.definitions().isEmpty)

        try folder.remove("workflows/broken.workflow.json")
        var second = keeper()
        #expect(try await second.begin())
        try write(Self.broken(2))
        var third = keeper()
        #expect(try await third.begin())
        #expect(active() == 1)
    }

    @Test func `survives a folder that is replaced, and objections of whoever runs it`()
        async throws
    {
        var options = DefinitionKeeper.Options()
        options.objections = { definition in
            definition.identity.version == 3
                ? [(SourcePlace(file: "f", line: 1, column: 2, pointer: ""), "nobody")] : []
        }
        try write(Self.ticket(1))
        var keeper = keeper(nil, options)
        _ = try await keeper.begin()

        try folder.move("workflows", to: "old")
        try await keeper.reload()
        #expect(active() == 1)
        #expect(
            keeper.failures.map(\.message).first?.contains("there is no file or folder") == true)

        try FileManager.default.createDirectory(
            atPath: folder.path("workflows"), withIntermediateDirectories: false)
        try write(Self.ticket(3))
        try await keeper.reload()
        #expect(active() == 1)
        #expect(keeper.failures.map(\.text) == ["f:1:2: error: nobody"])

        try write(Self.ticket(4))
        try await keeper.reload()
        #expect(active() == 4)
    }

    @Test(.enabled(if: Trials.areAsked, .init(rawValue: Trials.reason)))
    func `under load loses no event`() async throws {
        let path = folder.path("load")
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)

        let outcome = try await ReloadTrial(folder: path).run(
            on: EngineStore(try SQLiteStore(file: folder.path("load.sqlite"))), reloads: 100)

        outcome.check(reloads: 100)
    }
}

extension AuditEntry {
    fileprivate static let test = AuditEntry(
        at: .earliest, person: "ann", verb: "definitions activate", reason: "a test",
        workflow: "Ticket", subject: "Ticket")
}

extension ReloadTrial.Outcome {
    /// Demands that nothing was lost; prints what was measured.
    fileprivate func check(reloads: Int) {
        #expect(ended == sent)
        #expect(noticed == reloads / 2)
        #expect(activations.count == reloads / 2)
        let slowest = activations.max() ?? .zero
        let middle = activations.sorted().dropFirst(activations.count / 2).first ?? .zero
        print(
            "\(reloads) reloads on SQLite: save to active \(middle) (middle), \(slowest) (slowest);",
            "\(sent) sagas of \(versions.count) versions; event to command",
            "\(latencies.dropFirst(latencies.count / 2).first ?? .zero) (middle),",
            "\(latencies.last ?? .zero) (slowest)")
    }
}
