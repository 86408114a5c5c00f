// `bench`: how fast something is, beside a peer of the same run.
import MinkExpression
import MinkStore
import MinkTesting

extension Verb {
    static let bench = Verb(
        name: "bench",
        summary: "measures how fast something is, beside a peer in the same run",
        operands: "expressions | soundness | sagas | outbox",
        details: """
            expressions  how long expressions take
            soundness    draws definitions without findings and random lives of their
                         sagas; exit code 1 when one gets stuck, reads an unset value or
                         leaves a step undone
            sagas        how many orders a second a whole engine carries
            outbox       how many messages a second go to Kafka and to a webhook

            expressions shows the least and the median of several rounds for each run, in nanoseconds, the
            same for Swift code that does it by hand, the ratio of the medians, and the figure
            that was aimed at. Figures of a build without optimisation mean nothing.

            sagas starts a server of its own, with the settings that a server comes with, unless a
            database is named; there it makes schemas of its own, and removes them. Orders have
            four events and four commands, whose handlers answer at once. Beside the engine stands
            the ceiling: the same statements and encoding, without deciding.
            """,
        options: [
            Option(
                name: "--rounds", value: "N", summary: "expressions: how many rounds; 9 unless told"
            ),
            Option(
                name: "--definitions", value: "N",
                summary: "soundness: how many are drawn; 1000 unless told"),
            Option(
                name: "--sagas", value: "N", summary: "sagas: how many orders; 20000 unless told"),
            Option(
                name: "--messages", value: "N",
                summary: "outbox: how many go to Kafka in each of three rounds; 20000 unless told"),
            Option(
                name: "--engines", value: "N",
                summary: "sagas: how many engines share the database; 1 unless told"),
            Option(
                name: "--backend", value: "NAME", summary: "sagas: postgres (default) or sqlite",
                choices: ["postgres", "sqlite"]),
            Option(
                name: "--background", value: nil,
                summary: "sagas: among 1,000,000 finished and 100,000 sleeping ones"),
            Option(
                name: "--database", value: "URL",
                summary: "sagas: a PostgreSQL database; a server is started unless told"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"]),
        ],
        perform: { arguments throws(UsageError) in
            if arguments.operands == ["soundness"] { return try await drawLives(arguments) }
            if arguments.operands == ["sagas"] { return try await carrySagas(arguments) }
            if arguments.operands == ["outbox"] { return try await drainOutbox(arguments) }
            guard arguments.operands == ["expressions"] else {
                throw UsageError(
                    message: "bench needs a topic: expressions, soundness, sagas or outbox")
            }
            let rounds = try arguments.number("--rounds", 1...1_000) ?? 9
            let rows = try measureExpressions(Stopwatch(rounds: rounds))
            let report = BenchReport(
                topic: "expressions", rounds: rounds, rows: rows, notes: ExpressionBench.notes)
            Output.line(arguments.value("--format") == "json" ? report.json.json : report.text)
            return .ok
        },
        words: ["expressions", "soundness", "sagas", "outbox"])

    private static func drawLives(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        let count = try arguments.number("--definitions", 2...100_000_000) ?? 1_000
        let report = await SoundnessBench(definitions: UInt64(count)).run()
        Output.line(arguments.value("--format") == "json" ? report.json.json : report.text)
        return report.counterexamples.isEmpty ? .ok : .negative
    }

    private static func drainOutbox(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        var bench = OutboxBench()
        bench.messages = try arguments.number("--messages", 10...10_000_000) ?? bench.messages
        do throws(PublisherError) {
            let report = try await bench.run()
            Output.line(arguments.value("--format") == "json" ? report.json.json : report.text)
            return .ok
        } catch {
            throw UsageError(message: error.message, code: .bug)
        }
    }

    private static func carrySagas(_ arguments: Arguments) async throws(UsageError) -> ExitCode {
        do throws(StoreError) {
            if try await OrderSender.sendAsTold() { return .ok }
        } catch {
            throw UsageError(message: error.message, code: error.exitCode)
        }
        var bench = SagaBench()
        bench.sagas = try arguments.number("--sagas", 1...10_000_000) ?? bench.sagas
        bench.engines = try arguments.number("--engines", 1...64) ?? bench.engines
        bench.backend =
            arguments.value("--backend").flatMap(SagaBench.Backend.init) ?? bench.backend
        bench.database = arguments.value("--database")
        bench.hasBackground = arguments.has("--background")
        let report = try await bench.run()
        Output.line(arguments.value("--format") == "json" ? report.json.json : report.text)
        return .ok
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
    static let isOptimised: Bool = {
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
    /// A whole number within bounds; `nil` when the option was not given.
    fileprivate func number(
        _ name: String, _ bounds: ClosedRange<Int>
    ) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), bounds.contains(number) else {
            throw UsageError(
                message: "\(name) needs a whole number from \(bounds.lowerBound) to "
                    + "\(bounds.upperBound)")
        }
        return number
    }
}
