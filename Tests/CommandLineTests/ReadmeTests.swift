import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    private let blocks: [String]

    init() throws {
        let text = try CommandLineRun.text("README.md")
        blocks = text.components(separatedBy: "\n```").enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { $0.element.split(separator: "\n", maxSplits: 1).last.map(String.init) ?? "" }
    }

    private func block(containing text: String) throws -> String {
        try #require(blocks.first { $0.contains(text) })
    }

    @Test func `shows the findings of a misspelt field as they are printed`() throws {
        let folder = try ScratchFolder()
        let workflow = try CommandLineRun.text("workflows/order-fulfillment.workflow.json")
        try folder.write(
            workflow.replacingOccurrences(of: "event.amount >=", with: "event.ammount >="),
            to: "workflows/order-fulfillment.workflow.json")

        let run = try CommandLineRun("validate", "workflows", in: folder.url)

        #expect(run.code == 1)
        #expect(run.output.contains(try block(containing: "error[MW3002]")))
    }

    @Test func `shows lines of the transcript that its command prints`() throws {
        let command = try block(containing: "mink-workflow run")
        #expect(command.hasPrefix(".ci/setup && swift run mink-workflow run "))
        let words = command.split(separator: " ").dropFirst(5).map(String.init)
        let run = try CommandLineRun(words[0], words[1], words[2], words[3])

        var printed = run.lines[...]
        for line in try block(containing: "late (e11)").split(separator: "\n") {
            let index = try #require(printed.firstIndex(of: String(line)), "\(line)")
            printed = printed[(index + 1)...]
        }
    }

    @Test func `shows Swift that is compiled by the tests`() throws {
        let example = try CommandLineRun.text("Tests/MinkWorkflowTests/ReadmeExample.swift")

        #expect(example.contains(try block(containing: "struct RequestPayment")))
        let fixture = try CommandLineRun.text("Tests/MinkTestingTests/SagaFixtureTests.swift")
        for line in try block(containing: "SagaFixture(").split(separator: "\n").dropFirst() {
            let words = line.trimmingCharacters(in: .whitespaces)
            #expect(fixture.contains(words), "\(words)")
        }
    }

    @Test func `draws the order workflow as the command does`() throws {
        let run = try CommandLineRun("graph", "workflows/order-fulfillment.workflow.json")

        let shown = try block(containing: "flowchart TD")
        #expect(shown + "\n" == run.output)
    }

    @Test func `lists each verb of the command line`() throws {
        let text = try CommandLineRun.text("README.md")
        let help = try CommandLineRun("--help").output
        let verbs = help.matches(of: #/(?m)^  ([a-z-]+)  /#).map { String($0.output.1) }

        #expect(verbs.count > 10)
        for verb in verbs {
            #expect(text.contains("| `mink-workflow \(verb)"), "\(verb)")
        }
        for row in text.matches(of: #/(?m)^\| `mink-workflow ([a-z-]+)/#) {
            #expect(verbs.contains(String(row.output.1)))
        }
    }

    @Test func `shows commands that work`() throws {
        let folder = try ScratchFolder()
        for name in ["workflows", "schemas"] {
            try FileManager.default.copyItem(
                at: CommandLineRun.root.appending(path: name),
                to: folder.url.appending(path: name))
        }
        try folder.write(#"{ "definitions": "workflows" }"#, to: "mink-workflow.json")
        try folder.write(#"{ "data": { "total": 20 } }"#, to: "order.json")
        #expect(try Program.shell(ShownCommands.commit, in: folder).code == 0)

        let commands = try ShownCommands(in: "README.md").lines
        #expect(commands.count >= 8)
        for command in commands {
            let run = try Program.shell(command, in: folder)
            #expect(run.code == 0, "\(command): \(run.text)")
        }
    }
}

@Suite("The guide for analysts")
struct AnalystGuideTests {
    private static let page = "Sources/MinkDefinition/Documentation.docc/Analysts.md"

    @Test func `shows commands that work, one after the other`() throws {
        let folder = try ScratchFolder()
        let commands = try ShownCommands(in: Self.page).lines
        let workflow = "workflows/refund.workflow.json"

        #expect(commands.count >= 10)
        for command in commands {
            if command.contains("git:HEAD"), !folder.has(".git") {
                #expect(try Program.shell(ShownCommands.commit, in: folder).code == 0)
                try folder.change(workflow, "\"after\": \"1h\"", to: "\"after\": \"2h\"")
                try folder.change(workflow, "\"version\": 1", to: "\"version\": 2")
            }
            let run = try Program.shell(command, in: folder)
            #expect(run.code == 0, "\(command): \(run.text)")
        }
    }

    @Test func `shows the finding of its mistake`() throws {
        let folder = try ScratchFolder()
        try CommandLineRun("new", "Refund", in: folder.url)
        try folder.change("refund.workflow.json", "\"Confirming\"\n", to: "\"Confrming\"\n")

        let run = try CommandLineRun("validate", in: folder.url)

        let guide = try CommandLineRun.text(Self.page)
        let line = try #require(run.lines.first)
        #expect(line.hasPrefix("error[MW2001]"))
        #expect(guide.contains("\n\(line)\n"), "\(line)")
    }
}

/// The command lines of a page, in its blocks for a shell.
private struct ShownCommands {
    let lines: [String]

    init(in page: String) throws {
        let text = try CommandLineRun.text(page)
        lines = text.matches(of: /```sh\n((?s:.*?))\n```/)
            .flatMap { $0.output.1.split(separator: "\n").map(String.init) }
            .filter { $0.hasPrefix("mink-workflow ") }
    }

    /// Puts a folder under git, with everything that is in it.
    static let commit = """
        git init -q -b main . && git config user.email a@b && git config user.name n \
            && git add -A && git commit -q -m first
        """
}

extension ScratchFolder {
    fileprivate func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(name))
    }

    fileprivate func change(_ name: String, _ old: String, to new: String) throws {
        let text = try String(contentsOfFile: path(name), encoding: .utf8)
        try write(text.replacingOccurrences(of: old, with: new), to: name)
    }
}
