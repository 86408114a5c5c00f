// A small workflow that tests of the analysis change in one place.
import Testing

@testable import MinkDefinition

/// A workflow that books a room, without a finding.
enum FlowSample {
    static let text = """
        { "workflow": "RoomBooking", "version": 1, "correlateBy": "id",
          "description": "Reserves a room and asks the guest.",
          "data": { "id": "string", "roomId": "string?", "note": "string?",
            "rounds": { "type": "integer", "default": 0,
              "allow": { "code": "MW2007", "because": "tests count with it" } } },
          "events": {
            "Wanted": { "fields": { "id": "string", "note": "string?" } },
            "Reserved": { "fields": { "id": "string", "roomId": "string" } },
            "Full": { "fields": { "id": "string" } },
            "Agreed": { "fields": { "id": "string" } },
            "Refused": { "fields": { "id": "string", "why": "string?" } },
            "Arrived": { "fields": { "id": "string" } } },
          "retryPolicies": { "patient": { "attempts": 20, "firstDelay": "10s", "multiplyBy": 2,
            "maxDelay": "1h" } },
          "commands": {
            "Reserve": { "with": { "id": "= data.id" },
              "answers": { "done": "Reserved", "failed": "Full" }, "undo": "Release" },
            "Release": { "with": { "room": "= data.roomId" } },
            "Ask": { "with": { "room": "= data.roomId" },
              "answers": { "done": "Agreed", "failed": "Refused" }, "undo": "none" },
            "Confirm": { "with": { "id": "= data.id" }, "retry": "patient", "undo": "none" },
            "Tell": { "with": { "id": "= data.id", "why": "= failure.reason" }, "undo": "none" } },
          "compensation": { "endIn": "Failed" },
          "start": { "Wanted": { "set": { "id": "= event.id", "note": "= event.?note" },
            "goto": "Reserving" } },
          "states": {
            "Reserving": { "description": "x",
              "onEnter": { "emit": ["Reserve"] },
              "on": {
                "Reserved": { "set": { "roomId": "= event.roomId" }, "compensation": ["Release"],
                  "goto": "Asking" },
                "Full": { "fail": "no room" } },
              "timeout": { "after": "10m", "fail": "no answer from the hotel" } },
            "Asking": { "description": "x",
              "onEnter": { "emit": ["Ask"] },
              "on": {
                "Agreed": { "pointOfNoReturn": true, "emit": ["Confirm"], "goto": "Waiting" },
                "Refused": { "fail": "not wanted" } },
              "timeout": { "after": "30m", "fail": "no answer from the guest" } },
            "Waiting": { "description": "x",
              "on": { "Arrived": { "goto": "Done" } },
              "timeout": { "after": "9d", "goto": "Done" } },
            "Done": { "final": "completed" },
            "Failed": { "final": "failed", "onEnter": { "emit": ["Tell"] } } } }
        """

    /// A change of the sample, and what is said then.
    struct Change: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        /// The codes in the order of their places, with the text that each one marks.
        let found: [(Rule, String)]
        let says: String

        init(_ old: String, _ new: String, _ found: [(Rule, String)], _ says: String = "") {
            self.old = old
            self.new = new
            self.found = found
            self.says = says
        }

        var testDescription: String { new.isEmpty ? "without \(old)" : new }
    }

    static func check(_ change: Change) throws {
        let changed = text.replacing(change.old, with: change.new, maxReplacements: 1)
        #expect(changed != text || change.old == change.new, "\(change.old) is not in the sample")

        let result = Samples.read(changed)
        let source = try #require(result.sources["a.workflow.json"])
        // What a change leaves without a use is no matter here.
        let findings = result.findings.filter { ![.unused, .unusedAllow].contains($0.rule) }
        let shown = TextRenderer().render(findings)

        #expect(findings.map(\.rule) == change.found.map(\.0), "\(shown)")
        for (finding, (_, marks)) in zip(findings, change.found) {
            let line = source.line(finding.span.line).dropFirst(finding.span.column - 1)
            #expect(String(String.UnicodeScalarView(line)).hasPrefix(marks), "\(shown)")
        }
        if !change.says.isEmpty {
            #expect(result.findings.map(\.sentence).contains(change.says), "\(shown)")
        }
    }
}
