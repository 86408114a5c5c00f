// The header `Retry-After`: a number of seconds, or a date as HTTP writes it (RFC 9110, 10.2.3).
import MinkExpression

/// Reads when a server wants to be called again.
enum RetryAfter {
    /// No server makes us wait longer than a day.
    private static let longest = Duration.seconds(86_400)

    /// The wait that the header asks for; `nil` when there is none, or it has no form that is known.
    static func delay(_ text: String?, at now: Timestamp) -> Duration? {
        guard let text else { return nil }
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        if isNumber { return min(Int64(text).map { .seconds($0) } ?? longest, longest) }
        return date(text).map { min(max(.zero, $0.since(now)), longest) }
    }

    /// The moment of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]),
            let date = CivilDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
            (0...60).contains(time[2])
        else { return nil }
        return Timestamp(date: date, secondOfDay: time[0] * 3_600 + time[1] * 60 + time[2])
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
