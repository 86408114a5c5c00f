import Foundation
import Testing

@Suite("mink-workflow run")
struct RunTests {
    private static let sample = "workflows/samples/orders.events.jsonl"

    @Test func `prints the transcript of the sample orders`() throws {
        let run = try CommandLineRun("run", "workflows", "--events", Self.sample)

        #expect(run.code == 0)
        try Golden.check(run.output, "orders.transcript.txt")
    }

    @Test func `prints one JSON object for each fact`() throws {
        let run = try CommandLineRun(
            "run", "workflows", "--events", Self.sample, "--format", "jsonl")

        #expect(run.code == 0)
        try Golden.check(run.output, "orders.transcript.jsonl")
    }

    @Test(arguments: ["trips", "loans", "groups", "payouts"])
    func `plays every sample to its end`(name: String) throws {
        let run = try CommandLineRun(
            "run", "workflows", "--events", "workflows/samples/\(name).events.jsonl")

        #expect(run.code == 0)
        try Golden.check(run.output, "\(name).transcript.txt")
    }

    @Test func `shows personal data only when it is told to`() throws {
        let masked = try CommandLineRun("run", "workflows", "--events", Self.sample)
        let shown = try CommandLineRun(
            "run", "workflows", "--events", Self.sample, "--show-personal")

        #expect(!masked.output.contains("Genève"))
        #expect(shown.output.contains("Genève"))
    }

    @Test func `repeats nothing when the same file is played on the same store again`() throws {
        let folder = try ScratchFolder()
        let store = folder.path("orders.sqlite")
        let first = try CommandLineRun(
            "run", "workflows", "--events", Self.sample, "--store", store)

        let second = try CommandLineRun(
            "run", "workflows", "--events", Self.sample, "--store", store)

        #expect(second.lines == first.lines.suffix(3))
        #expect(second.lines.allSatisfy { $0.contains("  end  ") })
    }

    @Test func `goes on with the lines that were added to the file`() throws {
        let folder = try ScratchFolder()
        let (store, whole) = (folder.path("s.sqlite"), try CommandLineRun.text(Self.sample))
        let lines = whole.split(separator: "\n")
        let half = try folder.write(
            lines.prefix(7).joined(separator: "\n") + "\n", to: "orders.events.jsonl")
        try CommandLineRun("run", "workflows", "--events", half, "--store", store)
        try folder.write(whole, to: "orders.events.jsonl")

        let rest = try CommandLineRun("run", "workflows", "--events", half, "--store", store)

        let all = try CommandLineRun("run", "workflows", "--events", Self.sample)
        #expect(rest.lines == all.lines.suffix(rest.lines.count))
        #expect(rest.lines.count < all.lines.count)
    }

    @Test func `reports a line that can not be read, and feeds the others`() throws {
        let run = try CommandLineRun(
            "run", "workflows", "--events", "-", "--format", "jsonl",
            input: """
                {"type": "OrderCreated", "data": {"orderId": "o1", "customerId": "c", \
                "address": {}, "items": [], "total": 1}}
                {"type": "PaymentReceived", "data":
                {"wait": "soon"}
                {"wait": "30m"}
                """)

        #expect(run.code == 1)
        #expect(run.errors.contains("-:2: error: column"))
        #expect(run.errors.contains("-:3: error: \"soon\" is no duration"))
        #expect(run.lines.last?.contains(#""status":"failed""#) == true)
    }

    @Test func `refuses another event under a known id, and goes on`() throws {
        let run = try CommandLineRun(
            "run", "workflows", "--events", "-", "--format", "jsonl",
            input: """
                {"type": "OrderCreated", "id": "e1", "data": {"orderId": "o1", "customerId": "c", \
                "address": {}, "items": [], "total": 1}}
                {"type": "OrderCreated", "id": "e1", "data": {"orderId": "o2", "customerId": "c", \
                "address": {}, "items": [], "total": 1}}
                {"type": "OrderCreated", "id": "e1", "data": {"orderId": "o1", "customerId": "c", \
                "address": {}, "items": [], "total": 1}}
                """)

        #expect(run.code == 1)
        #expect(run.output.contains(#""judged":"refused""#))
        #expect(run.output.contains(#""judged":"duplicate""#))
    }

    @Test func `says that a store is in use`() throws {
        let folder = try ScratchFolder()
        let store = folder.path("s.sqlite")
        let first = CommandLineRun.process(
            ["run", "workflows", "--events", "-", "--store", store])
        let (input, output) = (Pipe(), Pipe())
        first.standardInput = input
        first.standardOutput = output
        try first.run()
        input.fileHandleForWriting.write(
            Data(
                """
                {"type": "OrderCreated", "data": {"orderId": "o1", "customerId": "c", \
                "address": {}, "items": [], "total": 1}}

                """.utf8))
        _ = output.fileHandleForReading.availableData  // It has the store now.

        let second = try CommandLineRun(
            "run", "workflows", "--events", Self.sample, "--store", store)

        try input.fileHandleForWriting.close()
        first.waitUntilExit()
        #expect(second.code == 6)
        #expect(second.errors.contains("is in use by another process"))
    }
}

extension CommandLineRun {
    /// The text of a file of the project.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
