// An engine as a process of its own, which can be killed, held and let go. It ends with the one who
// started it: its standard input is a pipe that closes then.
package import Glibc
import MinkWorkflow

/// A process that was started.
package final class EngineProcess: Sendable {
    package let id: pid_t
    /// The end of the pipe that keeps the process alive.
    private let life: Int32

    /// Starts a program; `nil` when it can not be started.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments.
    ///   - variables: What stands in its environment besides ours.
    ///   - log: The file to which its output goes, behind what is there.
    package init?(_ words: [String], variables: [String] = [], log: String) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard let program = words.first, socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            return nil
        }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: one that is held is let go and ended when we end.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var arguments = words.map { strdup($0) } + [nil]
        var environment = (Self.environment(variables)).map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process: pid_t = 0
        guard
            posix_spawn(&process, program, &actions, &attributes, &arguments, &environment) == 0
        else {
            close(ends[1])
            return nil
        }
        id = process
        life = ends[1]
    }

    deinit { close(life) }

    private static func environment(_ more: [String]) -> [String] {
        var variables = more
        var place = environ
        while let text = place.pointee {
            let variable = String(cString: text)
            let name = variable.prefix { $0 != "=" } + "="
            if !more.contains(where: { $0.hasPrefix(name) }), name != "MINK_CRASH_AT=" {
                variables.append(variable)
            }
            place += 1
        }
        return variables
    }

    /// Sends a signal.
    package func signal(_ signal: Int32) { kill(id, signal) }

    /// How the process ended: its exit code, or 128 and more after a signal; `nil` while it runs.
    ///
    /// To be asked until it answers, and never again.
    package func ended() -> Int32? {
        var status: Int32 = 0
        let found = waitpid(id, &status, WNOHANG)
        guard found == id else { return found < 0 && errno == ECHILD ? -1 : nil }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Waits for the end, up to a limit.
    package func waitForEnd(atMost limit: Duration) async -> Int32? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = ended() { return status }
            guard ContinuousClock.now < deadline else { return nil }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }
}
