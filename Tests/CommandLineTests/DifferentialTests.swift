// Random expressions, through `eval --jsonl` and through the official C++ engine of CEL.
import Foundation
import Testing

/// A Python with the official engine; `MINK_PYTHON` names one.
enum Python {
    static let name = ProcessInfo.processInfo.environment["MINK_PYTHON"] ?? "python3"
    static let hasEngine = (try? run(["-c", "import cel_expr_python"]))?.code == 0

    static func run(_ words: [String]) throws -> (output: String, code: Int32) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + words
        process.currentDirectoryURL = CommandLineRun.root
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = CommandLineRun.text(of: pipe)
        process.waitUntilExit()
        return (output, process.terminationStatus)
    }
}

/// `eval --jsonl` gives what the official C++ engine gives.
///
/// `MINK_ROUNDS` says how many expressions to draw, `MINK_SEED` which ones.
@Suite(
    "Random expressions beside the official engine",
    .enabled(if: Python.hasEngine, "the Python package cel-expr-python is missing"))
struct DifferentialTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test func `give the same values, and fail together`() throws {
        let compared = try Python.run([
            "Tests/Differential/differential.py",
            "--eval", "'\(CommandLineRun.binary.path)' eval --jsonl",
            "--count", Self.environment["MINK_ROUNDS"] ?? "2000",
            "--seed", Self.environment["MINK_SEED"] ?? "1",
        ])

        #expect(compared.code == 0, "\(compared.output)")
    }
}
