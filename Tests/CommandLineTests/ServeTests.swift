// Engines as processes: they take what is saved, agree with each other, and end when they are told.
import Foundation
import MinkTesting
import Testing

@Suite("A served engine")
struct ServeTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try write(ReloadTrial.text(version: 1))
    }

    private func write(_ text: String) throws {
        try folder.write(text, to: "workflows/ticket.workflow.json")
    }

    private func serve(_ store: [String]) throws -> ServedEngine {
        try ServedEngine(
            ["serve", "--definitions", "workflows", "--simulate", "--format", "jsonl"] + store,
            in: folder.url)
    }

    @Test func `needs someone who takes each command`() throws {
        let run = try CommandLineRun(
            "serve", "--definitions", "workflows", "--store", "a.sqlite", in: folder.url)

        #expect(run.code == 2)
        #expect(
            run.errors
                == """
                workflows/ticket.workflow.json:10:61: error: nobody here handles Check; register a \
                handler in a service that runs the engine, send it "to": "events", or serve with \
                --simulate

                """)
    }

    @Test func `takes a version that is saved, keeps it when a broken one follows, and stops`()
        throws
    {
        let engine = try serve(["--store", "a.sqlite"])
        try engine.waits(for: #""definitions":{"Ticket":1}"#)

        let start = ContinuousClock.now
        try write(ReloadTrial.text(version: 2))
        try engine.waits(for: #""new sagas take this version","version":"2""#)
        print(
            "save to active, as the log of a served engine shows it:", ContinuousClock.now - start)

        try write(
            ReloadTrial.text(version: 3).replacingOccurrences(of: "Done\" }", with: "Dome\" }"))
        try engine.waits(for: #""code":"MW2001""#)
        try engine.waits(for: #""notLoaded":1,"mink_definition_load_failed":1"#)
        #expect(try engine.stop() == 0)

        let list = try CommandLineRun("definitions", "list", "--store", folder.path("a.sqlite"))
        #expect(list.lines.count == 3)
        #expect(list.lines[0].hasPrefix("Ticket v1                 kept "))
        #expect(list.lines[1].hasPrefix("Ticket v2                 active "))
        #expect(
            list.lines[2].hasPrefix("not loaded: workflows/ticket.workflow.json:11:36: error: "),
            "\(list.lines[2])")
    }

    @Test func `that another one has the file of is told so`() throws {
        let engine = try serve(["--store", "a.sqlite"])
        try engine.waits(for: #""health":"working""#)

        let other = try CommandLineRun(
            "serve", "--definitions", "workflows", "--simulate", "--store", "a.sqlite",
            in: folder.url)

        #expect(other.code == 6)
        #expect(try engine.stop() == 0)
    }

    @Test(
        .enabled(
            if: !ScratchPostgres.isSkipped, "MINK_SKIP_POSTGRES=1 leaves out what needs a server"))
    func `agrees with the others of its database`() throws {
        let server = try ScratchPostgres(["fsync=on"])
        defer { server.stop() }
        let store = ["--database", server.url, "--schema", "tickets"]
        let engines = try [serve(store), serve(store)]
        for engine in engines { try engine.waits(for: #""definitions":{"Ticket":1}"#) }

        try write(ReloadTrial.text(version: 2))
        for engine in engines { try engine.waits(for: #""definitions":{"Ticket":2}"#) }

        let start = ContinuousClock.now
        let back = try CommandLineRun(
            all: ["definitions", "activate", "Ticket", "1", "--reason", "2 is too slow"] + store)
        #expect(back.code == 0, "\(back.errors)")
        #expect(
            back.output
                == "Ticket version 1 is active: new sagas take it, whatever is published later\n")
        for engine in engines { try engine.waits(for: #""definitions":{"Ticket":1}"#, times: 2) }
        print("activated on two engines, with the command itself:", ContinuousClock.now - start)

        try folder.write(ReloadTrial.text(version: 7), to: "next.workflow.json")
        let published = try CommandLineRun(
            all: ["definitions", "publish", "next.workflow.json", "--reason", "a trial"] + store,
            in: folder.url)
        #expect(published.output == "Ticket version 7 is published; new sagas take version 1\n")
        for engine in engines {
            try engine.waits(for: #""a version was published that new sagas do not take""#)
            #expect(try engine.stop() == 0)
        }
    }
}

@Suite("The guide to reloading")
struct ReloadingGuideTests {
    @Test func `shows commands that work, and what they print`() throws {
        let folder = try ScratchFolder()
        for name in ["workflows", "schemas"] {
            try FileManager.default.copyItem(
                at: CommandLineRun.root.appending(path: name), to: folder.url.appending(path: name))
        }
        let guide = try CommandLineRun.text("Sources/MinkWorkflow/Documentation.docc/Reloading.md")
        let blocks = guide.components(separatedBy: "```").enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element).dropFirst()

        #expect(blocks.count == 6)
        var printed = ""
        for block in blocks {
            let lines = block.split(separator: "\n")
            if lines.first == "sh" {
                let run = try Program.shell(
                    "set -e\n" + lines.dropFirst().joined(separator: "\n"), in: folder)
                #expect(run.code == 0, "\(run.text)")
                printed = run.text
            } else {
                for line in lines.dropFirst() { #expect(printed.contains(line), "\(printed)") }
            }
        }
    }
}

/// A process that serves, and what it has said so far.
private final class ServedEngine {
    private let process: Process
    private let log: URL

    init(_ words: [String], in folder: URL) throws {
        log = folder.appending(path: "\(UUID().uuidString).log")
        try Data().write(to: log)
        process = CommandLineRun.process(words)
        process.currentDirectoryURL = folder
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Waits until it has said something, as often as told.
    func waits(for text: String, times: Int = 1) throws {
        var said = ""
        for _ in 0..<12_000 {
            said = try String(contentsOf: log, encoding: .utf8)
            if said.components(separatedBy: text).count > times { return }
            guard process.isRunning else { break }
            usleep(5_000)
        }
        Issue.record("it never said \(text): \(said)")
    }

    /// Tells it to stop.
    ///
    /// - Returns: Its exit code.
    func stop() throws -> Int32 {
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        return process.terminationStatus
    }
}
