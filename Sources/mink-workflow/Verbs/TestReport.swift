// What `test` prints.
import MinkDefinition
import MinkExpression
import MinkTesting

/// Counts scenarios and prints what became of them.
struct TestReport {
    /// A form of the report.
    enum Format: String, CaseIterable {
        case text, json, junit
    }

    /// One scenario, one set of varied runs, or the coverage that is asked for.
    struct Case {
        let file: String
        let name: String
        var place: SourcePlace?
        /// What is wrong; `nil` when nothing is.
        var failure: String?
        var took = Duration.zero
    }

    private let format: Format
    private(set) var cases: [Case] = []
    private(set) var coverage: [CoverageReport] = []
    private var shuffles: [Value] = []
    private var file: String?

    init(format: Format) {
        self.format = format
    }

    var failures: Int { cases.count { $0.failure != nil } }

    mutating func add(_ result: ScenarioResult, in file: String, took: Duration) {
        add(
            Case(
                file: file, name: result.name, place: result.failure?.place,
                failure: result.failure?.message, took: took))
    }

    mutating func add(
        _ result: Shuffle.Result, in file: String, _ written: String?, took: Duration
    ) {
        let name = "\(result.workflow) shuffled with seed \(result.seed), \(result.runs) runs"
        var failure: String?
        if let found = result.counterexample {
            failure =
                "run \(found.run): \(found.breach.message)\n\(found.steps.count) of "
                + "\(found.drawnSteps) steps are enough, written to \(written ?? "nowhere")"
        }
        shuffles.append(value(of: result, written))
        add(Case(file: file, name: name, failure: failure, took: took))
    }

    mutating func add(_ report: CoverageReport, least: Int?) {
        coverage.append(report)
        if format == .text { Output.line(report.text) }
        guard let least else { return }
        let isEnough = report.perMille >= least * 10
        cases.append(
            Case(
                file: "coverage", name: "\(report.workflow) is covered by \(least) percent",
                failure: isEnough ? nil : "only \(report.percent) is reached"))
        if !isEnough, format == .text {
            Output.line("  FAIL  \(report.percent) is less than \(least) %")
        }
    }

    private mutating func add(_ one: Case) {
        cases.append(one)
        guard format == .text else { return }
        if file != one.file { Output.line(one.file) }
        file = one.file
        guard let failure = one.failure else { return Output.line("  ok    \(one.name)") }
        Output.line("  FAIL  \(one.name)")
        if let place = one.place { Output.line("        \(place)") }
        for line in failure.split(separator: "\n") { Output.line("          \(line)") }
    }

    func finish() {
        switch format {
        case .text: Output.line("\(cases.count - failures) passed, \(failures) failed")
        case .json: Output.line(json.json)
        case .junit: Output.write(JUnitWriter(self).text)
        }
    }
}

extension TestReport {
    private var json: Value {
        var report = ValueMap()
        report["formatVersion"] = 1
        report["passed"] = .int(Int64(cases.count - failures))
        report["failed"] = .int(Int64(failures))
        report["scenarios"] = .list(cases.map(\.json))
        if !shuffles.isEmpty { report["shuffles"] = .list(shuffles) }
        if !coverage.isEmpty { report["coverage"] = .list(coverage.map(\.json)) }
        return .map(report)
    }

    private func value(of result: Shuffle.Result, _ written: String?) -> Value {
        var map = ValueMap()
        map["workflow"] = .string(result.workflow)
        map["seed"] = .string(String(result.seed))
        map["runs"] = .int(Int64(result.runs))
        map["steps"] = .int(Int64(result.steps))
        if let found = result.counterexample {
            map["counterexample"] = [
                "run": .int(Int64(found.run)), "rule": .string(found.breach.kind.rawValue),
                "message": .string(found.breach.message), "file": .string(written ?? ""),
            ]
        }
        return .map(map)
    }
}

extension TestReport.Case {
    fileprivate var json: Value {
        var map = ValueMap()
        map["file"] = .string(file)
        map["scenario"] = .string(name)
        map["passed"] = .bool(failure == nil)
        if let failure {
            map["line"] = place.map { .int(Int64($0.line)) }
            map["column"] = place.map { .int(Int64($0.column)) }
            map["message"] = .string(failure)
        }
        return .map(map)
    }
}
