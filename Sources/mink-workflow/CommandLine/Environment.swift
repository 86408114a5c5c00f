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

    /// A text, or where it is `secret:NAME` what the environment has under `MINK_SECRET_NAME`.
    ///
    /// - Throws: ``UsageError`` when the environment has no such secret.
    static func revealed(_ text: String) throws(UsageError) -> String {
        guard text.hasPrefix("secret:") else { return text }
        let name = "MINK_SECRET_" + text.dropFirst("secret:".count)
        guard let secret = variable(name) else {
            throw UsageError(message: "\"\(text)\" needs \(name) in the environment")
        }
        return secret
    }

    /// Who is at work, for records.
    static var person: String {
        variable("USER") ?? variable("LOGNAME") ?? "user \(getuid())"
    }
}
