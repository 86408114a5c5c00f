// The figures of `bench sagas`, for people and for programs.
import MinkExpression

/// What `bench sagas` found.
struct SagaReport: Sendable {
    /// The middle and the end of a distribution, in milliseconds.
    struct Latency: Sendable {
        let p50: Double
        let p99: Double

        /// `nil` where nothing was measured.
        init?(_ nanoseconds: [Int64]) {
            guard !nanoseconds.isEmpty else { return nil }
            let sorted = nanoseconds.sorted()
            p50 = Double(sorted[sorted.count / 2]) / 1e6
            p99 = Double(sorted[min(sorted.count - 1, sorted.count * 99 / 100)]) / 1e6
        }

        var json: Value { ["p50": rounded(p50), "p99": rounded(p99)] }
    }

    let backend: String
    let engines: Int
    let sagas: Int
    /// How long the orders took, in seconds.
    let seconds: Double
    let use: ResourceUse
    let ceilingTurnsPerSecond: Double
    let ceilingUse: ResourceUse
    /// The same work by plain statements over plain arrays; `nil` where there is none.
    let plainTurnsPerSecond: Double?
    let latency: Latency?
    let crossProcessLatency: Latency?
    /// Microseconds for each event of one saga, of each thousand events.
    let costPerEvent: [Double]

    private var turns: Double { Double(BenchOrders.turns * sagas) }
    private var sagasPerSecond: Double { Double(sagas) / seconds }
    private var turnsPerSecond: Double { turns / seconds }
    private var ratio: Double {
        ceilingTurnsPerSecond > 0 ? turnsPerSecond / ceilingTurnsPerSecond : 0
    }

    private func perTurn(_ count: Int64?) -> Double? { count.map { Double($0) / turns } }

    private var writesPerSaga: Double? { use.writes.map { Double($0) / Double(sagas) } }

    var json: Value {
        [
            "formatVersion": 1, "topic": "sagas", "optimised": .bool(BenchReport.isOptimised),
            "backend": .string(backend), "engines": .int(Int64(engines)),
            "sagas": .int(Int64(sagas)),
            "sagasPerSecond": rounded(sagasPerSecond), "turnsPerSecond": rounded(turnsPerSecond),
            "ceilingTurnsPerSecond": rounded(ceilingTurnsPerSecond),
            "ceilingRatio": rounded(ratio),
            "plainTurnsPerSecond": rounded(plainTurnsPerSecond),
            "engineCpuMicrosPerTurn": rounded(perTurn(use.process)),
            "postgresCpuMicrosPerTurn": rounded(perTurn(use.server)),
            "walBytesPerTurn": rounded(perTurn(use.writtenBytes)),
            "writeTransactionsPerSaga": rounded(writesPerSaga),
            "latencyMs": latency?.json ?? .null,
            "crossProcessLatencyMs": crossProcessLatency?.json ?? .null,
            "costPerEvent": [
                "events": .int(Int64(1_000 * costPerEvent.count)),
                "microsOfEachThousand": .list(costPerEvent.map { rounded($0) }),
            ],
        ]
    }

    var text: String {
        let ceilingTurns = turns
        func micros(_ count: Int64?) -> String {
            count.map { "\(shown(Double($0) / ceilingTurns)) µs" } ?? "not seen"
        }
        var lines = [
            "\(sagas) orders on \(backend), each 4 events, 4 turns and 4 commands"
                + (BenchReport.isOptimised ? "" : " (built without optimisation)"),
            "  \(shown(sagasPerSecond)) sagas/s, \(shown(turnsPerSecond)) turns/s: "
                + "\(shown(100 * ratio)) % of the ceiling",
            "  \(shown(ceilingTurnsPerSecond)) turns/s is the ceiling: the same statements and "
                + "encoding without deciding",
        ]
        if let plainTurnsPerSecond {
            lines.append(
                "  \(shown(plainTurnsPerSecond)) turns/s by plain statements over plain arrays")
        }
        lines += [
            "for each turn (at the ceiling)",
            "  processor, this process   \(micros(use.process)) (\(micros(ceilingUse.process)))",
            "  processor, the server     \(micros(use.server)) (\(micros(ceilingUse.server)))",
        ]
        if let bytes = perTurn(use.writtenBytes), let writes = writesPerSaga {
            lines.append(
                "  \(shown(bytes)) bytes of write-ahead log; \(shown(writes)) writing transactions "
                    + "for each saga")
        }
        lines += [
            "from an event to its first command, at low load",
            "  in this process           \(Self.shown(latency))",
            "  from another process      \(Self.shown(crossProcessLatency))",
        ]
        if let first = costPerEvent.first, let last = costPerEvent.last {
            lines.append(
                "for each event of one saga: \(shown(first)) µs in the first thousand, "
                    + "\(shown(last)) µs in the last of \(1_000 * costPerEvent.count)")
        }
        return lines.joined(separator: "\n")
    }

    private static func shown(_ latency: Latency?) -> String {
        latency.map { "p50 \(shown($0.p50)) ms, p99 \(shown($0.p99)) ms" } ?? "not measured"
    }

    private static func shown(_ number: Double) -> String {
        number >= 1_000 ? String(Int(number.rounded())) : "\((number * 100).rounded() / 100)"
    }

    private func shown(_ number: Double) -> String { Self.shown(number) }
}

/// A figure with as many digits as mean something.
private func rounded(_ number: Double?) -> Value {
    number.map { .double(($0 * 1_000).rounded() / 1_000) } ?? .null
}
