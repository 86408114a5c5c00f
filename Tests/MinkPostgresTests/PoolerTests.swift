// A pooler between engine and server, which gives every transaction another connection: nothing
// of a session lasts there, no settings, no prepared statements, no LISTEN.
import Foundation
import MinkCommands
import MinkEngine
import MinkStore
import MinkTesting
import MinkWorkflow
import Testing

@testable import MinkPostgres

/// PgBouncer in transaction mode before the scratch server.
private final class ScratchPooler: Sendable {
    private let folder: URL
    private let process: Process

    init() throws {
        let server = try ScratchPostgres.shared.get().folder
        folder = URL(filePath: "/tmp/mink-pooler-\(UUID().uuidString.prefix(8))")
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        // Started by root it goes on as nobody, as the server does.
        let isRoot = geteuid() == 0
        if isRoot { chown(folder.path, 65_534, 65_534) }
        let settings = """
            [databases]
            * = host=\(server) user=mink
            [pgbouncer]
            listen_addr =
            unix_socket_dir = \(folder.path)
            listen_port = 6432
            auth_type = any
            pool_mode = transaction
            default_pool_size = 3
            logfile = \(folder.path)/log
            \(isRoot ? "user = nobody" : "")
            """
        let file = folder.appending(path: "pooler.ini")
        try settings.write(to: file, atomically: true, encoding: .utf8)
        process = Process()
        process.executableURL = URL(filePath: "/usr/sbin/pgbouncer")
        process.arguments = ["-q", file.path]
        try process.run()
        for _ in 0..<1_000 where !files.fileExists(atPath: folder.path + "/.s.PGSQL.6432") {
            usleep(10_000)
        }
        try #require(
            files.fileExists(atPath: folder.path + "/.s.PGSQL.6432"), "the pooler did not start")
    }

    var url: String { "host=\(folder.path) port=6432 user=mink dbname=postgres" }

    /// What a stranger is told, asked several times.
    func ask(_ sql: String) throws -> Set<String> {
        let asking = Process()
        asking.executableURL = URL(filePath: "/usr/bin/env")
        asking.arguments =
            ["psql", "-XAt", url] + (0..<6).flatMap { _ in ["-c", sql] }
        let output = Pipe()
        asking.standardOutput = output
        try asking.run()
        let said = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        asking.waitUntilExit()
        return Set(said.split(separator: "\n").map(String.init))
    }

    func stop() {
        // It has nothing to put in order; to a polite signal it waits for its clients.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}

@Suite("An engine behind a pooler", .enabled(if: hasServer, .init(rawValue: noServer)))
struct PoolerTests {
    @Test func `keeps its settings and its promises`() async throws {
        let pooler = try ScratchPooler()
        defer { pooler.stop() }
        let schema = ScratchSchema(url: pooler.url, name: try ScratchSchema().name)
        let keys = (0..<20).map { "o\($0)" }
        let first = try await Member(schema, try EngineTests.bus())
        let second = try await Member(schema, try EngineTests.bus())
        try await first.waits { $0 == 32 }

        for key in keys { try await EngineTests.send(key, to: second.engine) }

        #expect(try await first.sagas(completed: keys))
        let isPooled = try await first.store.owned { lane throws(StoreError) in
            try lane.session.connection().pooled != nil
        }
        #expect(isPooled)
        let id = InstanceID(tenant: "", workflow: "OrderFulfillment", key: .string(keys[0]))
        #expect(try await first.store.snapshot(of: id) != nil)
        #expect(try await first.store.disorder().isEmpty)
        // Settings of the engine do not reach what others do over the same connections.
        #expect(try pooler.ask("show enable_seqscan") == ["on"])
        #expect(try pooler.ask("show search_path") == ["\"$user\", public"])
        await first.leave()
        await second.leave()
    }
}
