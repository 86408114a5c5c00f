// What a process is told by the one who started it.
import Glibc

/// The environment of the process.
enum Environment {
    /// A variable; `nil` when it is not set or empty.
    static func variable(_ name: String) -> String? {
        guard let text = getenv(name).map({ String(cString: $0) }), !text.isEmpty else {
            return nil
        }
        return text
    }

    /// Who is at work, for records.
    static var person: String {
        variable("USER") ?? variable("LOGNAME") ?? "user \(getuid())"
    }
}
