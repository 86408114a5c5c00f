// What `test` prints.
import MinkDefinition
import MinkExpression
import MinkTesting

/// Counts scenarios and prints what became of them.
struct TestReport {
    private let isJSON: Bool
    private var passed = 0
    private(set) var failures = 0
    private var file: String?
    private var results: [Value] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    mutating func add(_ result: ScenarioResult, in file: String) {
        if result.failure == nil { passed += 1 } else { failures += 1 }
        if isJSON {
            results.append(value(of: result, in: file))
            return
        }
        if self.file != file { Output.line(file) }
        self.file = file
        guard let failure = result.failure else { return Output.line("  ok    \(result.name)") }
        Output.line("  FAIL  \(result.name)")
        Output.line("        \(failure.place)")
        for line in failure.message.split(separator: "\n") { Output.line("          \(line)") }
    }

    private func value(of result: ScenarioResult, in file: String) -> Value {
        var map = ValueMap()
        map["file"] = .string(file)
        map["scenario"] = .string(result.name)
        map["passed"] = .bool(result.failure == nil)
        if let failure = result.failure {
            map["line"] = .int(Int64(failure.place.line))
            map["column"] = .int(Int64(failure.place.column))
            map["message"] = .string(failure.message)
        }
        return .map(map)
    }

    func finish() {
        guard isJSON else {
            return Output.line("\(passed) passed, \(failures) failed")
        }
        let report: Value = [
            "formatVersion": 1, "passed": .int(Int64(passed)), "failed": .int(Int64(failures)),
            "scenarios": .list(results),
        ]
        Output.line(report.json)
    }
}
