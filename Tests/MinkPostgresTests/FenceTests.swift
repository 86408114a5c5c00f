// A process that was taken over must not write, whatever it was just doing.
//
// The sessions of both processes live in the thread of the test, so that each step stands where
// it is told to. Two weaker fences must be caught by the same steps.
import Glibc
import MinkEngine
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

/// A process as its database sees it: a lane that was claimed, and a batch under way.
private final class Process {
    let session: Session
    let lane: Lane
    private let turns: Statement

    /// Claims the schema; whoever had it has been silent for too long.
    init(_ schema: ScratchSchema, named name: String, fence: String = Statement.fence) throws {
        session = schema.session()
        turns = .turns(fence: fence)
        try session.script("update lanes set lease_until = 'epoch'")
        try session.script("set lock_timeout = 300")
        lane = try Ownership(session: session, owner: name).begin(.whole).holding.lane
    }

    /// Sends a batch without ending its transaction.
    func beginBatch(_ instance: Instance, from version: Int64, cursor: Int64) throws {
        let batch = try TurnBatch.sample(instance, from: version, cursor: cursor)
        let known = try SagaTable.load([instance.id], session).mapValues {
            SagaHead($0.instance, saga: $0.saga, version: $0.version)
        }
        let plan = try BatchPlan(batch, known: known) { cursor }
        let number = try CursorTable.newest(of: lane.number, with: .all, session).batch + 1
        let progress = LogProgress(LogPlace(from: "1:1:", to: nil, position: cursor), .all)
        let head = Parameters().add(lane.number).add(lane.epoch).add(number).add(progress)
        try session.begin()
        do throws(StoreError) {
            try session.run(turns, try plan.adding(to: head))
        } catch {
            session.rollback()
            throw error
        }
    }

    func endBatch() throws { try session.commit() }

    var cursor: Int64 {
        get throws {
            try CursorTable.newest(of: lane.number, with: .all, session).progress.fronts.first?
                .place.position ?? 0
        }
    }
}

private let fences = [Statement.fence, "for key share", ""]

@Suite("The fence", .enabled(if: hasServer, .init(rawValue: noServer)))
struct FenceTests {
    private func schema() async throws -> ScratchSchema {
        let schema = try ScratchSchema()
        let store = try await schema.open()
        _ = try await store.commit(try .sample(try .sample(), from: 0, cursor: 1))
        await store.close()
        return schema
    }

    /// Takes over while a batch is written; the answer is whether the newcomer goes on from a
    /// place that the batch has already left behind.
    @Test(arguments: fences)
    func `lets a takeover wait for the batch that is being written`(fence: String) async throws {
        let schema = try await schema()
        let old = try Process(schema, named: "old", fence: fence)
        let taking = schema.session()
        try taking.script("set lock_timeout = 300")
        try old.beginBatch(try .sample(), from: 1, cursor: 2)

        let taken: Ownership.Holding? = try? {
            // The lease of the old one has run out.
            try taking.script("update lanes set lease_until = 'epoch'")
            return try Ownership(session: taking, owner: "new").begin(.whole).holding
        }()
        let seen = taken.map { $0.progress.fronts.first?.place.position }
        try? old.endBatch()
        let left = try old.cursor

        let isBroken = taken != nil && seen != left
        #expect(isBroken == (fence != Statement.fence))
        if fence == Statement.fence { #expect(taken == nil && left == 2) }
    }

    @Test(arguments: fences)
    func `refuses a batch that begins after the takeover`(fence: String) async throws {
        let schema = try await schema()
        let old = try Process(schema, named: "old", fence: fence)
        _ = try Process(schema, named: "new")

        let error = #expect(throws: StoreError.self) {
            try old.beginBatch(try .sample(), from: 1, cursor: 2)
        }

        #expect(error?.code == .occupied)
    }

    /// The takeover stands in a transaction that has not ended when the batch begins.
    @Test(arguments: fences)
    func `refuses a batch that waits while the takeover is written`(fence: String) async throws {
        let schema = try await schema()
        let old = try Process(schema, named: "old", fence: fence)
        let taking = schema.session()
        try taking.script("update lanes set lease_until = 'epoch'")
        try taking.begin()
        _ = try LaneTable.takeOver(old.lane.number, by: "new", taking)

        // In the thread of the test the takeover can not end meanwhile: the wait runs out instead.
        let error: StoreError? = {
            do {
                try old.beginBatch(try .sample(), from: 1, cursor: 2)
                return nil
            } catch let error as StoreError { return error } catch { return nil }
        }()
        if error == nil { try old.endBatch() }
        try taking.commit()

        #expect((error == nil) == (fence != Statement.fence))
        #expect(try old.cursor == (error == nil ? 2 : 1))
    }
}

@Suite("A lane", .enabled(if: hasServer, .init(rawValue: noServer)))
struct LaneTests {
    private var quick: PostgresOptions {
        var options = ScratchSchema.options
        options.leaseTime = .seconds(2)
        return options
    }

    @Test func `belongs to one process as long as that lives`() async throws {
        let schema = try ScratchSchema()
        let first = try await schema.open(quick)
        let second = try await schema.open(quick)
        _ = try await first.claim()

        // Longer than the lease: it is renewed.
        try await Task.sleep(for: .seconds(3))
        let error = await #expect(throws: StoreError.self) { try await second.claim() }

        #expect(error?.code == .occupied)
        #expect(error?.message.hasSuffix("stop it, or use another schema") == true)
        _ = try await first.commit(try .sample(try .sample(), from: 0))
        await first.close()
        _ = try await second.claim()
        let stored = try await second.load([try Instance.sample().id])
        #expect(stored.count == 1)
        await second.close()
    }

    @Test func `is taken over within its time, and its zombie is told`() async throws {
        let schema = try ScratchSchema()
        let zombie = try await schema.open(quick)
        _ = try await zombie.commit(try .sample(try .sample(), from: 0, cursor: 7))
        // As if the process were held: nothing renews any more.
        zombie.stopRenewing()
        let heir = try await schema.open(quick)
        var tries = 0
        var claim: Claim?
        while claim == nil, tries < 200 {
            claim = try? await heir.claim()
            tries += 1
            try await Task.sleep(for: .milliseconds(50))
        }

        #expect(claim?.cursor == 7)
        let error = await #expect(throws: StoreError.self) {
            try await zombie.commit(try .sample(try .sample(), from: 1))
        }
        #expect(error?.code == .occupied)
        let again = await #expect(throws: StoreError.self) {
            try await zombie.ready(ReadyRequest(after: 7, now: try .sample()))
        }
        #expect(again?.code == .occupied)
        _ = try await heir.commit(try .sample(try .sample(), from: 1))
        await zombie.close()
        await heir.close()
    }

    @Test func `goes on over a new connection when the old one is cut`() async throws {
        let schema = try ScratchSchema()
        let store = try await schema.open()
        _ = try await store.commit(try .sample(try .sample(), from: 0, cursor: 3))
        let backend = try await store.owned { lane throws(StoreError) in
            try lane.session.connection().backend
        }
        try schema.session().script("select pg_terminate_backend(\(backend))")

        // The first call may find the connection gone; nothing was written then.
        var failures = 0
        while failures < 3 {
            do {
                _ = try await store.commit(
                    try .sample(try .sample(), from: 1, commands: ["k1"], cursor: 4))
                break
            } catch {
                #expect((error as? StoreError)?.code == .unavailable)
                failures += 1
            }
        }

        #expect(failures < 3)
        #expect(try await store.claim().cursor == 4)
        #expect(try await store.history(of: try Instance.sample().id).map(\.version) == [1, 2])
        await store.close()
    }

    /// The places of events that were read go with the connection: a batch that says it has judged
    /// them would leave a place at which they come again.
    @Test func `decides again what it read before its connection was lost`() async throws {
        let schema = try ScratchSchema()
        let store = try await schema.open()
        _ = try await store.append([try .sample("a")], at: try .sample(), notes: [:])
        var request = ReadyRequest(after: 0, now: try .sample())
        request.events = 9
        let first = try #require(try await store.ready(request).events.last)
        _ = try await store.commit(try .sample(try .sample(), from: 0, cursor: first.position))
        _ = try await store.append(
            [try .sample("b"), try .sample("c")], at: try .sample(), notes: [:])
        request.after = first.position
        let last = try #require(try await store.ready(request).events.last)
        let backend = try await store.owned { lane throws(StoreError) in
            try lane.session.connection().backend
        }
        try schema.session().script("select pg_terminate_backend(\(backend))")
        for _ in 0..<3 { _ = try? await store.nextDue() }

        let error = await #expect(throws: StoreError.self) {
            try await store.commit(try .sample(try .sample(), from: 1, cursor: last.position))
        }
        let again = try await store.ready(request).events
        _ = try await store.commit(
            try .sample(try .sample(), from: 1, cursor: again.last?.position))
        request.after = last.position
        let rest = try await store.ready(request).events

        #expect(error?.code == .conflict)
        #expect(again.map(\.id) == ["b", "c"])
        #expect(rest.isEmpty)
        await store.close()
    }
}
