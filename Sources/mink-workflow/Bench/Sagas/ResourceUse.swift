// What a span of work has used: of this process's time, of the server's, and what it wrote.
import Glibc
import MinkPostgres
import MinkStore
import MinkTesting

/// Processor time and writes, as counted up to a moment.
struct ResourceUse: Sendable {
    /// Microseconds of processor time of this process.
    var process: Int64
    /// Microseconds of processor time of the server; `nil` where it is not ours to see.
    var server: Int64?
    /// Bytes of write-ahead log; `nil` without a server.
    var writtenBytes: Int64?
    /// Transactions that wrote; `nil` without a server.
    var writes: Int64?

    static func - (later: ResourceUse, earlier: ResourceUse) -> ResourceUse {
        ResourceUse(
            process: later.process - earlier.process,
            server: difference(later.server, earlier.server),
            writtenBytes: difference(later.writtenBytes, earlier.writtenBytes),
            writes: difference(later.writes, earlier.writes))
    }

    private static func difference(_ later: Int64?, _ earlier: Int64?) -> Int64? {
        guard let later, let earlier else { return nil }
        return later - earlier
    }

    /// What was used up to now.
    ///
    /// - Parameters:
    ///   - store: The store that works.
    ///   - folder: The folder of the server when it is of our own.
    /// - Returns: The counts.
    /// - Throws: ``MinkStore/StoreError`` if the server can not be asked.
    static func now(
        _ store: PostgresStore?, serverFolder folder: String?
    ) async throws(StoreError) -> ResourceUse {
        let written = try await store?.written()
        return ResourceUse(
            process: ProcessorTime.ofThisProcess,
            server: folder.flatMap(ProcessorTime.ofServer), writtenBytes: written?.bytes,
            writes: written?.transactions)
    }
}

/// Processor time in microseconds.
enum ProcessorTime {
    static var ofThisProcess: Int64 {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let (user, system) = (usage.ru_utime, usage.ru_stime)
        return Int64(user.tv_sec + system.tv_sec) * 1_000_000
            + Int64(user.tv_usec + system.tv_usec)
    }

    /// The time of a server and of all its processes, also of those that have ended; `nil` when it
    /// can not be seen.
    static func ofServer(in folder: String) -> Int64? {
        guard let lines = text("\(folder)/data/postmaster.pid"),
            let server = lines.split(separator: "\n").first.flatMap({ Int32($0) }),
            let main = stat(server), let folders = opendir("/proc")
        else { return nil }
        defer { closedir(folders) }
        var ticks = main.own + main.ofEnded
        while let entry = readdir(folders) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = Int32(name), let child = stat(process), child.parent == server
            else { continue }
            ticks += child.own + child.ofEnded
        }
        return ticks * 1_000_000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func stat(_ process: Int32) -> (parent: Int32, own: Int64, ofEnded: Int64)? {
        // The name of the program stands in brackets and may hold anything.
        let words = text("/proc/\(process)/stat")?.split(separator: ")").last?
            .split(separator: " ")
        guard let words, words.count > 14, let parent = Int32(words[1]) else { return nil }
        let times = words[11...14].map { Int64($0) ?? 0 }
        return (parent, times[0] + times[1], times[2] + times[3])
    }

    private static func text(_ path: String) -> String? {
        guard let stream = fopen(path, "r") else { return nil }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, stream)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
