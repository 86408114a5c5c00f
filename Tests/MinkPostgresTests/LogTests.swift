// The cursor of the log: nothing is missed and nothing comes twice, in whatever order transactions
// end.
import MinkEngine
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

@Suite("The log cursor", .enabled(if: hasServer, .init(rawValue: noServer)))
struct LogTests {
    /// A schema, a reader of its log, and a session for the reader.
    private func reader() async throws -> (ScratchSchema, LogReader, Session) {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        return (schema, LogReader(at: LogProgress(.start, .all)), schema.session())
    }

    private func append(_ ids: String..., on session: Session) throws {
        let events = try ids.map { try EventRecord.sample($0) }
        _ = try EventTable.append(events, at: try .sample(), notes: [:], session)
    }

    /// Reads on behind what was read last.
    private func read(
        _ reader: inout LogReader, limit: Int = 100, _ session: Session
    ) throws -> [String] {
        let events = try reader.events(
            after: reader.lastPosition, limit: limit, session
        ).events
        return events.map(\.id)
    }

    @Test func `misses no event whose transaction ends late`() async throws {
        var (schema, reader, session) = try await reader()
        let (slow, quick) = (schema.session(), schema.session())
        try slow.begin()
        try append("a", on: slow)
        try append("b", on: quick)

        let first = try read(&reader, session)
        try append("c", on: quick)
        let second = try read(&reader, session)
        try slow.commit()
        let third = try read(&reader, session)
        let fourth = try read(&reader, session)

        #expect([first, second, third, fourth] == [["b"], ["c"], ["a"], []])
    }

    @Test func `gives the events of one window by position`() async throws {
        var (schema, reader, session) = try await reader()
        let (one, two) = (schema.session(), schema.session())
        try one.begin()
        try two.begin()
        try append("a", on: two)
        try append("b", on: one)
        try append("c", on: two)
        try one.commit()
        try two.commit()

        #expect(try read(&reader, session) == ["a", "b", "c"])
    }

    @Test func `leaves out what was rolled back, also to a savepoint`() async throws {
        var (schema, reader, session) = try await reader()
        let writer = schema.session()
        try writer.begin()
        try append("gone", on: writer)
        writer.rollback()
        try writer.begin()
        try append("a", on: writer)
        try writer.script("savepoint s")
        try append("undone", on: writer)
        try writer.script("rollback to savepoint s; savepoint t")
        try append("b", on: writer)

        let before = try read(&reader, session)
        try writer.commit()

        #expect(before == [])
        #expect(try read(&reader, session) == ["a", "b"])
        #expect(try read(&reader, session) == [])
    }

    @Test func `is not held up by a foreign transaction, also of another database`() async throws {
        var (schema, reader, session) = try await reader()
        let (here, writer) = (schema.session(), schema.session())
        let server = try ScratchPostgres.shared.get()
        let elsewhere = Session(
            Address(
                url: server.url(database: "template1"), schema: Schema(name: "public"),
                options: ScratchSchema.options))
        elsewhere.checksIdentity = false
        for foreign in [here, elsewhere] {
            try foreign.begin()
            try foreign.script("create temporary table held(a int)")
        }

        for round in 1...3 {
            try append("e\(round)", on: writer)
            #expect(try read(&reader, session) == ["e\(round)"])
        }
        here.rollback()
        elsewhere.rollback()
        elsewhere.disconnect()
        try append("e4", on: writer)
        #expect(try read(&reader, session) == ["e4"])
    }

    @Test func `goes on in the middle of a window after a restart`() async throws {
        var (schema, reader, session) = try await reader()
        try append("a", "b", "c", "d", on: schema.session())
        let some = try reader.events(after: 0, limit: 3, session).events
        let place = reader.progress(judgedTo: some[1].position)
        try append("e", on: schema.session())

        var later = LogReader(at: place)

        #expect(some.map(\.id) == ["a", "b", "c"])
        #expect(try read(&later, session) == ["c", "d", "e"])
    }

    @Test func `reads again what was not judged, and nothing else`() async throws {
        var (schema, reader, session) = try await reader()
        try append("a", "b", on: schema.session())
        let first = try reader.events(after: 0, limit: 9, session).events
        reader.didJudge(reader.progress(judgedTo: first[0].position))

        let again = try reader.events(after: first[0].position, limit: 9, session).events
        let error = #expect(throws: StoreError.self) {
            try reader.events(after: 999_999, limit: 9, session)
        }

        #expect(again.map(\.id) == ["b"])
        #expect(error?.code == .conflict)
    }

    @Test func `goes back with a group that is undone`() async throws {
        let store = try await (try ScratchSchema()).open()
        _ = try await store.append(
            [try .sample("a"), try .sample("b")], at: try .sample(), notes: [:])
        var request = ReadyRequest(after: 0, now: try .sample())
        request.events = 9
        let first = try await store.ready(request).events
        try await store.beginGroup()
        _ = try await store.commit(
            try .sample(try .sample(), from: 0, cursor: first[1].position))
        await #expect(throws: StoreError.self) {
            try await store.commit(try .sample(try .sample(), from: 7))
        }

        #expect(try await store.claim().cursor == 0)
        let again = try await store.ready(request).events
        #expect(again.map(\.id) == ["a", "b"])
        await store.close()
    }
}

extension LogReader {
    /// The position behind which reading goes on.
    var lastPosition: Int64 { read.last?.position ?? cursor }
}
