// What a process is told by the one who started it.
import Glibc
import MinkPublishers
import MinkWorkflow

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

extension SecretSource {
    /// The secrets that the environment of the process has, or names files of.
    static let ofProcess = SecretSource(variable: { Environment.variable($0) }) { path in
        guard case .success(let bytes) = FileSystem.read(path, limit: 64 << 10) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
