import Foundation
import Testing

@Suite("mink-workflow validate, by its options,")
struct ValidateOptionTests {
    private static let broken = """
        { // a note
          "workflow": "A", "version": 1, "correlateBy": "id", "description": "x",
          "events": { "Begun": { "fields": { 'id': "string" } }, },
          "start": { "Begun": { "goto": "Done" } },
          "states": { "Done": { "final": "completed" } }
        }

        """

    // MARK: Standard input

    @Test func `takes standard input for the file that it stands for`() throws {
        let folder = try ScratchFolder()
        try folder.write("{\"retryPolicies\": {}}", to: "flows/shared.json")
        let text = """
            { "use": "./shared.json", "workflow": "A", "version": 1, "correlateBy": "id",
              "description": "x", "events": { "Begun": { "fields": { "id": "string" } } },
              "start": { "Begun": { "goto": "Don" } },
              "states": { "Done": { "final": "completed" } } }
            """

        let run = try CommandLineRun(
            "validate", "-", "--stdin-name", "flows/a.workflow.json", "--format", "text",
            input: text,
            in: folder.url)

        #expect(run.lines.count == 1)
        #expect(run.output.hasPrefix("flows/a.workflow.json:3:33: error:"))
        let scenarios = try CommandLineRun(
            "validate", "-", "--stdin-name", "a.scenarios.json", "--format", "text", input: "{}",
            in: folder.url)
        #expect(scenarios.output.contains("a scenario file needs \"workflow\""))
    }

    // MARK: Formats

    @Test func `writes several formats, each into its file`() throws {
        let folder = try ScratchFolder()
        try folder.write(Self.broken, to: "a.workflow.json")

        let run = try CommandLineRun(
            "validate", "--format", "json=all.json", "--format", "sarif=all.sarif", "--format",
            "text",
            in: folder.url)

        #expect(run.lines.count == 3)
        for name in ["all.json", "all.sarif"] {
            let data = try Data(contentsOf: folder.url.appending(path: name))
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
        }
        let twice = try CommandLineRun(
            "validate", "--format", "json", "--format", "text", in: folder.url)
        #expect(twice.code == 2)
    }

    @Test func `finds the same with any number of threads`() throws {
        let runs = try ["1", "2", "7"].map { jobs in
            try CommandLineRun(
                "validate", "Tests/Examples/workflow-schema", "--format", "json", "--jobs", jobs
            ).output
        }

        #expect(Set(runs).count == 1)
        #expect(runs[0].contains("MW1001"))
        #expect(try CommandLineRun("validate", "--jobs", "0").code == 2)
    }

    // MARK: Settings

    private func project() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write(
            """
            { "destinations": { "payments": { "webhook": { "url": "https://pay.example" } } },
              "rules": { "MW2007": "error" } }
            """, to: "mink-workflow.json")
        try folder.write(
            """
            { "workflow": "A", "version": 1, "correlateBy": "id", "description": "x",
              "events": { "Begun": { "fields": { "id": "string" } } },
              "commands": { "Pay": { "to": "paymnts", "with": {} } },
              "start": { "Begun": { "goto": "Done" } },
              "states": { "Done": { "final": "completed" } } }
            """, to: "flows/a.workflow.json")
        return folder
    }

    @Test func `reads the nearest operator's file above`() throws {
        let folder = try project()

        let run = try CommandLineRun(
            "validate", "--format", "text", in: folder.url.appending(path: "flows"))

        #expect(run.code == 1)
        #expect(run.output.contains("is not configured; did you mean \"payments\"? [MW9002]"))
        #expect(
            run.output.contains(
                "error: command \"Pay\" is never emitted; use it, or remove it [MW2007]"))
        let quiet = try CommandLineRun(
            "validate", "--format", "text", "--rule", "MW2007=off",
            in: folder.url.appending(path: "flows"))
        #expect(!quiet.output.contains("MW2007"))
    }

    @Test func `reads the operator's file that is named, and finds what is wrong with it`() throws {
        let folder = try project()
        try folder.write("{ \"destination\": {} }", to: "other.json")

        let run = try CommandLineRun(
            "validate", "flows", "--config", "other.json", "--format", "text", in: folder.url)

        #expect(
            run.output.contains("other.json:1:3: error: the configuration has no \"destination\""))
        #expect(!run.output.contains("MW9002"))
        let missing = try CommandLineRun(
            "validate", "flows", "--config", "nowhere.json", in: folder.url)
        #expect(missing.code == 2)
    }

    // MARK: Fixes

    @Test func `shows what a fix would change, and changes nothing`() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.broken, to: "a.workflow.json")

        let run = try CommandLineRun("validate", "--fix", "--dry-run", in: folder.url)

        #expect(
            run.output == """
                --- a.workflow.json
                +++ a.workflow.json
                @@ -1,6 +1,6 @@
                -{ // a note
                +{\(" ")
                   "workflow": "A", "version": 1, "correlateBy": "id", "description": "x",
                -  "events": { "Begun": { "fields": { 'id': "string" } }, },
                +  "events": { "Begun": { "fields": { "id": "string" } } },
                   "start": { "Begun": { "goto": "Done" } },
                   "states": { "Done": { "final": "completed" } }
                 }

                """)
        #expect(run.errors == "would fix 3 findings in 1 file; 0 would remain\n")
        #expect(run.code == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.broken)
    }

    @Test func `fixes files, also those that are included, and keeps their permissions`() throws {
        let folder = try ScratchFolder()
        try folder.write("{}", to: "mink-workflow.json")
        let shared = try folder.write("{ 'retryPolicies': {}, }", to: "shared.json")
        let file = try folder.write(
            Self.broken.replacingOccurrences(
                of: "\"workflow\"", with: "\"use\": \"shared.json\", \"workflow\""),
            to: "a.workflow.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.workflow.json"), withDestinationPath: file)

        let run = try CommandLineRun("validate", "link.workflow.json", "--fix", in: folder.url)

        #expect(run.code == 0)
        #expect(run.output.isEmpty)
        #expect(run.errors == "fixed 5 findings in 2 files\n")
        #expect(try String(contentsOfFile: shared, encoding: .utf8) == "{ \"retryPolicies\": {} }")
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try CommandLineRun("validate", file, "--strict").code == 0)
    }

    @Test func `fixes more mistakes than one reading reports`() throws {
        let folder = try ScratchFolder()
        let notes = String(repeating: "// note\n", count: 300)
        let file = try folder.write(notes + Self.broken, to: "a.workflow.json")

        let run = try CommandLineRun("validate", file, "--fix")

        #expect(run.code == 0)
        #expect(run.errors.hasPrefix("fixed 303 findings in 1 file"))
    }

    @Test(arguments: [
        (["-", "--fix"], "--fix needs files"), (["-", "--watch"], "--watch needs files"),
        ([".", "--dry-run"], "--dry-run goes with --fix"),
    ])
    func `says which options do not go together`(words: [String], sentence: String) throws {
        let run = try CommandLineRun("validate", words[0], words[1])

        #expect(run.code == 2)
        #expect(run.errors.contains(sentence))
    }

    // MARK: Versions

    @Test func `compares with a commit`() throws {
        let repository = try Repository()
        let folder = repository.folder
        try folder.write(
            try CommandLineRun.text("workflows/shared/retries.json"), to: "shared/retries.json")
        try folder.write(try Repository.orders(), to: "orders.workflow.json")
        try repository.commit()
        let same = try CommandLineRun("validate", "--against", "git:HEAD", in: folder.url)
        #expect(same.code == 0, "\(same.output)\(same.errors)")

        try folder.write(
            try Repository.orders([("\"30m\"", "\"31m\"")]), to: "orders.workflow.json")
        let run = try CommandLineRun(
            "validate", "--against", "git:HEAD", "--format", "text", in: folder.url)

        #expect(run.code == 1)
        #expect(
            run.output.hasSuffix(
                "error: version 3 is already published with other content; raise \"version\" to 4 "
                    + "[MW8001]\n"), "\(run.output)\(run.errors)")
    }

    @Test func `compares with a folder, and says what it can not read there`() throws {
        let folder = try ScratchFolder()
        let published = try folder.write("{}", to: "published/a.workflow.json")
        let file = try folder.write(
            Self.broken.replacingOccurrences(of: "// a note", with: "")
                .replacingOccurrences(of: "}, },", with: "} },")
                .replacingOccurrences(of: "'id'", with: "\"id\""), to: "new/a.workflow.json")

        let run = try CommandLineRun("validate", file, "--against", folder.path("published"))

        #expect(run.code == 0, "\(run.output)")
        #expect(run.errors.contains("\(published) is no valid workflow, so nothing is compared"))
    }
}

@Suite("mink-workflow validate --watch")
struct WatchTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func `reports after each change, until a signal comes`(signal: Int32) throws {
        let folder = try ScratchFolder()
        try folder.write("{", to: "a.workflow.json")
        let process = CommandLineRun.process(["validate", "--watch", "--format", "text"])
        process.currentDirectoryURL = folder.url
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()

        let first = Self.text(of: errors, until: "waiting for changes")
        try folder.write("[", to: "b.workflow.json")
        let second = Self.text(of: errors, until: "waiting for changes")
        try FileManager.default.removeItem(atPath: folder.path("b.workflow.json"))
        let third = Self.text(of: errors, until: "waiting for changes")
        kill(process.processIdentifier, signal)
        process.waitUntilExit()

        #expect(!first.contains("changed"))
        #expect(second.contains("b.workflow.json changed"))
        #expect(third.contains("b.workflow.json changed"))
        let lines = CommandLineRun.text(of: output).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("a.workflow.json:1:") } >= 3)
        #expect(lines.contains { $0.hasPrefix("b.workflow.json:1:") })
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 1)
    }

    /// What a process writes until some words come, or it ends.
    private static func text(of pipe: Pipe, until words: String) -> String {
        var content: [UInt8] = []
        var byte: UInt8 = 0
        while !String(decoding: content, as: UTF8.self).hasSuffix(words) {
            let count = read(pipe.fileHandleForReading.fileDescriptor, &byte, 1)
            if count == 1 { content.append(byte) } else if count == 0 || errno != EINTR { break }
        }
        return String(decoding: content, as: UTF8.self)
    }
}
