import Foundation
import Testing

@Suite("Completion by a shell")
struct CompletionTests {
    private static func shell(_ name: String) -> URL? {
        ["/bin", "/usr/bin", "/usr/local/bin"].map { URL(filePath: "\($0)/\(name)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    private static func run(_ shell: URL, _ words: [String]) throws -> (code: Int32, text: String) {
        let process = Process()
        process.executableURL = shell
        process.arguments = words
        process.currentDirectoryURL = CommandLineRun.root
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = CommandLineRun.text(of: output)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `has a script that its shell can read`(name: String) throws {
        let run = try CommandLineRun("completion", name)
        #expect(run.code == 0)
        for verb in ["validate", "graph", "completion"] { #expect(run.output.contains(verb)) }
        guard let shell = Self.shell(name) else { return }
        let folder = try ScratchFolder()
        let file = try folder.write(run.output, to: "script")

        let check = try Self.run(shell, ["-n", file])

        #expect(check.code == 0, "\(check.text)")
    }

    /// What bash offers for the last of these words.
    private func offers(_ words: [String]) throws -> [String] {
        let bash = try #require(Self.shell("bash"))
        let folder = try ScratchFolder()
        let script = try CommandLineRun("completion", "bash").output
        let quoted = (["mink-workflow"] + words).map { "'\($0)'" }.joined(separator: " ")
        let file = try folder.write(
            """
            \(script)
            COMP_WORDS=(\(quoted))
            COMP_CWORD=\(words.count)
            _mink_workflow
            printf '%s\\n' "${COMPREPLY[@]}"
            """, to: "script")
        let run = try Self.run(bash, [file])
        #expect(run.code == 0, "\(run.text)")
        return run.text.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        (["va"], ["validate"]),
        (["validate", "--fo"], ["--format"]),
        (["validate", "--format", "p"], ["pretty"]),
        (["graph", "--format", "="], ["mermaid", "dot", "svg"]),
        (["graph", "--format", "=", "s"], ["svg"]),
        (["explain", "MW200"], (1...7).map { "MW200\($0)" }),
        (["help", "co"], ["completion"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["explain", "--he"], ["--help"]),
    ])
    func `offers verbs, options, choices and codes in bash`(
        words: [String], expected: [String]
    ) throws {
        #expect(try offers(words) == expected)
    }

    @Test func `offers nothing of its own where bash completes files`() throws {
        #expect(try offers(["validate", "wor"]) == [])
    }

    @Test func `says which shells it knows`() throws {
        let run = try CommandLineRun("completion", "csh")

        #expect(run.code == 2)
        #expect(run.errors.contains("bash, zsh, fish"))
    }
}
