import Foundation
import Testing

@Suite("A new project")
struct ProjectTests {
    @Test func `has a workflow without findings, whose scenarios pass, in the one layout`() throws {
        let folder = try ScratchFolder()

        let made = try CommandLineRun("init", in: folder.url)

        #expect(made.code == 0)
        #expect(
            made.lines == [
                "made mink-workflow.json", "made workflows/first-booking.workflow.json",
                "made workflows/first-booking.scenarios.json", "made schemas/workflow.schema.json",
                "made schemas/scenarios.schema.json", "made .github/workflows/workflows.yml",
                "made .githooks/pre-commit",
            ])
        let findings = try CommandLineRun("validate", "--fail-on", "info", in: folder.url)
        #expect(findings.code == 0, "\(findings.output)")
        #expect(findings.output == "")
        let tests = try CommandLineRun("test", in: folder.url)
        #expect(tests.code == 0)
        #expect(tests.lines.last == "3 passed, 0 failed")
        #expect(try CommandLineRun("fmt", "--check", in: folder.url).code == 0)
    }

    @Test func `keeps what is there, and can be listed without being made`() throws {
        let folder = try ScratchFolder()
        try folder.write("mine", to: "p/mink-workflow.json")

        let list = try CommandLineRun("init", "p", "--dry-run", in: folder.url)
        let isEmpty = !FileManager.default.fileExists(atPath: folder.path("p/workflows"))
        let made = try CommandLineRun("init", "p", in: folder.url)

        #expect(isEmpty)
        #expect(list.lines.first == "would keep p/mink-workflow.json")
        #expect(list.lines.dropFirst().allSatisfy { $0.hasPrefix("would make p/") })
        #expect(made.lines.first == "kept p/mink-workflow.json")
        #expect(
            try String(contentsOfFile: folder.path("p/mink-workflow.json"), encoding: .utf8)
                == "mine")
        let again = try CommandLineRun("init", "p", in: folder.url)
        #expect(again.lines.allSatisfy { $0.hasPrefix("kept ") })
    }

    @Test func `is not made in place of a file`() throws {
        let folder = try ScratchFolder()
        try folder.write("x", to: "file")

        let run = try CommandLineRun("init", "file", in: folder.url)

        #expect(run.code == 2)
        #expect(run.errors.contains("\"file\" is no folder"))
    }

    @Test func `has a hook that refuses a broken workflow`() throws {
        let folder = try ScratchFolder()
        try CommandLineRun("init", in: folder.url)
        let git = """
            set -e
            git init -q . && git config user.email a@b && git config user.name n
            git config core.hooksPath .githooks && git add -A && git commit -q -m first
            echo committed
            sed -i 's/"goto": "Confirming"/"goto": "Confrming"/' workflows/first-booking.workflow.json
            git commit -q -a -m second || echo refused
            """
        let text = try Program.shell(git, in: folder).text

        #expect(text.contains("committed\n"), "\(text)")
        #expect(text.contains("did you mean \"Confirming\"?"))
        #expect(text.hasSuffix("refused\n"))
    }
}

@Suite("mink-workflow new")
struct NewTests {
    @Test(arguments: [
        ("OrderFulfillment", "order-fulfillment", "OrderFulfillment"),
        ("order-fulfillment", "order-fulfillment", "OrderFulfillment"),
        ("Refund_2", "refund-2", "Refund2"),
    ])
    func `makes a workflow without findings, whose scenarios pass`(
        name: String, file: String, workflow: String
    ) throws {
        let folder = try ScratchFolder()

        let made = try CommandLineRun("new", name, in: folder.url)

        #expect(made.lines == ["made \(file).workflow.json", "made \(file).scenarios.json"])
        let text = try String(contentsOfFile: folder.path("\(file).workflow.json"), encoding: .utf8)
        #expect(text.contains("\"workflow\": \"\(workflow)\""))
        #expect(!text.contains("$schema"))
        let findings = try CommandLineRun("validate", "--fail-on", "info", in: folder.url)
        #expect(findings.code == 0, "\(findings.output)")
        #expect(try CommandLineRun("test", in: folder.url).lines.last == "3 passed, 0 failed")
        #expect(try CommandLineRun("fmt", "--check", in: folder.url).code == 0)
    }

    @Test func `puts it into the project's folder, beside others, with the way to the schemas`()
        throws
    {
        let folder = try ScratchFolder()
        try CommandLineRun("init", in: folder.url)

        let made = try CommandLineRun("new", "Refund", in: folder.url)
        let deeper = try CommandLineRun(
            "new", "Claim", "--folder", "workflows/claims", in: folder.url)

        #expect(made.lines.first == "made workflows/refund.workflow.json")
        #expect(deeper.code == 0)
        let text = try String(
            contentsOfFile: folder.path("workflows/claims/claim.workflow.json"), encoding: .utf8)
        #expect(text.contains("\"$schema\": \"../../schemas/workflow.schema.json\""))
        #expect(try CommandLineRun("validate", "--fail-on", "info", in: folder.url).code == 0)
        let tests = try CommandLineRun("test", "workflows/claims", in: folder.url)
        #expect(tests.lines.last == "3 passed, 0 failed")
    }

    @Test func `changes nothing that is there`() throws {
        let folder = try ScratchFolder()
        try folder.write("mine", to: "refund.scenarios.json")

        let run = try CommandLineRun("new", "Refund", in: folder.url)

        #expect(run.code == 6)
        #expect(run.errors.contains("is there already"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("refund.workflow.json")))
    }

    @Test(arguments: ["2nd", "a b", "é", "", "x/y"])
    func `refuses what can not name a workflow`(name: String) throws {
        let folder = try ScratchFolder()
        let run = try CommandLineRun("new", name, in: folder.url)

        #expect(run.code == 2)
        #expect(run.errors.contains("can not name a workflow"))
    }
}
