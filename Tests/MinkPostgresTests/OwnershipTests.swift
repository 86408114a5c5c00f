// How several engines share the work: who has which partition, and from where in the log.
import MinkEngine
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

/// An owner whose steps stand in the thread of the test.
private final class Owner {
    let name: String
    let session: Session
    private let ownership: Ownership
    private(set) var holding: Ownership.Holding
    private(set) var surplus = PartitionSet.none
    private var reader: LogReader

    init(_ schema: ScratchSchema, _ name: String) throws {
        self.name = name
        session = schema.session()
        ownership = Ownership(session: session, owner: name)
        let (holding, balance) = try ownership.begin(.share)
        self.holding = holding
        reader = LogReader(at: holding.progress)
        note(balance)
    }

    var owned: PartitionSet { holding.progress.partitions }

    private func note(_ balance: Ownership.Balance) {
        surplus = owned.suffix(owned.count - balance.target)
    }

    /// Gives up its surplus and takes what is free.
    func tend() throws {
        let (next, balance) = try ownership.shareOut(holding, releasing: surplus)
        holding = next
        reader = LogReader(at: next.progress)
        note(balance)
    }

    /// Reads some events, judges some of them, and notes how far.
    ///
    /// - Returns: What was judged, as `event in partition`.
    func work(limit: Int, judging most: Int) throws -> [String] {
        let (events, scope) = try reader.events(
            after: reader.cursor, limit: limit, session)
        let some = events.prefix(most)
        guard let last = some.last else { return [] }
        holding.batch += 1
        holding.progress = reader.progress(judgedTo: last.position)
        try CursorTable.add(
            holding.progress, batch: holding.batch, of: holding.lane, session)
        reader.didJudge(holding.progress)
        return some.flatMap { event in scope.numbers.map { "\(event.id) in \($0)" } }
    }

    func end() throws { try ownership.end(holding) }

    /// Falls silent, as a process does that was killed.
    func die() throws {
        try session.script(
            "update lanes set lease_until = 'epoch' where lane = \(holding.lane.number)")
    }
}

@Suite("The owners of one database", .enabled(if: hasServer, .init(rawValue: noServer)))
struct OwnershipTests {
    private func schema() async throws -> ScratchSchema {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        return schema
    }

    @Test func `have fair shares after each has looked`() async throws {
        let schema = try await schema()
        let first = try Owner(schema, "a")
        #expect(first.owned == .all)

        let second = try Owner(schema, "b")
        #expect(second.owned.isEmpty)
        try first.tend()
        try first.tend()
        try second.tend()
        #expect([first, second].map(\.owned.count) == [32, 32])

        let third = try Owner(schema, "c")
        for owner in [first, second, first, second, third] { try owner.tend() }
        let owners = [first, second, third]
        #expect(owners.map(\.owned.count) == [22, 21, 21])
        #expect(owners.reduce(PartitionSet.none) { $0.union($1.owned) } == .all)
    }

    @Test func `take over what a dead one and one that ended have left`() async throws {
        let schema = try await schema()
        let owners = try ["a", "b", "c"].map { try Owner(schema, $0) }
        for owner in owners + owners + owners { try owner.tend() }

        try owners[0].die()
        try owners[1].tend()
        try owners[2].tend()
        #expect(owners.map(\.owned.count)[1...] == [32, 32])
        let error = #expect(throws: StoreError.self) { try owners[0].tend() }
        #expect(error?.code == .occupied)

        try owners[2].end()
        try owners[1].tend()
        #expect(owners[1].owned == .all)
    }

    @Test func `stand by while somebody has all of it, and the other way round`() async throws {
        let schema = try await schema()
        let session = schema.session()
        let alone = Ownership(session: session, owner: "alone")
        let whole = try alone.begin(.whole).holding
        let engine = try Owner(schema, "engine")
        try engine.tend()

        #expect(engine.owned.isEmpty)
        try alone.end(whole)
        try engine.tend()
        #expect(engine.owned == .all)
        let error = #expect(throws: StoreError.self) { try alone.begin(.whole) }
        #expect(error?.code == .occupied)
    }

    /// Each event has to be judged once in each partition, whoever has it meanwhile.
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `judge each event once while partitions change hands`(seed: UInt64) async throws {
        var random = Draw(seed: seed)
        let schema = try await schema()
        let writer = schema.session()
        let slow = schema.session()
        var (written, isSlowOpen) = (0, false)
        var judged: [String] = []
        var owners = [try Owner(schema, "0")]
        var names = 1

        func append(on session: Session) throws {
            let event = try EventRecord.sample("e\(written)")
            written += 1
            _ = try EventTable.append([event], at: try .sample(), notes: [:], session)
        }
        for _ in 0..<250 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0...2: try append(on: writer)
            case 3:
                if isSlowOpen { try slow.commit() } else { try slow.begin() }
                isSlowOpen.toggle()
                if isSlowOpen { try append(on: slow) }
            case 4 where owners.count < 4:
                owners.append(try Owner(schema, "\(names)"))
                names += 1
            case 5 where owners.count > 1 && Bool.random(using: &random):
                let gone = owners.remove(at: Int.random(in: 0..<owners.count, using: &random))
                if Bool.random(using: &random) { try gone.end() } else { try gone.die() }
            case 6, 7:
                try owners.randomElement(using: &random)?.tend()
            default:
                guard let owner = owners.randomElement(using: &random) else { continue }
                let limit = Int.random(in: 1...6, using: &random)
                judged += try owner.work(
                    limit: limit, judging: Int.random(in: 1...limit, using: &random))
            }
        }
        if isSlowOpen { try slow.commit() }
        for _ in 0..<4 { for owner in owners { try owner.tend() } }
        for owner in owners {
            while case let more = try owner.work(limit: 50, judging: 50), !more.isEmpty {
                judged += more
            }
        }

        let expected = (0..<written).flatMap { event in
            PartitionSet.all.numbers.map { "e\(event) in \($0)" }
        }
        #expect(judged.count == expected.count)
        #expect(Set(judged) == Set(expected))
    }
}
