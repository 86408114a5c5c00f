import Foundation
import FoundationXML
import Testing

@Suite("mink-workflow graph")
struct GraphTests {
    private static let orders = "workflows/order-fulfillment.workflow.json"
    private static let files = [
        orders, "workflows/loan-application.workflow.json", "workflows/payout.workflow.json",
        "workflows/trip-booking.workflow.json", "workflows/group-booking.workflow.json",
    ]

    @Test func `draws a workflow as Mermaid and as DOT`() throws {
        try Golden.check(try CommandLineRun("graph", Self.orders).output, "orders.graph.mermaid")
        try Golden.check(
            try CommandLineRun("graph", Self.orders, "--format", "dot").output, "orders.graph.dot")
    }

    @Test func `draws what a failure undoes`() throws {
        let run = try CommandLineRun("graph", Self.orders, "--failure", "AwaitingShipment")

        #expect(run.code == 0)
        try Golden.check(run.output, "orders.failure.mermaid")
    }

    @Test(arguments: files)
    func `draws each workflow as SVG`(file: String) throws {
        let run = try CommandLineRun("graph", file, "--format", "svg")

        #expect(run.code == 0, "\(run.errors)")
        let picture = try XMLDocument(data: Data(run.output.utf8))
        #expect(picture.rootElement()?.name == "svg")
    }

    @Test func `draws names and conditions that mean something to the layout program`() throws {
        let text = try CommandLineRun.text(Self.orders)
            .replacingOccurrences(
                of: "We asked for the money",
                with: #"<b>\\N</b> & \"x\" ] ; } -> \\L %"#
            )
            .replacingOccurrences(
                of: "event.amount >= data.total", with: #"event.paymentId != \"<>&\\\\\""#)

        let run = try CommandLineRun("graph", "-", "--format", "svg", input: text)

        #expect(run.code == 0, "\(run.errors)")
        let picture = try XMLDocument(data: Data(run.output.utf8))
        let words = picture.rootElement()?.stringValue ?? ""
        #expect(words.contains(#"<b>\N</b> & "x" ] ; } -> \L %"#))
        #expect(words.contains(#"[event.paymentId != "<>&\\"]"#))
    }

    @Test func `says what to install where SVG can not be laid out`() throws {
        let process = CommandLineRun.process(["graph", Self.orders, "--format", "svg"])
        process.environment?["PATH"] = "/nowhere"
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = CommandLineRun.text(of: errors)
        process.waitUntilExit()

        #expect(process.terminationStatus == 2)
        #expect(text.contains("install graphviz"))
    }

    @Test(arguments: [
        ("AwaitingShipmnt", Int32(5), "did you mean \"AwaitingShipment\"?"),
        ("Completed", 2, "has ended in \"Completed\""),
    ])
    func `says why it can not show a failure`(state: String, code: Int32, words: String) throws {
        let run = try CommandLineRun("graph", Self.orders, "--failure", state)

        #expect(run.code == code)
        #expect(run.errors.contains(words))
    }
}
