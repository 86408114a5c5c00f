// A PostgreSQL server of one's own, for the tests of one process.
//
//   test process ── pipe ──▶ keeper (a shell) ──▶ initdb, postgres in a temporary folder
//
// The keeper reads from a pipe that only the test process can write to. However that process ends,
// also by a signal that no one can catch, the pipe closes with it; the keeper then stops the server
// and removes the folder. Nothing listens on the network: the socket stands in the folder, which
// only its owner can enter.
import Glibc
import MinkWorkflow

/// A running scratch server.
package struct ScratchPostgres: Sendable {
    /// The folder with the socket, the data and the server's log.
    package let folder: String
    /// The end of the pipe that keeps the server running.
    private let life: Int32

    /// Why there is no server.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The server of this process, started when it is first asked for, without care for the disk.
    package static let shared = Result { () throws(Failure) in try ScratchPostgres() }

    /// Whether tests may leave out what needs a server: `MINK_SKIP_POSTGRES=1`.
    package static var isSkipped: Bool {
        getenv("MINK_SKIP_POSTGRES").map { String(cString: $0) } == "1"
    }

    /// How to connect to the database `postgres`.
    package var url: String { url(database: "postgres") }

    /// How to connect to a database.
    package func url(database: String) -> String {
        "host=\(folder) user=mink dbname=\(database)"
    }

    /// Starts a server.
    ///
    /// - Parameter settings: Settings of the server, as in `fsync=on`; what is not named suits tests.
    /// - Throws: ``Failure`` with a sentence when no server is installed or it does not start.
    package init(_ settings: [String] = ["fsync=off"]) throws(Failure) {
        let programs = try Self.programs()
        let folder = try Self.newFolder()
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw Failure(description: "no more files can be opened")
        }
        self.folder = folder
        life = ends[1]
        defer { close(ends[0]) }
        // Of two lines about the same, the server takes the last.
        try Self.startKeeper([programs, folder] + Self.defaults + settings, reading: ends[0])
        try waitUntilReady()
    }

    /// Stops the server at once, as a crash would, and starts it again, without waiting for that.
    package func restart() {
        let line = Array("restart\n".utf8)
        while write(life, line, line.count) < 0, errno == EINTR {}
    }

    /// Stops the server and removes its folder, without waiting for that.
    package func stop() {
        close(life)
    }

    private func waitUntilReady() throws(Failure) {
        for _ in 0..<6_000 {
            usleep(10_000)
            // The last line of this file tells how far the server is.
            if let state = Self.text("\(folder)/data/postmaster.pid"), state.contains("ready") {
                return
            }
            if access("\(folder)/failed", F_OK) == 0 { break }
        }
        let log = Self.text("\(folder)/log") ?? ""
        stop()
        throw Failure(description: "the scratch server did not start: \(log.suffix(1_000))")
    }

    private static func text(_ path: String) -> String? {
        guard let stream = fopen(path, "r") else { return nil }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, stream)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

extension ScratchPostgres {
    /// The folder of the server's programs: that of `pg_config`, or the newest of Debian's.
    private static func programs() throws(Failure) -> String {
        var folders: [String] = []
        if let told = try? Subprocess.run(["pg_config", "--bindir"]), told.status == 0 {
            folders.append(
                String(decoding: told.output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
        for version in (14...30).reversed() { folders.append("/usr/lib/postgresql/\(version)/bin") }
        for folder in folders where access("\(folder)/initdb", X_OK) == 0 { return folder }
        throw Failure(
            description: "no PostgreSQL server is installed: run .ci/setup, or set "
                + "MINK_SKIP_POSTGRES=1 to go without the tests that need one")
    }

    /// The account that runs the server when we are root, which the server refuses: nobody.
    private static let unprivileged: uid_t = 65_534

    private static func newFolder() throws(Failure) -> String {
        var template = Array("/tmp/mink-postgres-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(description: "no folder can be made in /tmp")
        }
        let folder = template.withUnsafeBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if geteuid() == 0 { chown(folder, unprivileged, unprivileged) }
        return folder
    }

    private static let keeper = """
        programs=$1 folder=$2
        shift 2
        cd "$folder" || exit 1
        "$programs/initdb" -D data -U mink -A trust -E UTF8 --locale=C --no-sync >log 2>&1 ||
            touch failed
        for setting; do printf '%s\\n' "$setting" >>data/postgresql.conf; done
        start() {
            "$programs/postgres" -D data -k "$folder" -c listen_addresses= >>log 2>&1 </dev/null &
            server=$!
        }
        stop() {
            kill -QUIT $server
            wait $server
        }
        start
        while read -r line; do
            stop
            start
        done
        stop
        cd / && rm -rf "$folder"
        """

    private static let defaults = ["max_connections = 400", "shared_buffers = 64MB"]

    /// Starts the shell that starts the server, and that ends it when the pipe closes.
    private static func startKeeper(
        _ arguments: [String], reading pipe: Int32
    ) throws(Failure) {
        let user = String(unprivileged)
        let asNobody = ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
        var words = geteuid() == 0 ? asNobody : []
        words += ["sh", "-c", keeper, "mink-scratch-postgres"] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipe, STDIN_FILENO)
        for output in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: an interrupt from the terminal ends the tests first, then the pipe.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var texts = words.map { strdup($0) } + [nil]
        defer { for text in texts { free(text) } }
        var process: pid_t = 0
        let problem = posix_spawnp(&process, words[0], &actions, &attributes, &texts, environ)
        guard problem == 0 else {
            throw Failure(description: "\(words[0]) can not be started")
        }
    }
}
