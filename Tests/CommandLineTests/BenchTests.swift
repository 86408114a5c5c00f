import Foundation
import MinkDefinition
import MinkTesting
import MinkWorkflow
import Testing

@testable import mink_workflow

@Suite("mink-workflow bench")
struct BenchTests {
    @Test func `gives figures of ours and the peer for each expression`() throws {
        let run = try CommandLineRun(
            "bench", "expressions", "--rounds", "1", "--format", "json")

        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let rows = (report as? [String: Any])?["rows"] as? [[String: Any]] ?? []
        #expect(run.code == 0)
        #expect(rows.count == 5)
        #expect(rows.count { $0["targetNs"] is Double } == 4)
        for row in rows {
            let least = row["leastNs"] as? Double ?? 0
            #expect(least > 0)
            #expect(row["medianNs"] as? Double ?? 0 >= least)
            #expect(row["peerLeastNs"] as? Double ?? 0 > 0)
        }
    }

    @Test func `says what its figures stand for`() throws {
        let run = try CommandLineRun("bench", "expressions", "--rounds", "1")

        #expect(run.lines.count == 9, "\(run.output)")
        #expect(run.output.contains("\nguards, template: evaluated in the scope of a transition"))
        #expect(run.output.contains("\ntransition: a new scope, event and data bound"))
    }

    @Test func `draws the same lives each time, and finds nothing`() throws {
        let words = ["bench", "soundness", "--definitions", "8", "--format", "json"]
        let (first, second) = (try CommandLineRun(all: words), try CommandLineRun(all: words))

        let report = try JSONSerialization.jsonObject(with: Data(first.output.utf8))
        let counts = try #require(report as? [String: Any])
        #expect(first.code == 0)
        #expect(counts["drawn"] as? Int == 8)
        #expect(counts["lives"] as? Int ?? 0 > 0)
        #expect((counts["counterexamples"] as? [String])?.isEmpty == true)
        #expect(first.output == second.output)
    }

    /// The figures that programs read.
    private static let figures = [
        "sagasPerSecond", "turnsPerSecond", "ceilingTurnsPerSecond", "ceilingRatio",
        "engineCpuMicrosPerTurn",
    ]
    /// Those that only a server gives.
    private static let serverFigures = [
        "plainTurnsPerSecond", "postgresCpuMicrosPerTurn", "walBytesPerTurn",
        "writeTransactionsPerSaga",
    ]

    private func sagas(_ words: String...) throws -> [String: Any] {
        let run = try CommandLineRun(
            all: ["bench", "sagas", "--sagas", "200", "--format", "json"] + words)
        #expect(run.code == 0, "\(run.errors)")
        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        return try #require(report as? [String: Any])
    }

    private func isLatency(_ value: Any?) -> Bool {
        guard let latency = value as? [String: Double], let p50 = latency["p50"],
            let p99 = latency["p99"]
        else { return false }
        return p50 > 0 && p99 >= p50
    }

    @Test(
        .enabled(if: ScratchPostgres.isSkipped == false, "a server is needed"),
        arguments: ["1", "2"])
    func `carries orders on a server, by one engine or more`(engines: String) throws {
        let report = try sagas("--engines", engines)

        #expect(report["sagas"] as? Int == 200)
        for name in Self.figures + Self.serverFigures {
            #expect(report[name] as? Double ?? 0 > 0, "\(name)")
        }
        #expect(isLatency(report["latencyMs"]))
        #expect(isLatency(report["crossProcessLatencyMs"]))
        #expect((report["costPerEvent"] as? [String: Any])?["events"] as? Int == 1_000)
    }

    @Test func `carries orders on the embedded store`() throws {
        let report = try sagas("--backend", "sqlite")

        for name in Self.figures { #expect(report[name] as? Double ?? 0 > 0, "\(name)") }
        for name in Self.serverFigures { #expect(report[name] is NSNull, "\(name)") }
        #expect(isLatency(report["latencyMs"]))
        #expect(report["crossProcessLatencyMs"] is NSNull)
    }

    @Test(arguments: [
        (["--sagas", "0"], "--sagas needs a whole number from 1 to 10000000"),
        (["--engines", "2", "--backend", "sqlite"], "need the backend postgres"),
        (["--background", "--backend", "sqlite"], "need the backend postgres"),
    ])
    func `refuses what it can not measure`(words: [String], message: String) throws {
        let run = try CommandLineRun(all: ["bench", "sagas"] + words)

        #expect(run.code == 2)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test func `carries orders by workflows without findings`() {
        let loaded = DefinitionLoader.load(BenchOrders.files())

        #expect(loaded.findings.map(\.message) == [])
    }

    @Test func `needs a topic that it knows`() throws {
        let run = try CommandLineRun("bench", "everything")

        #expect(run.code == 2)
        #expect(run.errors.contains("bench needs a topic: expressions, soundness, sagas or outbox"))
    }
}
