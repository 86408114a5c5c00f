// A run decides lines while earlier ones are still being written. Nobody may notice: these tests
// play lines without waiting in between.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore
import MinkWorkflow
import Synchronization
import Testing

@testable import MinkTesting

@Suite("Lines that are played without waiting")
struct PlaybackTests {
    private let store: SQLiteStore
    private let told = Told()

    init() throws {
        store = try SQLiteStore(file: ":memory:")
    }

    @Test func `know an event that is sent again before it is written`() async throws {
        var playback = try await playback()
        let event = Self.created("e1", key: "o1")

        for (number, line) in [event, event].enumerated() {
            #expect(try await playback.play(line, number: number + 1, fingerprint: "") == nil)
        }
        try await playback.settle()

        #expect(try await store.read(after: 0, limit: 9).map(\.id) == ["e1"])
        #expect(told.events == ["e1 started", "e1 duplicate"])
    }

    @Test func `refuse another event under an id that is being written`() async throws {
        var playback = try await playback()
        try await playback.foresee([Self.created("e1", key: "o1"), Self.created("e1", key: "o2")])
        _ = try await playback.play(Self.created("e1", key: "o1"), number: 1, fingerprint: "")

        let refusal = try await playback.play(
            Self.created("e1", key: "o2"), number: 2, fingerprint: "")

        #expect(refusal == "another event has the id \"e1\"")
    }

    @Test func `see a value that an earlier line has brought`() async throws {
        var playback = try await playback()
        try await playback.playAll([
            Self.created("e1", key: "o1"), Self.paid("e2", payment: "p1"),
            Self.paid("e3", payment: "p1"), Self.paid("e4", payment: "p2"),
        ])

        #expect(told.events.contains("e3 duplicate"))
        #expect(!told.events.contains("e4 duplicate"))
    }

    @Test func `give commands to the log the places that the log gives`() async throws {
        var playback = try await playback(of: try Self.announcing)
        try await playback.playAll(
            ["n1", "n2"].flatMap { [Self.event("\($0)-a", "Began", $0, [:]), Self.heard($0)] })

        let log = try await store.read(after: 0, limit: 99)
        #expect(log.map(\.type) == ["Began", "Announced", "Heard", "Began", "Announced", "Heard"])
        #expect(log.map(\.position) == Array(1...6))
        #expect(try await store.claim().cursor == 6)
    }

    @Test func `keep the event of a sender that has the id of a later command`() async throws {
        var first = try await playback(of: try Self.announcing)
        let lines = [Self.event("e1", "Began", "n1", [:]), Self.heard("n1")]
        try await first.playAll(lines)
        let command = try #require(try await store.read(after: 1, limit: 1).first)
        let other = try SQLiteStore(file: ":memory:")
        var second = try await playback(of: try Self.announcing, other)

        try await second.foresee(lines)
        try await second.playAll([Self.event(command.id, "Unheard", "n1", [:])] + lines)

        let log = try await other.read(after: 0, limit: 99)
        #expect(log.map(\.type) == ["Unheard", "Began", "Heard"])
    }

    @Test func `are not told, and end the run, when one can not be written`() async throws {
        var playback = try await playback()
        let unheard = Self.event("e2", "Unheard", "o1", [:])
        try await playback.playAll([Self.created("e1", key: "o1")])
        try await playback.foresee([unheard])
        store.close()
        _ = try await playback.play(unheard, number: 2, fingerprint: "")

        for _ in 1...2 {
            do {
                try await playback.settle()
                Issue.record("a store that is closed has to be noticed")
            } catch {
                #expect(error.code == .unavailable)
            }
        }
        #expect(told.events == ["e1 started"])
    }

    @Test func `go on where the last one that was written ended`() async throws {
        var playback = try await playback()
        try await playback.playAll([Self.created("e1", key: "o1")], fingerprint: "abc")

        let next = try await self.playback()

        #expect(next.consumed == 1)
        #expect(next.fingerprint == "abc")
    }
}

extension PlaybackTests {
    private func playback(
        of workflow: Definition? = nil, _ other: SQLiteStore? = nil
    ) async throws -> Playback {
        var catalog = Catalog()
        catalog.add(try workflow ?? TestProject.read("order-fulfillment").0)
        return try await Playback(store: other ?? store, catalog: catalog, observe: told.add)
    }

    /// A workflow that sends a command to the event log, and waits for an event.
    private static var announcing: Definition {
        get throws {
            let text = """
                { "workflow": "Announcing", "version": 1, "description": "Tells that it began.",
                  "correlateBy": "orderId", "data": { "orderId": "string" },
                  "events": { "Began": { "fields": { "orderId": "string" } },
                              "Heard": { "fields": { "orderId": "string" } } },
                  "commands": { "Announced": { "to": "events", "undo": "none",
                                               "with": { "orderId": "= data.orderId" } } },
                  "start": { "Began": { "set": { "orderId": "= event.orderId" },
                                        "emit": "Announced", "goto": "Waiting" } },
                  "states": { "Waiting": { "description": "Until somebody heard.",
                                           "on": { "Heard": { "goto": "Done" } } },
                              "Done": { "final": "completed" } } }
                """
            return try #require(TestProject.read(text, as: "announcing").definition)
        }
    }

    private static func heard(_ key: String) -> PlaybackLine {
        event("\(key)-heard", "Heard", key, [:])
    }

    private static func event(
        _ id: String, _ type: String, _ key: String, _ fields: Value
    ) -> PlaybackLine {
        guard case .map(var members) = fields else { preconditionFailure("fields are an object") }
        members["orderId"] = .string(key)
        let data = Value.map(members)
        return .event(
            EventRecord(id: id, type: type, data: data.json, time: Playback.start), at: nil)
    }

    private static func created(_ id: String, key: String) -> PlaybackLine {
        event(
            id, "OrderCreated", key,
            [
                "customerId": "c1", "address": ["city": "Bern"],
                "items": [["sku": "cup", "quantity": 2]], "total": 39.8,
            ])
    }

    private static func paid(
        _ id: String, key: String = "o1", payment: String
    ) -> PlaybackLine {
        event(id, "PaymentReceived", key, ["paymentId": .string(payment), "amount": 39.8])
    }
}

extension Playback {
    /// Plays lines one after the other, and waits at the end.
    fileprivate mutating func playAll(
        _ lines: [PlaybackLine], fingerprint: String = ""
    ) async throws {
        for (number, line) in lines.enumerated() {
            _ = try await play(line, number: number + 1, fingerprint: fingerprint)
        }
        try await settle()
    }
}

/// What was told of events, in order.
private final class Told: Sendable {
    private let lines = Mutex<[String]>([])

    var events: [String] { lines.withLock { $0 } }

    func add(_ observation: Observation) {
        switch observation {
        case .turn(let turn):
            for case .event(let id, _, let judged, _) in turn.decision.facts {
                lines.withLock { $0.append("\(id) \(judged)") }
            }
        case .notAppended(let event, let appended, _):
            lines.withLock { $0.append("\(event.id) \(appended)") }
        default: break
        }
    }
}
