// `bench`: how fast something is, beside a peer of the same run.
import MinkExpression
import MinkTesting

extension Verb {
    static let bench = Verb(
        name: "bench",
        summary: "measures how fast something is, beside a peer in the same run",
        operands: "expressions | soundness",
        details: """
            expressions  how long expressions take
            soundness    draws definitions without findings and random lives of their
                         sagas; exit code 1 when one gets stuck, reads an unset value or
                         leaves a step undone

            expressions shows the least and the median of several rounds for each run, in nanoseconds, the
            same for Swift code that does it by hand, the ratio of the medians, and the figure
            that was aimed at. Figures of a build without optimisation mean nothing.
            """,
        options: [
            Option(
                name: "--rounds", value: "N", summary: "expressions: how many rounds; 9 unless told"
            ),
            Option(
                name: "--definitions", value: "N",
                summary: "soundness: how many are drawn; 1000 unless told"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"]),
        ],
        perform: { arguments throws(UsageError) in
            if arguments.operands == ["soundness"] { return try await drawLives(arguments) }
            guard arguments.operands == ["expressions"] else {
                throw UsageError(message: "bench needs a topic: expressions or soundness")
            }
            let rounds = try arguments.rounds
            let rows = try measureExpressions(Stopwatch(rounds: rounds))
            let report = BenchReport(
                topic: "expressions", rounds: rounds, rows: rows, notes: ExpressionBench.notes)
            Output.line(arguments.value("--format") == "json" ? report.json.json : report.text)
            return .ok
        },
        words: ["expressions", "soundness"])

    private static func drawLives(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        let text = arguments.value("--definitions") ?? "1000"
        guard let count = UInt64(text), (2...100_000_000).contains(count) else {
            throw UsageError(message: "--definitions needs a whole number from 2 to 100000000")
        }
        let report = await SoundnessBench(definitions: count).run()
        Output.line(arguments.value("--format") == "json" ? report.json.json : report.text)
        return report.counterexamples.isEmpty ? .ok : .negative
    }

    private static func measureExpressions(
        _ stopwatch: Stopwatch
    ) throws(UsageError) -> [BenchReport.Row] {
        var rows: [BenchReport.Row] = []
        let tasks = ExpressionBench().tasks() ?? []
        for task in tasks {
            guard let times = stopwatch.measure(task.ours, against: task.peer) else { break }
            rows.append(
                BenchReport.Row(
                    name: task.name, target: task.target, ours: times.ours, peer: times.peer))
        }
        guard !tasks.isEmpty, rows.count == tasks.count else {
            throw UsageError(message: "an expression does not give what it should", code: .bug)
        }
        return rows
    }
}

/// What `bench` prints.
struct BenchReport {
    /// The figures of one task.
    struct Row {
        let name: String
        let target: Double?
        let ours: Measurement
        let peer: Measurement

        var isReached: Bool? { target.map { ours.median <= $0 } }

        /// How often our time holds that of the peer.
        var ratio: Double { peer.median > 0 ? ours.median / peer.median : 0 }
    }

    let topic: String
    let rounds: Int
    let rows: [Row]
    /// What the figures stand for.
    let notes: [String]

    var text: String {
        let names = rows.map(\.name.count).max() ?? 0
        var lines = [
            "\(topic), ns for each run, least and median of \(rounds) rounds"
                + (Self.isOptimised ? "" : " (built without optimisation)"),
            "".padded(to: names)
                + "      least     median  peer least     median   ratio     target",
        ]
        for row in rows {
            let figures = [
                (row.ours.least, 9), (row.ours.median, 9), (row.peer.least, 10),
                (row.peer.median, 9),
            ].map { Self.column($0.0, width: $0.1 + 1) }
            lines.append(
                row.name.padded(to: names) + " " + figures.joined(separator: " ")
                    + Self.column(row.ratio, width: 8, digits: 2)
                    + Self.target(row))
        }
        return (lines + notes).joined(separator: "\n")
    }

    var json: Value {
        [
            "formatVersion": 1, "topic": .string(topic), "rounds": .int(Int64(rounds)),
            "optimised": .bool(Self.isOptimised), "notes": .list(notes.map(Value.string)),
            "rows": .list(
                rows.map { row in
                    [
                        "name": .string(row.name), "leastNs": .double(row.ours.least),
                        "medianNs": .double(row.ours.median),
                        "peerLeastNs": .double(row.peer.least),
                        "peerMedianNs": .double(row.peer.median), "ratio": .double(row.ratio),
                        "targetNs": row.target.map(Value.double) ?? .null,
                        "reached": row.isReached.map(Value.bool) ?? .null,
                    ]
                }),
        ]
    }

    /// Assertions are left out of optimised builds.
    private static let isOptimised: Bool = {
        var isOptimised = true
        assert(
            {
                isOptimised = false
                return true
            }())
        return isOptimised
    }()

    private static func target(_ row: Row) -> String {
        guard let target = row.target, let isReached = row.isReached else { return "" }
        return "  " + column(target, width: 9) + (isReached ? "  reached" : "  missed")
    }

    private static func column(_ number: Double, width: Int, digits: Int = 1) -> String {
        let factor = digits == 2 ? 100.0 : 10.0
        let scaled = Int((number * factor).rounded())
        let fraction = String(scaled % Int(factor))
        let text =
            "\(scaled / Int(factor))."
            + String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension Arguments {
    fileprivate var rounds: Int {
        get throws(UsageError) {
            guard let text = value("--rounds") else { return 9 }
            guard let rounds = Int(text), (1...1_000).contains(rounds) else {
                throw UsageError(message: "--rounds needs a whole number from 1 to 1000")
            }
            return rounds
        }
    }
}
