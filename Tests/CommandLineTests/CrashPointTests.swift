// A run on the embedded store that is ended at a named place goes on from there as if nothing had
// happened.
import Foundation
import Testing

@Suite("A crash point")
struct CrashPointTests {
    private static let events = "workflows/samples/orders.events.jsonl"

    private func run(_ store: String, crashingAt point: String? = nil) throws -> (
        status: Int32, isSignal: Bool, output: String
    ) {
        let process = CommandLineRun.process(
            ["run", "workflows", "--events", Self.events, "--store", store])
        process.environment?["MINK_CRASH_AT"] = point
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = CommandLineRun.text(of: output)
        process.waitUntilExit()
        return (
            process.terminationStatus, process.terminationReason == .uncaughtSignal, text
        )
    }

    @Test(arguments: ["file-before-commit", "file-committed"], [1, 3, 6])
    func `ends the run, which then goes on to the same end`(point: String, hit: Int) throws {
        let folder = try ScratchFolder()
        let whole = try run(folder.path("whole.sqlite"))
        let store = folder.path("crashed.sqlite")

        let crashed = try run(store, crashingAt: "\(point):\(hit)")
        let rest = try run(store)

        #expect(crashed.isSignal && crashed.status == SIGKILL)
        #expect(rest.status == 0)
        let ends = whole.output.split(separator: "\n").suffix(3)
        #expect(rest.output.split(separator: "\n").suffix(3) == ends)
        #expect(try CommandLineRun("db", "verify", "--store", store).code == 0)
    }

    @Test func `is listed, and no other name is taken`() throws {
        let listed = try CommandLineRun("chaos", "--list-points")
        let folder = try ScratchFolder()

        #expect(listed.code == 0)
        #expect(listed.lines.count > 35)
        #expect(Set(listed.lines).count == listed.lines.count)
        for wrong in ["nowhere", "batch-sent:0", "batch-sent:x", "batch-sent:1:2"] {
            #expect(try run(folder.path("none.sqlite"), crashingAt: wrong).status == 2)
        }
    }
}
