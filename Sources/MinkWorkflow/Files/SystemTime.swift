// Today's date and the system's time zones, for the language.
import Glibc

package enum SystemTime {
    /// Today in UTC, as `2027-06-30`.
    package static var today: String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        let digits = [
            (Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2),
        ]
        return digits.map { number, width in
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }.joined(separator: "-")
    }

    /// The bytes of a time zone of the system's database; `nil` when there is none of that name.
    package static func timeZone(_ name: String) -> [UInt8]? {
        let folder = "/usr/share/zoneinfo"
        guard !name.isEmpty, !name.hasPrefix("/"), !name.contains(".."),
            let path = FileSystem.realPath("\(folder)/\(name)"), path.hasPrefix(folder + "/"),
            case .success(let bytes) = FileSystem.read(path, limit: 1 << 20)
        else { return nil }
        return bytes
    }
}
