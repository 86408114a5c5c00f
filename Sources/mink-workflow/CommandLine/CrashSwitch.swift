// Ends the process at a named place, for tests: `MINK_CRASH_AT=batch-sent:20`.
import Glibc
import MinkStore

/// Reads where the process is to end.
enum CrashSwitch {
    /// Arms the point that the environment names, before anything else begins.
    static func arm() {
        guard let text = Environment.variable("MINK_CRASH_AT") else { return }
        guard CrashPlan.arm(text, end: die) else {
            Output.message(
                "mink-workflow: there is no crash point \"\(text)\"; \"mink-workflow chaos --list-points\" lists them"
            )
            exit(ExitCode.usage.rawValue)
        }
    }

    /// Ends the process as a lost machine would: nothing is flushed, nobody is told.
    private static func die() -> Never {
        while true { kill(getpid(), SIGKILL) }
    }
}
