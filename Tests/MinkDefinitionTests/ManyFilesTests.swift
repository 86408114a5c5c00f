// Several files at once, and scenario files against their workflow.
import MinkExpression
import Testing

@testable import MinkDefinition

@Suite("Several files")
struct ManyFilesTests {
    private func input(_ file: String, _ text: String) -> DefinitionReader.Input {
        .init(file: file, bytes: Array(text.utf8))
    }

    @Test func `cannot hold one version of a workflow twice`() {
        let findings = DefinitionReader().validate([
            input("b.workflow.json", Samples.everything),
            input("a.workflow.json", Samples.everything),
        ]).findings

        #expect(findings.map(\.rule) == [.nameClash])
        #expect(findings.first?.span.file == "b.workflow.json")
        #expect(findings.first?.related.first?.span.file == "a.workflow.json")
    }

    @Test func `may hold two versions of a workflow`() {
        let second = Samples.everything.replacing("\"version\": 1", with: "\"version\": 2")
        let result = DefinitionReader().validate([
            input("a.workflow.json", Samples.everything), input("b.workflow.json", second),
        ])

        #expect(result.findings.isEmpty)
        #expect(result.files.map(\.identity?.version) == [1, 2])
    }

    @Test func `should not begin two workflows with one event and key`() {
        let second = Samples.everything.replacing("\"Everything\"", with: "\"Other\"")
        let findings = DefinitionReader().validate([
            input("a.workflow.json", Samples.everything), input("b.workflow.json", second),
        ]).findings

        #expect(findings.map(\.rule) == [.startClash])
        #expect(
            findings.first?.message
                == "\"Asked\" starts workflow \"Everything\" too, with the same key")
    }

    @Test func `are all read, however broken one is`() {
        let result = DefinitionReader().validate([
            input("a.workflow.json", "{"), input("b.workflow.json", "[]"),
            input("c.workflow.json", Samples.everything), input("d.scenarios.json", "{}"),
        ])

        #expect(
            Set(result.findings.map(\.span.file)) == [
                "a.workflow.json", "b.workflow.json", "d.scenarios.json",
            ])
        #expect(result.files.count == 4)
        #expect(Set(result.sources.keys) == Set(result.files.map(\.file)))
    }
}

@Suite("A scenario file")
struct ScenarioFileTests {
    private let story = """
        { "$schema": "../schemas/scenarios.schema.json", "workflow": "Everything", "scenarios": [
          { "name": "All kinds of steps", "steps": [
            { "command": "Ask", "fails": "no line", "times": 2 },
            { "command": "Pack", "returns": [{ "event": "Packed", "with": { "id": "1" } }] },
            { "event": "Asked", "with": { "id": "1", "total": 1.50 }, "id": "e1", "times": 2 },
            { "wait": "30m" },
            { "operator": "mark-done", "reason": "paper" },
            { "expectCommand": "Ask", "with": { "amount": 1.50 } },
            { "expectCommands": ["Ask", "Pack"] },
            { "expect": { "status": "running", "state": "Paying", "outcome": "failed",
              "data": { "count": 1 }, "incident": null, "held": 0, "ledger": ["GiveBack"],
              "deadLetters": 0 } } ] } ] }
        """

    private func findings(_ text: String) -> [Finding] {
        DefinitionReader().validate([
            .init(file: "a.workflow.json", bytes: Array(Samples.everything.utf8)),
            .init(file: "a.scenarios.json", bytes: Array(text.utf8)),
        ]).findings
    }

    @Test func `is read into its steps`() throws {
        let read = ScenarioReader().read(.init(file: "a.scenarios.json", bytes: Array(story.utf8)))
        let steps = try #require(read.file?.scenarios.first?.steps)

        #expect(findings(story).isEmpty)
        #expect(steps.count == 8)
        guard case .event(let event) = steps[2].action,
            case .expect(let expectation) = steps[7].action,
            case .act(let action) = steps[4].action, case .wait(.seconds(1_800)) = steps[3].action
        else {
            Issue.record("\(steps)")
            return
        }
        #expect(event.payload?["total"]?.numberToken == "1.50")
        #expect(event.times == 2)
        #expect(expectation.incident == .some(nil))
        #expect(expectation.ledger == ["GiveBack"])
        #expect(action.action == .markDone)
        #expect(steps[3].place.line == 6)
    }

    @Test(arguments: [
        ("\"workflow\": \"Everything\"", "\"workflow\": \"Everythin\"", Rule.badValue, "/workflow"),
        (
            "\"event\": \"Asked\"", "\"event\": \"Aske\"", .unknownEvent,
            "/scenarios/0/steps/2/event"
        ),
        (
            "\"expectCommand\": \"Ask\"", "\"expectCommand\": \"Ak\"", .unknownCommand,
            "/scenarios/0/steps/5/expectCommand"
        ),
        (
            "[\"Ask\", \"Pack\"]", "[\"Ask\", \"Pak\"]", .unknownCommand,
            "/scenarios/0/steps/6/expectCommands/1"
        ),
        (
            "\"state\": \"Paying\"", "\"state\": \"Payin\"", .unknownState,
            "/scenarios/0/steps/7/expect/state"
        ),
        (
            "\"data\": { \"count\"", "\"data\": { \"cunt\"", .unknownData,
            "/scenarios/0/steps/7/expect/data/cunt"
        ),
        (
            "\"status\": \"running\"", "\"status\": \"runing\"", .badValue,
            "/scenarios/0/steps/7/expect/status"
        ),
        (
            "\"operator\": \"mark-done\"", "\"operator\": \"markdone\"", .badValue,
            "/scenarios/0/steps/4/operator"
        ),
        ("{ \"wait\": \"30m\" }", "{ \"wait\": \"30\" }", .badValue, "/scenarios/0/steps/3/wait"),
        (
            "{ \"wait\": \"30m\" }", "{ \"wiat\": \"30m\" }", .unknownKey,
            "/scenarios/0/steps/3/wiat"
        ),
        ("{ \"wait\": \"30m\" }", "{}", .missingKey, "/scenarios/0/steps/3"),
        (
            "{ \"wait\": \"30m\" }", "{ \"wait\": \"30m\", \"event\": \"Paid\" }", .exclusiveKeys,
            "/scenarios/0/steps/3/wait"
        ),
        (
            "\"fails\": \"no line\"", "\"fails\": \"no line\", \"rejects\": \"x\"", .exclusiveKeys,
            "/scenarios/0/steps/0/rejects"
        ),
        ("\"name\": \"All kinds of steps\", ", "", .missingKey, "/scenarios/0"),
    ])
    func `is checked against its workflow`(old: String, new: String, rule: Rule, pointer: String) {
        let found = findings(story.replacing(old, with: new))

        #expect(found.map(\.rule) == [rule])
        #expect(found.first?.span.pointer == pointer)
    }
}
