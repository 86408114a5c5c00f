// Many writers at once, whose transactions end in any order, and a reader that starts anew now and
// then; and a log that is far ahead of its reader.
import Glibc
import MinkEngine
import MinkExpression
import MinkStore
import MinkTesting
import Synchronization
import Testing

@testable import MinkPostgres

/// How many events wait in the test of a backlog: `MINK_POSTGRES_BACKLOG=1000000` for the large one.
private let backlog = getenv("MINK_POSTGRES_BACKLOG").flatMap { Int(String(cString: $0)) } ?? 20_000

@Suite("The log under load", .enabled(if: hasServer, .init(rawValue: noServer)))
struct LogStressTests {
    @Test func `gives each event once, and those of one writer in order`() async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        let (writers, rounds) = (8, 40)

        let (written, read) = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<writers {
                let worker = try Worker { schema.session() }
                group.addTask {
                    defer { worker.close() }
                    return try await worker.run { session throws(StoreError) in
                        try Writer(number: number).write(rounds: rounds, session)
                    }
                }
            }
            let done = Done()
            let reading = Task {
                try await Reader().read(schema, until: done)
            }
            var written: [String] = []
            for try await ids in group { written += ids }
            done.set()
            return (written, try await reading.value)
        }

        #expect(written.count > writers * rounds / 4)
        #expect(read.sorted() == written.sorted())
        for number in 0..<writers {
            let prefix = "w\(number)-"
            let order = read.filter { $0.hasPrefix(prefix) }
            #expect(order == written.filter { $0.hasPrefix(prefix) })
        }
    }

    @Test func `reads a large backlog by pages`() async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        let session = schema.session()
        try session.script(
            """
            set statement_timeout = 0;
            insert into events(tenant, id, type, stream, time, time_nanos, appended,
                appended_nanos, data)
            select '', 'e' || n, 'Paid', 'orders', now(), 0, now(), 0, '{}'
            from generate_series(1, \(backlog)) n
            """)
        // An open transaction of somebody else, as always.
        let other = schema.session()
        try other.begin()
        try other.script("create temporary table held(a int)")
        let start = MonotonicTime.now
        var reader = LogReader(at: LogProgress(.start, .all))
        var (last, count): (Int64, Int) = (0, 0)

        while true {
            let events = try reader.events(after: last, limit: 500, session).events
            guard let newest = events.last else { break }
            #expect(events.allSatisfy { $0.position > last })
            count += events.count
            last = newest.position
            reader.didJudge(reader.progress(judgedTo: last))
        }

        #expect(count == backlog)
        other.rollback()
        if getenv("MINK_POSTGRES_BACKLOG") != nil {
            print("backlog: \(start.millisecondsPassed * 1_000 / Int64(count)) µs per event")
        }
    }
}

/// Whether the writers are done.
private final class Done: Sendable {
    private let flag = Mutex(false)

    func set() { flag.withLock { $0 = true } }

    var isSet: Bool { flag.withLock(\.self) }
}

private struct Writer {
    let number: Int

    /// Writes in transactions of all kinds.
    ///
    /// - Returns: The ids of the events whose transactions were committed.
    func write(rounds: Int, _ session: Session) throws(StoreError) -> [String] {
        var written: [String] = []
        for round in 0..<rounds {
            let ids = (0...Int.random(in: 0...2)).map { "w\(number)-\(round)-\($0)" }
            switch Int.random(in: 0..<4) {
            case 0:
                try append(ids, session)
                written += ids
            case 1:
                try session.begin()
                try append(ids, session)
                usleep(.random(in: 0...5_000))
                session.rollback()
            case 2:
                try session.begin()
                try append([ids[0]], session)
                try session.script("savepoint s")
                try append(["undone-" + ids[0]], session)
                try session.script("rollback to savepoint s; savepoint t")
                try append(Array(ids.dropFirst()), session)
                usleep(.random(in: 0...20_000))
                try session.commit()
                written += ids
            default:
                try session.begin()
                try append(ids, session)
                usleep(.random(in: 0...10_000))
                try session.commit()
                written += ids
            }
        }
        return written
    }

    private func append(_ ids: [String], _ session: Session) throws(StoreError) {
        guard !ids.isEmpty, let now = try? Timestamp.sample() else { return }
        let events = ids.compactMap { try? EventRecord.sample($0) }
        _ = try EventTable.append(events, at: now, notes: [:], session)
    }
}

private struct Reader {
    /// Reads, judges some of it, and starts anew now and then from what was judged.
    ///
    /// - Returns: The ids of the events, in the order in which they were judged.
    func read(_ schema: ScratchSchema, until done: Done) async throws -> [String] {
        let worker = try Worker { schema.session() }
        defer { worker.close() }
        var (reader, judged) = (LogReader(at: LogProgress(.start, .all)), [String]())
        var isLast = false
        while true {
            isLast = done.isSet
            let limit = Int.random(in: 1...20)
            let before = reader
            let (after, events) = try await worker.run { session throws(StoreError) in
                var reader = before
                let events = try reader.events(
                    after: reader.cursor, limit: limit, session
                ).events
                return (reader, events)
            }
            reader = after
            if events.isEmpty {
                if isLast { return judged }
                continue
            }
            let some = events.prefix(Int.random(in: 1...events.count))
            judged += some.map(\.id)
            if let last = some.last {
                reader.didJudge(reader.progress(judgedTo: last.position))
            }
            if Int.random(in: 0..<10) == 0 { reader = LogReader(at: reader.judged) }
        }
    }
}
