// Engines that are killed, a server that is restarted, connections that are cut, processes that
// are held: small runs with real processes; `mink-workflow chaos` makes larger ones.
import Foundation
import MinkTesting
import Testing

@Suite(
    "Chaos", .serialized,
    .enabled(
        if: Trials.areAsked && !ScratchPostgres.isSkipped, .init(rawValue: Trials.reason)))
struct ChaosTests {
    /// Runs chaos, and gives what it says for programs.
    private func chaos(_ words: String...) throws -> [String: Any] {
        let run = try CommandLineRun(all: ["chaos", "--format", "json"] + words)
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
            "\(run.errors)")
        #expect(run.code == 0, "\(report["told"] ?? "") \(run.errors)")
        #expect(report["violations"] as? Int == 0)
        return report
    }

    private func number(_ report: [String: Any], _ name: String) -> Int {
        report[name] as? Int ?? -1
    }

    @Test func `loses nothing, does nothing twice, and comes to rest`() throws {
        let report = try chaos(
            "--kills", "12", "--restarts", "3", "--cuts", "25", "--pauses", "3")

        #expect(number(report, "kills") >= 12)
        #expect(number(report, "restarts") == 3)
        #expect(number(report, "cuts") >= 25)
        #expect(number(report, "pauses") == 3)
        #expect(number(report, "acknowledged") > 50)
        #expect(number(report, "completed") > 0)
        #expect(number(report, "undone") > 0)
    }

    @Test func `takes new versions of a workflow under load, and no broken file`() throws {
        let report = try chaos("--reloads", "20", "--kills", "2")

        #expect(number(report, "reloads") == 20)
        #expect(number(report, "versions") > 3)
        #expect(number(report, "sagas") > 10)
    }

    @Test(arguments: [1, 2, 4])
    func `is the same to one engine and to several`(engines: Int) throws {
        let report = try chaos("--engines", "\(engines)", "--kills", "3", "--seed", "5")

        #expect(number(report, "sagas") > 10)
        #expect(report["seed"] as? String == "5")
    }

    @Test func `leaves nothing behind`() throws {
        let before = try leftovers()

        _ = try chaos("--kills", "1", "--engines", "1")

        // The server's folder goes a moment later.
        for _ in 0..<500 where try leftovers() != before { usleep(10_000) }
        #expect(try leftovers().subtracting(before).isEmpty)
    }

    private func leftovers() throws -> Set<String> {
        Set(
            try FileManager.default.contentsOfDirectory(atPath: "/tmp")
                .filter { $0.hasPrefix("mink-chaos-") || $0.hasPrefix("mink-proxy-") })
    }
}

@Suite("A chaos that can not be")
struct ChaosUsageTests {
    @Test(arguments: [["--kills", "many"], ["--engines", "-1"], ["now"], ["--seed", "x"]])
    func `is told what to do in numbers`(words: [String]) throws {
        #expect(try CommandLineRun(all: ["chaos"] + words).code == 2)
    }
}
