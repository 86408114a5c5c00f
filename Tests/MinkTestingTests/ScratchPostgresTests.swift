// The scratch server: it is there when tests need it, and gone when they are, however they end.
import Glibc
import MinkTesting
import Testing

private let started = getenv("MINK_TEST_SCRATCH").map { String(cString: $0) }
private let isSkipped = ScratchPostgres.isSkipped

@Suite("A scratch server")
struct ScratchPostgresTests {
    @Test(.enabled(if: started != nil, "only in the process that is to be killed"))
    func `ScratchOwner starts a server and waits to be killed`() throws {
        let server = try ScratchPostgres()
        let stream = fopen(started, "w")
        fputs(server.folder, stream)
        fclose(stream)
        sleep(60)
        server.stop()
    }

    @Test(.enabled(if: started == nil && !isSkipped, "needs a server"))
    func `ends with its process, also when that is killed`() throws {
        var template = Array("/tmp/mink-scratch-XXXXXX".utf8CString)
        let note = mkstemp(&template)
        try #require(note >= 0)
        close(note)
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let owner = try start(["MINK_TEST_SCRATCH=" + path])
        var folder = ""
        for _ in 0..<3_000 where folder.isEmpty {
            usleep(10_000)
            folder = content(path)
        }
        try #require(!folder.isEmpty)
        #expect(access("\(folder)/.s.PGSQL.5432", F_OK) == 0)

        kill(owner, SIGKILL)
        var status: Int32 = 0
        waitpid(owner, &status, 0)

        for _ in 0..<3_000 where access(folder, F_OK) == 0 { usleep(10_000) }
        #expect(access(folder, F_OK) != 0)
    }

    private func content(_ path: String) -> String {
        guard let stream = fopen(path, "r") else { return "" }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, stream)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Starts this program again, for one test alone.
    private func start(_ variables: [String]) throws -> pid_t {
        var variables = variables
        for name in ["LD_LIBRARY_PATH", "PATH"] {
            if let value = getenv(name) { variables.append("\(name)=\(String(cString: value))") }
        }
        let words = [
            "/proc/self/exe", "--testing-library", "swift-testing", "--filter", "ScratchOwner",
        ]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for output in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        var arguments = words.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        let problem = posix_spawn(
            &process, "/proc/self/exe", &actions, nil, &arguments, &environment)
        try #require(problem == 0)
        return process
    }
}
