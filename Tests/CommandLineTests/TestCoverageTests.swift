import Foundation
import Testing

@Suite("The coverage of scenarios")
struct TestCoverageTests {
    private static let orders = "workflows/order-fulfillment.scenarios.json"

    @Test func `counts what was reached, and names the rest with its place`() throws {
        let run = try CommandLineRun(
            "test", Self.orders, "--filter", "An order goes through", "--coverage")

        #expect(run.code == 0)
        try Golden.check(run.output, "orders.coverage.txt")
    }

    @Test func `of two sides of a condition, of parts, items and undos stands in the table`() throws
    {
        let groups = try CommandLineRun(
            "test", "workflows/group-booking.scenarios.json", "--filter", "nothing like this",
            "--coverage")

        try Golden.check(groups.output, "groups.coverage.txt")
    }

    @Test(arguments: [("50", 0), ("97", 1)])
    func `below what is asked for ends with 1`(least: String, code: Int32) throws {
        let run = try CommandLineRun("test", Self.orders, "--min-coverage", least)

        #expect(run.code == code)
        #expect(run.output.contains("FAIL") == (code == 1))
    }

    @Test func `of a workflow without scenarios counts when its folder is named`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            try CommandLineRun.text("workflows/payout.workflow.json"),
            to: "payout.workflow.json")
        try folder.write(
            try CommandLineRun.text("workflows/shared/retries.json"), to: "shared/retries.json")
        try folder.write(
            try CommandLineRun.text("workflows/order-fulfillment.workflow.json"),
            to: "order-fulfillment.workflow.json")
        try folder.write(try CommandLineRun.text(Self.orders), to: "orders.scenarios.json")

        let all = try CommandLineRun("test", folder.url.path, "--coverage")
        let one = try CommandLineRun("test", folder.path("orders.scenarios.json"), "--coverage")

        #expect(all.output.contains("coverage of Payout: 0 of "))
        #expect(!one.output.contains("coverage of Payout"))
    }

    @Test func `takes a workflow once that two folders lead to`() throws {
        let folder = try ScratchFolder()
        for name in ["", "first-half/"] {
            try folder.write(
                try CommandLineRun.text(Self.orders), to: "\(name)orders.scenarios.json")
        }
        for name in ["order-fulfillment.workflow.json", "shared/retries.json"] {
            try folder.write(
                try CommandLineRun.text("workflows/\(name)"), to: "first-half/\(name)")
        }

        let run = try CommandLineRun("test", folder.url.path)

        #expect(run.code == 0, "\(run.errors)")
    }

    @Test func `is part of the JSON report`() throws {
        let run = try CommandLineRun("test", Self.orders, "--coverage", "--format", "json")

        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        let coverage = (report as? [String: Any])?["coverage"] as? [[String: Any]]
        let missing = coverage?.first?["missing"] as? [[String: Any]]
        #expect(coverage?.count == 1)
        #expect(coverage?.first?["workflow"] as? String == "OrderFulfillment")
        #expect(missing?.first?["line"] as? Int == 52)
    }

    @Test(arguments: [
        (["--min-coverage", "lots"], "--min-coverage needs a whole number from 0 to 100"),
        (["--runs", "5"], "--runs needs --shuffle SEED"),
        (["--shuffle", "-1"], "--shuffle needs a whole number from 0"),
    ])
    func `needs numbers that are numbers`(words: [String], sentence: String) throws {
        let run = try CommandLineRun("test", Self.orders, words[0], words[1])

        #expect(run.code == 2)
        #expect(run.errors.contains(sentence))
    }
}

/// A parser of XML that is not ours; `nil` when there is no Python in the path.
private let python = Program.find("python3")

@Suite("The report for CI servers", .enabled(if: python != nil, "python3 is missing"))
struct JUnitTests {
    /// Reads the report with a parser that is not ours, and prints what it understood.
    private static let reader = """
        import sys, xml.etree.ElementTree as tree
        root = tree.parse(sys.stdin).getroot()
        print(root.tag, root.get('tests'), root.get('failures'))
        for suite in root:
            print(suite.get('name'), suite.get('tests'), suite.get('failures'))
            for case in suite.iter('testcase'):
                failure = case.find('failure')
                float(case.get('time'))
                print(' ', case.get('name'), '' if failure is None else failure.text.split()[0])
            for figure in suite.iter('property'):
                print(' ', figure.get('name'), figure.get('value'))
        """

    @Test func `is well formed whatever scenarios are called, and says what failed where`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            try CommandLineRun.text("workflows/order-fulfillment.workflow.json"),
            to: "order-fulfillment.workflow.json")
        let scenarios = #"""
            { "workflow": "OrderFulfillment", "scenarios": [
              { "name": "Nothing \u0001 & <nobody> \"quoted\"", "steps": [{ "wait": "1h" }] },
              { "name": "A command that never comes",
                "steps": [{ "expectCommand": "RefundPayment" }] } ] }
            """#
        try folder.write(scenarios, to: "odd.scenarios.json")

        let run = try CommandLineRun(
            "test", "odd.scenarios.json", "--format", "junit", "--min-coverage", "90",
            in: folder.url)

        #expect(run.code == 1)
        #expect(
            try Self.read(run.output) == """
                testsuites 3 2
                coverage figures 0 0
                  coverage.OrderFulfillment 0.0
                odd.scenarios.json 2 1
                  Nothing \u{FFFD} & <nobody> "quoted"\(" ")
                  A command that never comes odd.scenarios.json:4:15
                coverage 1 1
                  OrderFulfillment is covered by 90 percent only

                """)
    }

    private static func read(_ report: String) throws -> String {
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", reader]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(report.utf8))
        try input.fileHandleForWriting.close()
        let text = CommandLineRun.text(of: output)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text
    }
}
