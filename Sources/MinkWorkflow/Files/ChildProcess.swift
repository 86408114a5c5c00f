// Runs another program without a shell: its words are passed on as they are.
import Glibc

/// A program that was run to its end.
package struct ChildProcess: Sendable {
    /// What it wrote to standard output.
    package let output: [UInt8]
    /// What it wrote to standard error, for people.
    package let errors: String
    /// How it ended; 127 when it could not be found, above 128 when a signal ended it.
    package let code: Int32

    /// Runs a program of the search path.
    ///
    /// - Parameters:
    ///   - words: Its name and its arguments.
    ///   - input: What it reads from standard input.
    /// - Throws: ``FileError`` if it could not be started.
    package init(_ words: [String], input: [UInt8] = []) throws(FileError) {
        let (stdin, stderr) = (try Self.scratchFile(input), try Self.scratchFile([]))
        defer {
            close(stdin)
            close(stderr)
        }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw FileError(path: words.first ?? "") }
        defer { close(ends[0]) }
        let started = Self.spawn(words, stdin: stdin, stdout: ends, stderr: stderr)
        close(ends[1])
        guard let process = started else {
            self.init(output: [], errors: "\(words.first ?? "") can not be started", code: 127)
            return
        }
        let output = Self.readAll(ends[0])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        lseek(stderr, 0, SEEK_SET)
        let signal = status & 0x7F
        self.init(
            output: output, errors: String(decoding: Self.readAll(stderr), as: UTF8.self),
            code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
    }

    private init(output: [UInt8], errors: String, code: Int32) {
        self.output = output
        self.errors = errors
        self.code = code
    }

    private static func spawn(
        _ words: [String], stdin: Int32, stdout: [Int32], stderr: Int32
    ) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, stdin, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, stdout[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, stderr, STDERR_FILENO)
        for file in stdout + [stdin, stderr] where file > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, file)
        }
        var process: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        guard let program = words.first,
            posix_spawnp(&process, program, &actions, nil, arguments, variables) == 0
        else { return nil }
        return process
    }

    /// What a program needs to find itself and its user's settings.
    ///
    /// Variables that would point git to another repository, as hooks have them, are left out.
    private static var environment: [String] {
        let names: [String] = ["PATH", "HOME", "USER", "XDG_CONFIG_HOME", "TMPDIR"]
        let kept = names.compactMap { name in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
        return kept + ["LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"]
    }

    /// A file without a name that holds some bytes, read from its start.
    private static func scratchFile(_ content: [UInt8]) throws(FileError) -> Int32 {
        var name = Array("/tmp/mink-workflow-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw FileError(path: "/tmp") }
        unlink(name)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        var sent = 0
        while sent < content.count {
            let count = content.withUnsafeBytes { buffer in
                write(file, buffer.baseAddress?.advanced(by: sent), content.count - sent)
            }
            guard count > 0 || errno == EINTR else { break }
            sent += max(0, count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func readAll(_ file: Int32) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count > 0 {
                content += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                return content
            }
        }
    }
}
