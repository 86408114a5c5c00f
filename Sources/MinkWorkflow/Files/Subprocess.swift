// Runs another program of the machine to its end, with bytes for its standard input.
//
// Input and output stand in files without a name, so that neither side ever waits for the other.
import Glibc

/// A program that was run to its end.
package struct Subprocess: Sendable {
    /// How it ended: 0 when it went well, 128 and more after a signal.
    package let status: Int32
    package let output: [UInt8]
    package let errors: [UInt8]

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - words: The program's name, which is looked up in the path, and its arguments.
    ///   - input: What it reads from standard input.
    ///   - environment: Its variables, as in `PATH=/usr/bin`; `nil` for those of this process.
    /// - Returns: What it wrote, and how it ended.
    /// - Throws: ``FileError`` when there is no such program, or it can not be started.
    package static func run(
        _ words: [String], input: [UInt8] = [], environment: [String]? = nil
    ) throws(FileError) -> Subprocess {
        let name = words.first ?? ""
        let files = (0..<3).map { _ in namelessFile() }
        defer { for file in files where file >= 0 { close(file) } }
        guard files.allSatisfy({ $0 >= 0 }), FileSystem.send(input, to: files[0]),
            lseek(files[0], 0, SEEK_SET) == 0
        else { throw FileError(path: name) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
        }
        var arguments = words.map { strdup($0) } + [nil]
        var variables = (environment ?? []).map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let problem =
            environment == nil
            ? posix_spawnp(&process, name, &actions, nil, &arguments, environ)
            : posix_spawnp(&process, name, &actions, nil, &arguments, &variables)
        guard problem == 0 else {
            errno = problem
            throw FileError(path: name)
        }
        let status = wait(for: process)
        return Subprocess(
            status: status, output: try content(of: files[1], name),
            errors: try content(of: files[2], name))
    }

    /// A file that is gone as soon as it is closed; negative when there can be none.
    private static func namelessFile() -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var path = Array("\(folder)/mink-workflow-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { return file }
        unlink(path)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private static func content(of file: Int32, _ name: String) throws(FileError) -> [UInt8] {
        lseek(file, 0, SEEK_SET)
        return try FileSystem.read(descriptor: file, path: name, limit: .max - 1).get()
    }
}
