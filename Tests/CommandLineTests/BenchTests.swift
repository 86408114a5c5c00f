import Foundation
import Testing

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

    @Test func `needs a topic that it knows`() throws {
        let run = try CommandLineRun("bench", "everything")

        #expect(run.code == 2)
        #expect(run.errors.contains("bench needs a topic: expressions, soundness or sagas"))
    }
}
