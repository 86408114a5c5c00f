// How a process is named in the database: for people, and unlike all others.
import Glibc

enum ProcessName {
    /// The host, the process and a random number, as in `web-1/4711/9f3c…`.
    static func make() -> String {
        var name = [CChar](repeating: 0, count: 65)
        gethostname(&name, 64)
        let host = name.withUnsafeBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let random = UInt64.random(in: .min ... .max)
        return "\(host)/\(getpid())/\(String(random, radix: 16))"
    }
}
