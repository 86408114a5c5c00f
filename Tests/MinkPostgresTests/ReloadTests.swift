// Definitions that change while an engine works on a real server.
import Foundation
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

@Suite("A reload on PostgreSQL", .enabled(if: hasServer, .init(rawValue: noServer)))
struct ReloadTests {
    @Test(.enabled(if: Trials.areAsked, .init(rawValue: Trials.reason)))
    func `under load loses no event`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await ScratchSchema().open()

        let outcome = try await ReloadTrial(folder: folder.path).run(
            on: EngineStore(store), reloads: 100)
        await store.close()

        #expect(outcome.ended == outcome.sent)
        #expect(outcome.noticed == 50)
        #expect(outcome.activations.count == 50)
        let slowest = outcome.activations.max() ?? .zero
        let latencies = outcome.latencies
        print(
            "100 reloads on PostgreSQL: save to active",
            outcome.activations.sorted().dropFirst(25).first ?? .zero, "(middle),", slowest,
            "(slowest);", outcome.sent, "sagas; event to command",
            latencies.dropFirst(latencies.count / 2).first ?? .zero, "(middle),",
            latencies.last ?? .zero, "(slowest)")
    }
}
