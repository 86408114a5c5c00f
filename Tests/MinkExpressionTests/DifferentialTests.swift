import Foundation
import Testing

@testable import MinkExpression

/// A Python with the official engine; `MINK_PYTHON` names one.
private enum Python {
    static let name = ProcessInfo.processInfo.environment["MINK_PYTHON"] ?? "python3"
    static let hasEngine = (try? run("-c", "import cel_expr_python"))?.code == 0

    static func run(_ words: String...) throws -> (output: String, code: Int32) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }
}

/// Random expressions give what the official C++ engine gives.
///
/// `MINK_ROUNDS` says how many expressions to draw.
@Suite(
    "Random expressions beside the official engine",
    .enabled(if: Python.hasEngine, "the Python package cel-expr-python is missing"))
struct DifferentialTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Differential/differential.py").path

    @Test func `give the same values, and fail together`() throws {
        let count = ProcessInfo.processInfo.environment["MINK_ROUNDS"] ?? "2000"
        let drawn = try Python.run(Self.script, "--print", "--count", count)
        #expect(drawn.code == 0)
        let answers = drawn.output.split(separator: "\n").map { line in
            TaggedLine(String(line)).answer
        }
        let file = FileManager.default.temporaryDirectory
            .appending(path: "mink-answers-\(UUID().uuidString).jsonl")
        try answers.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }

        let compared = try Python.run(Self.script, "--answers", file.path, "--count", count)

        #expect(compared.code == 0, "\(compared.output)")
    }
}

/// One line of an evaluator: an expression and its variables in, a value or an error out.
private struct TaggedLine {
    let answer: String

    init(_ line: String) {
        guard let node = JSONDocument(reading: Array(line.utf8), limits: .library).root else {
            answer = #"{"error":"no JSON"}"#
            return
        }
        let bindings = (node["bindings"].map { Array($0.members) } ?? []).map {
            ($0.name, ConformanceCase.value($0.value))
        }
        let layout = VariableLayout(names: bindings.map(\.0))
        let environment = ExpressionEnvironment(
            layout: layout,
            variables: Dictionary(uniqueKeysWithValues: bindings.map { ($0.0, .dynamic) }),
            timeZones: TimeZoneData.read)
        let compiled = CompiledExpression.compile(node["expr"]?.text ?? "", in: environment)
        guard let expression = compiled.expression else {
            answer = Self.error(compiled.problems.first?.message ?? "")
            return
        }
        let scope = EvaluationScope(layout: layout)
        for (name, value) in bindings { scope.bind(name, value) }
        answer =
            switch scope.evaluate(expression) {
            case .value(let value): Value.object(["value": Self.tagged(value)]).json
            case .absent: Self.error("none")
            case .failure(let error): Self.error(error.message)
            }
    }

    private static func error(_ message: String) -> String {
        Value.object(["error": .string(message)]).json
    }

    private static func tagged(_ value: Value) -> Value {
        switch value {
        case .null: ["t": "null"]
        case .bool(let flag): tag("bool", .bool(flag))
        case .int(let number): tag("int", .string(String(number)))
        case .uint(let number): tag("uint", .string(String(number)))
        case .double(let number): tag("double", .string(text(number)))
        case .decimal(let number): tag("decimal", .string(number.description))
        case .string(let text): tag("string", .string(text))
        case .bytes(let bytes): tag("bytes", .string(Data(bytes).base64EncodedString()))
        case .type(let name): tag("type", .string(name))
        case .timestamp(let moment): tag("timestamp", .string(moment.description))
        case .duration(let span): tag("duration", .string(DurationText.seconds(span) + "s"))
        case .list(let elements): tag("list", .list(elements.map(tagged)))
        case .map(let map):
            tag("map", .list(map.entries.map { .list([tagged($0.key.value), tagged($0.value)]) }))
        }
    }

    private static func tag(_ kind: String, _ value: Value) -> Value {
        .object(["t": .string(kind), "v": value])
    }

    private static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        return number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : "\(number)"
    }
}
