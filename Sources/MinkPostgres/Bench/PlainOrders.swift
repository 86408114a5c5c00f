// The same orders without an engine and without its tables: the fastest way that was found to write
// such turns, which the ceiling of `bench sagas` is held against.
//
//   poll ─▶ look up ─▶ settle, turns, new orders: one trip, one transaction ─▶ poll
//
// One connection, plain arrays that were made before, narrow tables with no index that nobody needs
// while orders run. The bodies are the engine's, so that both write the same content.
import MinkEngine
import MinkExpression
package import MinkStore

/// One turn of an order as plain arrays hold it.
package struct PlainTurn: Sendable {
    /// The event that is judged, its type and its payload.
    package var event: (id: String, type: String, data: [UInt8])
    /// The order, and how many turns it had.
    package var order: (key: String, version: Int64)
    /// What is written.
    package var bodies: (state: [UInt8], history: [UInt8])
    /// The command that is sent; it is answered by the event of the next turn.
    package var command: (id: String, name: String, body: [UInt8])

    package init(
        event: (id: String, type: String, data: [UInt8]), order: (key: String, version: Int64),
        bodies: (state: [UInt8], history: [UInt8]),
        command: (id: String, name: String, body: [UInt8])
    ) {
        self.event = event
        self.order = order
        self.bodies = bodies
        self.command = command
    }
}

/// Writes orders by plain statements.
package struct PlainOrders: Sendable {
    private let worker: Worker<PlainLane>
    private let schema: Schema

    /// Connects, and makes the tables in a schema of its own.
    package init(_ url: String, schema name: String) async throws(StoreError) {
        let schema = Schema(name: name)
        self.schema = schema
        let address = Address(url: url, schema: schema, options: PostgresOptions())
        worker = try Worker {
            let session = Session(address)
            session.checksIdentity = false
            return PlainLane(session)
        }
        try await worker.run { lane throws(StoreError) in
            try lane.session.script("create schema \(schema.quoted)")
            try lane.session.script(PlainStatements.tables)
        }
    }

    /// Carries orders through.
    ///
    /// - Parameters:
    ///   - orders: The turns of each order.
    ///   - window: How many are under way at once.
    /// - Returns: How many turns were written.
    /// - Throws: ``StoreError`` if the server refuses.
    package func run(
        _ orders: [[PlainTurn]], window: Int
    ) async throws(StoreError) -> Int {
        try await worker.run { lane throws(StoreError) in
            try PlainRun(orders, window: window, lane).run()
        }
    }

    /// Removes the schema and closes the connection.
    package func close() async {
        let schema = schema
        do throws(StoreError) {
            try await worker.run { lane throws(StoreError) in
                try lane.session.script("drop schema \(schema.quoted) cascade")
                lane.session.disconnect()
            }
        } catch {}
        worker.close()
    }
}

/// How far the log was read, over one connection.
private final class PlainLane {
    let session: Session
    var cursor = LogPlace.start
    /// The number of the last transaction.
    var batch: Int64 = 0

    init(_ session: Session) {
        self.session = session
    }
}

/// Orders on their way.
private final class PlainRun {
    private let orders: [[PlainTurn]]
    private let window: Int
    /// Where each event belongs, by the bytes of its id.
    private var places: [[UInt8]: (order: Int, turn: Int)] = [:]
    private let ids: [[(event: [UInt8], command: [UInt8])]]
    private var (sent, ended, written) = (0, 0, 0)
    private let lane: PlainLane
    /// Turns whose commands the next transaction settles.
    private var waiting: [(order: Int, turn: Int)] = []

    init(_ orders: [[PlainTurn]], window: Int, _ lane: PlainLane) {
        self.orders = orders
        self.lane = lane
        self.window = window
        ids = orders.map { turns in
            turns.map { (uuid($0.event.id), uuid($0.command.id)) }
        }
        for (order, turns) in ids.enumerated() {
            for (turn, id) in turns.enumerated() { places[id.event] = (order, turn) }
        }
    }

    func run() throws(StoreError) -> Int {
        while ended < orders.count {
            let found = try poll()
            var calls: [Call] = []
            if !waiting.isEmpty { calls.append(settle()) }
            waiting = found.map(\.place)
            if !found.isEmpty { calls.append(turns(found)) }
            let end = min(orders.count, ended + window)
            if sent < end {
                calls.append(append(sent..<end))
                sent = end
            }
            if !calls.isEmpty { try lane.session.pipeline(calls) }
            written += found.count
            ended += found.count { $0.place.turn == orders[$0.place.order].count - 1 }
        }
        return written
    }

    private typealias Found = (position: Int64, place: (order: Int, turn: Int))

    private func poll() throws(StoreError) -> [Found] {
        let place = lane.cursor
        let rows = try lane.session.run(
            PlainStatements.poll,
            Parameters().add(place.from).add(place.to).add(place.position).add(500))
        var found: [Found] = []
        rows.forEach { row in
            if let end = row.textOrNil() {
                lane.cursor.to = end
                return
            }
            let position = row.integer()
            lane.cursor.position = position
            if let place = places[row.bytes()] { found.append((position, place)) }
        }
        if found.count < 500 {
            lane.cursor = LogPlace(
                from: lane.cursor.to ?? place.from, to: nil, position: 0)
        }
        return found
    }

    private func append(_ numbers: Range<Int>) -> Call {
        PlainStatements.append.with(events(numbers.map { ($0, 0) }))
    }

    private func events(_ places: [(order: Int, turn: Int)]) -> Parameters {
        let turns = places.map { orders[$0.order][$0.turn] }
        return Parameters().add(uuids: places.map { ids[$0.order][$0.turn].event })
            .add(turns.map(\.order.key)).add(turns.map(\.order.version))
            .add(turns.map(\.event.type)).add(turns.map(\.event.data))
    }

    private func settle() -> Call {
        let answered = waiting.filter { $0.turn + 1 < orders[$0.order].count }
        return PlainStatements.settle.with(
            events(answered.map { ($0.order, $0.turn + 1) })
                .add(uuids: answered.map { ids[$0.order][$0.turn].command })
                .add(uuids: waiting.map { ids[$0.order][$0.turn].command }))
    }

    private func turns(_ found: [Found]) -> Call {
        lane.batch += 1
        let (batch, cursor) = (lane.batch, lane.cursor)
        let updates = found.filter { $0.place.turn > 0 }.map(\.place)
        let inserts = found.filter { $0.place.turn == 0 }.map(\.place)
        func turns(_ places: [(order: Int, turn: Int)]) -> [PlainTurn] {
            places.map { orders[$0.order][$0.turn] }
        }
        func sagas(_ places: [(order: Int, turn: Int)]) -> [[UInt8]] {
            places.map { ids[$0.order][0].event }
        }
        let places = found.map(\.place)
        let all = turns(places)
        return PlainStatements.turn.with(
            Parameters().add(batch).add(cursor.from).add(cursor.to).add(cursor.position)
                .add(uuids: sagas(updates)).add(turns(updates).map(\.order.version))
                .add(turns(updates).map(\.bodies.state))
                .add(uuids: sagas(inserts)).add(turns(inserts).map(\.order.key))
                .add(turns(inserts).map(\.bodies.state))
                .add(uuids: sagas(places)).add(all.map { $0.order.version + 1 })
                .add(found.map(\.position)).add(all.map(\.bodies.history))
                .add(uuids: places.map { ids[$0.order][$0.turn].command })
                .add(all.map(\.command.name)).add(all.map(\.command.body)))
    }
}

/// The 16 bytes of a UUID.
private func uuid(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in text.utf8 {
        guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { continue }
        if let first = high {
            bytes.append(first << 4 | UInt8(value))
            high = nil
        } else {
            high = UInt8(value)
        }
    }
    return bytes
}
