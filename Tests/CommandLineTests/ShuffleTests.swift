import Foundation
import Testing

@Suite("Shuffled scenarios")
struct ShuffleTests {
    /// A workflow whose scenario is fine, and that divides by a number that may be 0.
    private static let workflow = #"""
        { "workflow": "Shares", "version": 1, "correlateBy": "k", "owner": "tests",
          "data": { "k": "string", "share": "integer?" },
          "events": { "Begin": { "fields": { "k": "string" } },
                      "Go": { "fields": { "k": "string" } },
                      "Divide": { "fields": { "k": "string", "by": "integer" } } },
          "commands": { "Tell": { "with": { "k": "= data.k", "share": "= data.?share" } } },
          "compensation": { "endIn": "Failed" },
          "start": { "Begin": { "set": { "k": "= event.k" }, "goto": "Asked" } },
          "states": {
            "Asked": { "on": { "Go": { "goto": "Dividing" } },
                       "timeout": { "after": "1h", "fail": "late" } },
            "Dividing": { "on": { "Divide": { "set": { "share": "= 100 / event.by" },
                                              "emit": ["Tell"], "goto": "Done" } },
                          "timeout": { "after": "1h", "fail": "late" } },
            "Done": { "final": "completed" }, "Failed": { "final": "failed" } } }
        """#
    private static let scenarios = #"""
        { "workflow": "Shares", "scenarios": [
          { "name": "A share", "steps": [
            { "event": "Begin", "with": { "k": "k1" } }, { "event": "Go", "with": { "k": "k1" } },
            { "event": "Divide", "with": { "k": "k1", "by": 4 } },
            { "expectCommand": "Tell", "with": { "share": 25 } } ] } ] }
        """#

    private func folder() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write(Self.workflow, to: "shares.workflow.json")
        try folder.write(Self.scenarios, to: "shares.scenarios.json")
        return folder
    }

    @Test func `of the project break no rule`() throws {
        let run = try CommandLineRun("test", "workflows", "--shuffle", "1", "--runs", "12")

        #expect(run.code == 0, "\(run.output)")
        #expect(run.lines.count { $0.hasPrefix("  ok    ") && $0.contains(" shuffled ") } == 5)
    }

    @Test func `find an expression that fails, and write the few steps that lead there`() throws {
        let folder = try folder()

        let run = try CommandLineRun(
            "test", "shares.scenarios.json", "--shuffle", "3", "--runs", "400", in: folder.url)

        #expect(run.code == 1)
        #expect(run.output.contains("division by zero"))
        let written = try String(
            contentsOf: folder.url.appending(path: "shares.shuffle-3.scenarios.json"),
            encoding: .utf8)
        #expect(written.components(separatedBy: "\"event\":").count == 4, "\(written)")
    }

    @Test func `that broke a rule fail again as a scenario of their own`() throws {
        let folder = try folder()
        try CommandLineRun(
            "test", "shares.scenarios.json", "--shuffle", "3", "--runs", "400", in: folder.url)

        let checked = try CommandLineRun("validate", "--fail-on", "error", in: folder.url)
        let again = try CommandLineRun("test", "shares.shuffle-3.scenarios.json", in: folder.url)

        #expect(checked.code == 0, "\(checked.output)")
        #expect(again.code == 1)
        #expect(again.output.contains("expected incident none"))
    }

    @Test func `are the same for the same seed`() throws {
        let runs = try (0..<2).map { _ -> [String] in
            let folder = try folder()
            let run = try CommandLineRun(
                "test", "shares.scenarios.json", "--shuffle", "5", "--runs", "400",
                "--format", "json", in: folder.url)
            let name = "shares.shuffle-5.scenarios.json"
            return [run.output, try String(contentsOfFile: folder.path(name), encoding: .utf8)]
        }

        #expect(runs[0] == runs[1])
    }
}
