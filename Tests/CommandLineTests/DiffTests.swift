import Foundation
import Testing

/// A folder with a repository, in which each step is a commit.
struct Repository {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try git("init", "--quiet")
    }

    func git(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c",
                "commit.gpgsign=false",
            ] + words
        process.currentDirectoryURL = folder.url
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    func commit() throws {
        try git("add", "--all")
        try git("commit", "--quiet", "--message", "A step")
    }

    /// The order workflow of the project after some changes.
    static func orders(_ changes: [(String, String)] = []) throws -> String {
        let text = try CommandLineRun.text("workflows/order-fulfillment.workflow.json")
        return try changes.reduce(text) { text, change in
            try #require(text.contains(change.0), "the change changes nothing")
            return text.replacingOccurrences(of: change.0, with: change.1)
        }
    }
}

@Suite("mink-workflow diff")
struct DiffTests {
    private static let next = [
        ("\"version\": 3", "\"version\": 4"), ("\"AwaitingPayment\"", "\"AwaitingMoney\""),
        ("\"amount\": \"decimal\" }", "\"amount\": \"decimal\", \"currency\": \"string\" }"),
        ("\"description\": \"Paid. The", "\"description\": \"It is paid. The"),
        ("\"after\": \"10m\"", "\"after\": \"20m\""),
    ]

    private func files() throws -> (folder: ScratchFolder, old: String, new: String) {
        let folder = try ScratchFolder()
        try folder.write(
            try CommandLineRun.text("workflows/shared/retries.json"), to: "shared/retries.json")
        let old = try folder.write(try Repository.orders(), to: "old.workflow.json")
        let new = try folder.write(try Repository.orders(Self.next), to: "new.workflow.json")
        return (folder, old, new)
    }

    @Test(arguments: [("text", "txt"), ("markdown", "md"), ("json", "json")])
    func `says what changed in each format, and ends with 1 when something breaks`(
        format: String, ending: String
    ) throws {
        let (folder, old, new) = try files()

        let run = try CommandLineRun("diff", old, new, "--format", format, in: folder.url)

        #expect(run.code == 1, "\(run.errors)")
        try Golden.check(run.output.withoutFingerprints, "orders.diff.\(ending)")
    }

    @Test func `finds no difference in another layout and another file name`() throws {
        let (folder, old, _) = try files()
        let object = try JSONSerialization.jsonObject(with: Data(try Repository.orders().utf8))
        let sorted = try JSONSerialization.data(
            withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
        let moved = try folder.write(
            String(decoding: sorted, as: UTF8.self), to: "moved.workflow.json")

        let run = try CommandLineRun("diff", old, moved)

        #expect(run.code == 0)
        #expect(run.output == "no difference in meaning\n")
    }

    @Test func `compares commits with files`() throws {
        let repository = try Repository()
        let folder = repository.folder
        try folder.write(
            try CommandLineRun.text("workflows/shared/retries.json"),
            to: "workflows/shared/retries.json")
        try folder.write(try Repository.orders(), to: "workflows/orders.workflow.json")
        try repository.commit()
        try FileManager.default.removeItem(atPath: folder.path("workflows/orders.workflow.json"))
        let new = [("\"version\": 3", "\"version\": 4"), ("\"30m\"", "\"31m\"")]
        try folder.write(try Repository.orders(new), to: "workflows/renamed.workflow.json")

        let expected = """
            OrderFulfillment, version 3 → 4
              NEW-ONLY       "AwaitingPayment": the timeout was 30m and is 31m

            """
        for words in [
            ["git:HEAD", "workflows"], ["git:HEAD", "workflows/renamed.workflow.json"],
            ["git:HEAD:workflows/orders.workflow.json", "workflows"], ["git:HEAD", "."],
        ] {
            let run = try CommandLineRun("diff", words[0], words[1], in: folder.url)
            #expect(run.output == expected, "\(words) \(run.errors)")
            #expect(run.code == 0)
        }
        try repository.commit()
        let run = try CommandLineRun("diff", "git:HEAD~1", "git:HEAD", in: folder.url)
        #expect(run.output == expected, "\(run.errors)")
    }

    @Test func `shows new workflows and those that are gone`() throws {
        let (folder, old, _) = try files()
        let other = try folder.write(
            try Repository.orders([("\"workflow\": \"Order", "\"workflow\": \"Parcel")]),
            to: "other.workflow.json")

        let run = try CommandLineRun("diff", old, other)

        #expect(run.code == 1)
        #expect(run.output.contains("BREAKING       the workflow is gone"))
        #expect(run.output.contains("NEW-ONLY       the workflow is new"))
    }

    @Test(arguments: [
        (["git:no-such-branch", "workflows"], "git:no-such-branch can not be read", Int32(2)),
        (["git:--output=x", "workflows"], "is no revision", 2),
        (["git:HEAD:nowhere.workflow.json", "workflows"], "has no workflow at", 5),
        (["workflows", "nowhere"], "there is no file or folder \"nowhere\"", 2),
    ])
    func `says why a side means nothing`(words: [String], sentence: String, code: Int32) throws {
        let repository = try Repository()
        try repository.folder.write(try Repository.orders(), to: "workflows/a.workflow.json")
        try repository.commit()

        let run = try CommandLineRun("diff", words[0], words[1], in: repository.folder.url)

        #expect(run.errors.contains(sentence), "\(run.errors)")
        #expect(run.code == code)
    }

    @Test func `shows the mistakes of a side that has no clear meaning`() throws {
        let (folder, old, _) = try files()
        let bad = try folder.write("{ \"workflow\": 5 }", to: "bad.workflow.json")

        let run = try CommandLineRun("diff", old, bad)

        #expect(run.code == 1)
        #expect(run.errors.contains("error[MW1003]"))
    }
}

extension String {
    /// The text with the same digits for every fingerprint.
    fileprivate var withoutFingerprints: String {
        replacing(/[0-9a-f]{64}/, with: "0")
    }
}
