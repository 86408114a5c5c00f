// The time zones that expressions name: fixed offsets, UTC, and those of the system's database,
// whose files are read by whoever made the environment.
import Synchronization

/// Finds time zones by their names, and remembers them.
package final class TimeZones: Sendable {
    private let read: (@Sendable (String) -> [UInt8]?)?
    private let known = Mutex<[String: TimeZoneRules]>([:])
    private static let capacity = 600

    init(read: (@Sendable (String) -> [UInt8]?)?) { self.read = read }

    /// The rules of a zone; `nil` when there is no such zone.
    func zone(_ name: String) -> TimeZoneRules? {
        if name.isEmpty || name == "UTC" || name == "Z" { return .utc }
        if let offset = Self.fixedOffset(name) { return TimeZoneRules(offset: offset) }
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard Self.isName(name), let bytes = read?(name),
            let zone = TimeZoneFile.parse(bytes)
        else { return nil }
        known.withLock { known in
            if known.count < Self.capacity { known[name] = zone }
        }
        return zone
    }

    /// Whether the text can be the name of a zone: it must not lead out of the database.
    private static func isName(_ name: String) -> Bool {
        name.utf8.count <= 64 && !name.hasPrefix("/")
            && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "/-+".utf8.contains($0) }
    }

    /// Seconds east of UTC of `+02:00`, `-09:30` or `02:00`.
    private static func fixedOffset(_ name: String) -> Int? {
        var text = Substring(name)
        var sign = 1
        if text.hasPrefix("-") || text.hasPrefix("+") {
            sign = text.removeFirst() == "-" ? -1 : 1
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.utf8.count) }),
            parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
