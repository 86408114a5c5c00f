import Foundation
import Testing

@Suite("mink-workflow fmt")
struct FormatTests {
    private static let untidy =
        #"{"workflow":"W","version":1,"states":{"Done":{"final":"completed"}}}"#

    @Test func `lays files out, says which, and is content at the second time`() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.untidy, to: "a.workflow.json")
        let other = try folder.write("{}\n", to: "b.workflow.json")

        let first = try CommandLineRun("fmt", folder.url.path)
        let second = try CommandLineRun("fmt", folder.url.path)

        #expect(first.code == 0)
        #expect(first.lines == ["formatted \(file)"])
        #expect(second.output == "")
        #expect(
            try String(contentsOfFile: file, encoding: .utf8) == """
                {
                  "workflow": "W",
                  "version": 1,

                  "states": {
                    "Done": { "final": "completed" }
                  }
                }

                """)
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "{}\n")
    }

    @Test func `only lists files with --check`() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.untidy, to: "a.workflow.json")

        let run = try CommandLineRun("fmt", "--check", folder.url.path)

        #expect(run.code == 1)
        #expect(run.lines == [file])
        #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.untidy)
        #expect(try CommandLineRun("fmt", "--check", "workflows").code == 0)
    }

    @Test func `leaves alone what can not be read, shows why, and goes on with the others`() throws
    {
        let folder = try ScratchFolder()
        let bad = try folder.write(#"{"a": 1,}"#, to: "a.workflow.json")
        let good = try folder.write(Self.untidy, to: "b.workflow.json")

        let run = try CommandLineRun("fmt", folder.url.path)

        #expect(run.code == 1)
        #expect(run.errors.contains("a.workflow.json:1:"))
        #expect(run.errors.contains("MW0003"))
        #expect(try String(contentsOfFile: bad, encoding: .utf8) == #"{"a": 1,}"#)
        #expect(run.lines == ["formatted \(good)"])
    }

    @Test func `reads standard input and writes standard output`() throws {
        let run = try CommandLineRun("fmt", "-", input: #"{"a":1}"#)

        #expect(run.code == 0)
        #expect(run.output == "{\n  \"a\": 1\n}\n")
    }

    @Test func `keeps links and permissions, and leaves nothing beside the file`() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.untidy, to: "real/a.workflow.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let link = folder.path("link.workflow.json")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)

        let run = try CommandLineRun("fmt", link)

        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(run.code == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("real")).count == 1)
    }
}
