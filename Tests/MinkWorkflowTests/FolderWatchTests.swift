// Real files are changed as editors and deployments change them; the watch has to see each.
import Foundation
import MinkWorkflow
import Testing

@Suite("A watch on a folder")
struct FolderWatchTests {
    /// A folder `workflows` with one file in it, which ends with the test.
    final class Scratch: Sendable {
        let root: URL

        init() throws {
            root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            try write("workflows/a.json")
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func path(_ name: String) -> String { root.appending(path: name).path }

        func write(_ name: String, atomically: Bool = false) throws {
            let url = root.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(UUID().uuidString.utf8).write(to: url, options: atomically ? .atomic : [])
        }

        func remove(_ name: String) throws {
            try FileManager.default.removeItem(at: root.appending(path: name))
        }

        func move(_ name: String, to other: String) throws {
            guard rename(path(name), path(other)) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }

        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: path(name), withDestinationPath: path(target))
        }
    }

    /// Something that people and programs do with files.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let perform: @Sendable (Scratch) throws -> Void

        init(_ name: String, _ perform: @escaping @Sendable (Scratch) throws -> Void) {
            testDescription = name
            self.perform = perform
        }
    }

    static let changes = [
        Change("a file is written") { try $0.write("workflows/a.json") },
        Change("a file is made") { try $0.write("workflows/b.json") },
        Change("a file is written by renaming") {
            try $0.write("workflows/a.json", atomically: true)
        },
        Change("a file comes from elsewhere") {
            try $0.write("elsewhere.json")
            try $0.move("elsewhere.json", to: "workflows/b.json")
        },
        Change("a file is deleted") { try $0.remove("workflows/a.json") },
        Change("a folder is made inside") { try $0.write("workflows/deep/er/b.json") },
        Change("the folder is deleted") { try $0.remove("workflows") },
        Change("the folder is moved away") { try $0.move("workflows", to: "old") },
        Change("the folder is replaced") {
            try $0.write("next/a.json")
            try $0.move("workflows", to: "old")
            try $0.move("next", to: "workflows")
        },
        Change("the folder is replaced by a link") {
            try $0.write("next/a.json")
            try $0.remove("workflows")
            try $0.link("workflows", to: "next")
        },
    ]

    /// Forgets what was seen until now.
    private func rest(_ watch: FolderWatch) {
        while watch.next(atMost: .milliseconds(20)) {}
    }

    @Test(arguments: changes)
    func `sees a change, and what comes behind it`(change: Change) throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("workflows")])
        #expect(watch.isComplete)
        #expect(!watch.next(atMost: .zero))

        try change.perform(scratch)
        #expect(watch.next(atMost: .seconds(10)))
        rest(watch)
        try scratch.write("workflows/deep/behind.json")
        #expect(watch.next(atMost: .seconds(10)))
        rest(watch)
        try scratch.write("workflows/deep/behind.json")
        #expect(watch.next(atMost: .seconds(10)))
    }

    @Test func `sees a folder that comes later, with the folders above it`() throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("new/er/workflows")])

        try scratch.write("new/er/workflows/a.json")
        #expect(watch.next(atMost: .seconds(10)))
        rest(watch)
        try scratch.write("new/er/workflows/a.json")
        #expect(watch.next(atMost: .seconds(10)))
    }

    @Test func `sees that a link above the folder leads elsewhere`() throws {
        let scratch = try Scratch()
        try scratch.write("first/workflows/a.json")
        try scratch.write("second/workflows/a.json")
        try scratch.link("current", to: "first")
        let watch = FolderWatch([scratch.path("current/workflows")])

        try scratch.link("next", to: "second")
        try scratch.move("next", to: "current")
        #expect(watch.next(atMost: .seconds(10)))
        rest(watch)
        try scratch.write("second/workflows/a.json")
        #expect(watch.next(atMost: .seconds(10)))
    }

    @Test func `sees a single file, and not its neighbours`() throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("workflows/a.json")])

        try scratch.write("workflows/b.json")
        #expect(!watch.next(atMost: .milliseconds(50)))
        try scratch.write("workflows/a.json")
        #expect(watch.next(atMost: .seconds(10)))
    }

    @Test func `lets go of what is not asked for any more`() throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("workflows")])
        watch.watch([scratch.path("others")])

        try scratch.write("workflows/a.json")
        #expect(!watch.next(atMost: .milliseconds(50)))
        try scratch.write("others/a.json")
        #expect(watch.next(atMost: .seconds(10)))
    }

    @Test func `sees a change within 100 ms`() throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("workflows")])

        // The best of several: other tests share the processors.
        let best = try (0..<10).map { _ in
            rest(watch)
            return try ContinuousClock().measure {
                try scratch.write("workflows/a.json", atomically: true)
                #expect(watch.next(atMost: .seconds(10)))
            }
        }.min()

        #expect(try #require(best) < .milliseconds(100))
    }

    @Test func `has its caller look by itself where the kernel does not watch`() throws {
        let watch = FolderWatch(["."], usesKernel: false)

        #expect(!watch.isComplete)
        let wait = ContinuousClock().measure { #expect(watch.next(atMost: .seconds(60))) }
        #expect(wait >= FolderWatch.period && wait < .seconds(300))
    }

    // MARK: Without a thread of the shared pool

    @Test func `ends a wait at a change, at a ring, and behind its limit`() async throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("workflows")])
        let bell = watch.bell

        #expect(await !watch.change(atMost: .milliseconds(10)))
        async let ringing = watch.change(atMost: .seconds(60))
        bell.ring()
        #expect(await !ringing)
        async let changing = watch.change(atMost: .seconds(60))
        try scratch.write("workflows/a.json")
        #expect(await changing)
    }

    @Test func `ends a wait with its task`() async throws {
        let scratch = try Scratch()
        let watch = FolderWatch([scratch.path("workflows")])

        let seen = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await watch.change(atMost: .seconds(60)) }
            group.cancelAll()
            return await group.next()
        }

        #expect(seen == false)
    }
}
