// What does not belong to the engine's own work: appending, asking, giving up.
import MinkEngine
import MinkExpression
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

@Suite("The pool", .enabled(if: hasServer, .init(rawValue: noServer)))
struct PoolTests {
    @Test func `appends what two senders send in different order`() async throws {
        let schema = try ScratchSchema()
        let (one, two) = (try await schema.open(), try await schema.open())
        let now = try Timestamp.sample()

        for round in 0..<20 {
            let events = try (0..<40).map { try EventRecord.sample("e\(round)-\($0)") }
            async let first = one.append(events, at: now, notes: [:])
            async let second = two.append(events.reversed(), at: now, notes: [:])
            let outcomes = zip(try await first, try await second.reversed())

            for (left, right) in outcomes {
                #expect((left == .duplicate) != (right == .duplicate))
            }
        }
        #expect(try await one.read(after: 0, limit: .max).count == 800)
        await one.close()
        await two.close()
    }

    /// The statement would end by itself, and well; so would one that was asked in spite of all.
    @Test(arguments: [0, 300])
    func `gives up a question whose task is cancelled`(milliseconds: Int) async throws {
        let store = try await (try ScratchSchema()).open()
        let sleeping = Statement("sleep", "select pg_sleep(20)")

        let task = Task {
            try await store.asked { session throws(StoreError) in
                try session.read(sleeping).count
            }
        }
        try await Task.sleep(for: .milliseconds(milliseconds))
        task.cancel()
        let error = await #expect(throws: StoreError.self) { try await task.value }

        #expect(error?.code == .unavailable)
        #expect(try await store.read(after: 0, limit: 1) == [])
        await store.close()
    }

    @Test func `works for a user without special rights`() async throws {
        let schema = try ScratchSchema()
        let session = schema.session()
        session.checksIdentity = false
        try session.script(
            """
            create role "plain \(schema.name)" login;
            grant create on database postgres to "plain \(schema.name)"
            """)
        let url = "\(schema.url) user='plain \(schema.name)'"

        let store = try await ScratchSchema(url: url, name: schema.name).open()
        _ = try await store.commit(try .sample(try .sample(), from: 0))
        await store.close()
    }
}
