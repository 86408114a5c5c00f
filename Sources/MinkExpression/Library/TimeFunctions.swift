// The parts of a moment or span, as CEL counts them, and days(), hours(), minutes().
enum TimeFunctions {
    static let all: [LibraryFunction] =
        calendar + clock + [
            span("days", 86_400), span("hours", 3_600), span("minutes", 60),
        ]

    private static let calendar: [LibraryFunction] =
        getter("getFullYear") { $0.date.year }
        + getter("getMonth") { $0.date.month - 1 }
        + getter("getDayOfMonth") { $0.date.day - 1 }
        + getter("getDate") { $0.date.day }
        + getter("getDayOfWeek") { ($0.date.isoWeekday) % 7 }
        + getter("getDayOfYear") { $0.date.dayOfYear - 1 }
        + getter("month") { $0.date.month }
        + getter("day") { $0.date.day }
        + getter("weekday") { $0.date.isoWeekday }

    private static let clock: [LibraryFunction] =
        getter("getHours", 3_600 * nanosecondsPerSecond) { $0.secondOfDay / 3_600 }
        + getter("getMinutes", 60 * nanosecondsPerSecond) { $0.secondOfDay / 60 % 60 }
        + getter("getSeconds", nanosecondsPerSecond) { $0.secondOfDay % 60 }
        + getter("getMilliseconds", 1_000_000, modulo: 1_000) { Int($0.nanoseconds) / 1_000_000 }

    static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// A part of a moment, in UTC or in a zone; and of a span, when it has a unit.
    private static func getter(
        _ name: String, _ unit: Int64? = nil, modulo: Int64 = .max,
        _ read: @escaping @Sendable (LocalTime) -> Int
    ) -> [LibraryFunction] {
        var signatures = [Signature(.timestamp, gives: .int)]
        if unit != nil { signatures.append(Signature(.duration, gives: .int)) }
        let body = FunctionBody.zoned { _, value, zone, _ in
            if value.tag == .duration, let unit { return .int(value.int / unit % modulo) }
            guard value.tag == .timestamp, let moment = value.timestamp else {
                return .noOverload(value)
            }
            guard let local = LocalTime(moment, in: zone) else { return .error(.overflow) }
            return .int(Int64(read(local)))
        }
        return [
            LibraryFunction(name: name, isMember: true, signatures: signatures, body: body),
            .member(name, Signature(.timestamp, .string, gives: .int), body: body),
        ]
    }

    private static func span(_ name: String, _ seconds: Int64) -> LibraryFunction {
        .global(
            name, Signature(.int, gives: .duration),
            body: .unary { _, count in
                guard count.tag == .int else { return .noOverload(count) }
                let (total, overflow) = count.int.multipliedReportingOverflow(
                    by: seconds * nanosecondsPerSecond)
                return overflow ? .error(.overflow) : .duration(nanoseconds: total)
            })
    }
}

/// A moment as the clocks and calendars of a zone show it.
struct LocalTime {
    let date: CivilDate
    let secondOfDay: Int
    let nanoseconds: Int32

    /// `nil` where the zone's clocks leave the years 1 to 9999.
    init?(_ moment: Timestamp, in zone: TimeZoneRules) {
        let offset = zone.offset(at: moment.seconds)
        guard
            let local = Timestamp(
                seconds: moment.seconds + Int64(offset), nanoseconds: moment.nanoseconds)
        else { return nil }
        date = local.date
        secondOfDay = local.secondOfDay
        nanoseconds = local.nanoseconds
    }
}

extension CivilDate {
    /// The day of the week, from Monday, 1, to Sunday, 7.
    var isoWeekday: Int {
        let sinceMonday = (daysSince1970 - CivilDate.dayNumbers.lowerBound) % 7
        return sinceMonday + 1
    }
}
