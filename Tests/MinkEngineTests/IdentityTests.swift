import MinkEngine
import MinkExpression
import Testing

@Suite("A command's id")
struct CommandIDTests {
    @Test func `follows from the start event, the name of the saga and the command's number`()
        throws
    {
        let workflow = try Small.workflow(
            #""A": { "onEnter": { "emit": ["Tell", "Undo"] }, "on": { "Go": {} } }"#)
        func ids(_ tenant: String, _ key: String) -> [String] {
            let id = InstanceID(tenant: tenant, workflow: "Small", key: .string(key))
            let event = EventRecord(
                id: "0190a0b0-1111-7000-8000-000000000001", type: "Begin",
                data: #"{"k":"\#(key)"}"#,
                metadata: .init(tenant: tenant),
                time: Timestamp("2026-01-01T00:00:00Z") ?? .earliest)
            let now = Timestamp("2026-01-01T00:00:00Z") ?? .earliest
            return decide(workflow, nil, id: id, .event(event, isSeen: false), at: now)
                .commands.map(\.id)
        }

        #expect(ids("t", "o1") == ids("t", "o1"))
        #expect(Set(ids("t", "o1") + ids("u", "o1") + ids("t", "o2")).count == 6)
        #expect(ids("t", "o1").allSatisfy { $0.hasPrefix("0190a0b0-1111-8") && $0.count == 36 })
    }

    @Test func `is kept with the correlation and the tenant of the saga`() throws {
        var story = Story(try Small.workflow(#""A": { "on": { "Go": { "emit": ["Tell"] } } }"#))
        story.event("Begin")
        story.event("Go")

        let metadata = story.decision.commands.first?.metadata
        #expect(metadata?.correlationID == "e1")
        #expect(metadata?.causationID == "e2")
    }
}

@Suite("A key")
struct KeyTests {
    @Test func `is a text that is not empty, or a whole number; 7 and "7" are two sagas`() throws {
        #expect(InstanceKey("") == nil)
        #expect(InstanceKey(nil) == nil)
        #expect(InstanceKey(7.5) == nil)
        #expect(InstanceKey(7) != InstanceKey("7"))
        for key in [InstanceKey.string("a"), .string("#7"), .string("##"), .int(7), .int(-7)] {
            #expect(InstanceKey(stored: key.stored) == key)
        }
    }

    @Test func `comes from the event, with its tenant; without one it is a dead letter`() throws {
        let workflow = try Small.workflow(
            #""A": { "on": { "Go": {}, "Other": {} } }"#,
            events:
                #""Other": { "correlate": "= event.order.id", "fields": { "order": "object" } }"#)
        func route(_ type: String, _ data: String) -> Route {
            MinkEngine.route(
                EventRecord(
                    id: "e", type: type, data: data, metadata: .init(tenant: "t"), time: .earliest),
                by: workflow)
        }
        let expected = InstanceID(tenant: "t", workflow: "Small", key: .string("o1"))

        #expect(
            route("Go", #"{"k":"o1"}"#)
                == .instance(expected, unique: nil, payload: ["k": "o1"]))
        #expect(
            route("Other", #"{"order":{"id":"o1"}}"#)
                == .instance(expected, unique: nil, payload: ["order": ["id": "o1"]]))
        #expect(route("Unknown", "{}") == .notListed)
        for (type, data, reason) in [
            ("Go", #"{"k":""}"#, "no-key"), ("Other", #"{"order":{}}"#, "no-key"),
            ("Go", #"{"k":7}"#, "bad-event"), ("Go", "{", "bad-event"),
        ] {
            guard case .deadLetter(let found, _) = route(type, data) else {
                Issue.record("\(type) \(data) is routed")
                continue
            }
            #expect(found == reason)
        }
    }
}
