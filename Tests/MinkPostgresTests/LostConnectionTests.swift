// Connections that are cut while a batch is written: what became of it is looked up, not guessed.
import MinkEngine
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

extension CuttingProxy {
    /// A way to the server of the test process.
    fileprivate convenience init() throws {
        try self.init(to: ScratchPostgres.shared.get(), silence: .milliseconds(200))
    }
}

@Suite("A connection that is cut", .enabled(if: hasServer, .init(rawValue: noServer)))
struct LostConnectionTests {
    /// A store behind a proxy that has written two batches: all its statements are known.
    private func store(_ proxy: CuttingProxy) async throws -> PostgresStore {
        let schema = ScratchSchema(url: proxy.url, name: try ScratchSchema().name)
        var options = ScratchSchema.options
        // Messages to others would be what is cut.
        options.wakesOthers = false
        let store = try await schema.open(options)
        _ = try await store.commit(
            try .sample(try .sample(), from: 0, commands: ["k1", "k2"], cursor: 1))
        var settling = TurnBatch()
        settling.settled = ["k1"]
        settling.answers = [Answer(command: "k1", event: try .sample("a1"))]
        #expect(try await store.commit(settling).map(\.id) == ["a1"])
        return store
    }

    private func batch() throws -> TurnBatch {
        var batch = try TurnBatch.sample(try .sample(), from: 1, cursor: 2)
        batch.settled = ["k2"]
        batch.answers = [Answer(command: "k2", event: try .sample("a2"))]
        return batch
    }

    @Test func `before the batch arrives has written nothing`() async throws {
        let proxy = try CuttingProxy()
        defer { proxy.close() }
        let store = try await store(proxy)
        proxy.cutNext(.beforeRequest)

        let error = await #expect(throws: StoreError.self) { try await store.commit(try batch()) }

        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("nothing was written, try again") == true)
        #expect(try await store.commit(try batch()).map(\.id) == ["a2"])
        #expect(try await store.history(of: try Instance.sample().id).map(\.version) == [1, 2])
        await store.close()
    }

    @Test func `before the answer arrives has written the batch, once`() async throws {
        let proxy = try CuttingProxy()
        defer { proxy.close() }
        let store = try await store(proxy)
        proxy.cutNext(.beforeAnswer)

        let answers = try await store.commit(try batch())

        #expect(answers.map(\.id) == ["a2"])
        #expect(answers.first.map { $0.position > 0 } == true)
        #expect(try await store.claim().cursor == 2)
        #expect(try await store.read(after: 0, limit: 9).map(\.id) == ["a1", "a2"])
        _ = try await store.commit(try .sample(try .sample(), from: 2))
        #expect(try await store.history(of: try Instance.sample().id).map(\.version) == [1, 2, 3])
        await store.close()
    }

    /// However it is cut, the batch was written once, or was not and can be written again.
    @Test(arguments: CuttingProxy.Cut.allCases)
    func `anywhere leaves a batch whole`(cut: CuttingProxy.Cut) async throws {
        let proxy = try CuttingProxy()
        defer { proxy.close() }
        let store = try await store(proxy)
        let batch = try batch()
        proxy.cutNext(cut, holding: "turns")

        var isWritten = true
        do throws(StoreError) {
            let answers = try await store.commit(batch)
            #expect(answers.map(\.id) == ["a2"])
        } catch {
            #expect(error.code == .unavailable, "\(error.message)")
            isWritten = false
        }
        if !isWritten { _ = try await store.commit(batch) }

        #expect(proxy.cuts == 1)
        #expect(try await store.read(after: 0, limit: 9).map(\.id) == ["a1", "a2"])
        #expect(try await store.history(of: try Instance.sample().id).map(\.version) == [1, 2])
        await store.close()
    }

    @Test(arguments: [CuttingProxy.Cut.beforeRequest, .beforeAnswer])
    func `at the end of a group tells what became of it`(cut: CuttingProxy.Cut) async throws {
        let proxy = try CuttingProxy()
        defer { proxy.close() }
        let store = try await store(proxy)
        try await store.beginGroup()
        _ = try await store.append([try .sample("e1")], at: try .sample(), notes: [:])
        proxy.cutNext(cut)

        var isWritten = true
        do { try await store.endGroup() } catch { isWritten = false }

        let log = try await store.read(after: 0, limit: 9).map(\.id)
        #expect(log.contains("e1") == isWritten)
        if case .beforeAnswer = cut { #expect(isWritten) } else { #expect(!isWritten) }
        await store.close()
    }

    @Test func `is made again for the next question`() async throws {
        let proxy = try CuttingProxy()
        defer { proxy.close() }
        let store = try await store(proxy)
        _ = try await store.read(after: 0, limit: 9)
        proxy.cutNext(.beforeRequest)

        #expect(try await store.read(after: 0, limit: 9).map(\.id) == ["a1"])
        await store.close()
    }
}
