// date(), plusDays(), plusMonths(), startOfDay(): calculating with the calendar of a zone.
enum CalendarFunctions {
    static let all: [LibraryFunction] =
        zoned("date", [], gives: .string) { machine, moment, zone, _ in
            guard let local = LocalTime(moment, in: zone) else { return .error(.overflow) }
            return machine.makeText(local.date.text)
        }
        + zoned("startOfDay", [], gives: .timestamp) { _, moment, zone, _ in
            guard let local = LocalTime(moment, in: zone) else { return .error(.overflow) }
            return made(local.date, 0, 0, zone)
        }
        + zoned("plusDays", [.int], gives: .timestamp) { _, moment, zone, arguments in
            shift(moment, zone, arguments[0]) { date, count in
                let (day, overflow) = date.daysSince1970.addingReportingOverflow(count)
                return overflow ? nil : CivilDate(daysSince1970: day)
            }
        }
        + zoned("plusMonths", [.int], gives: .timestamp) { _, moment, zone, arguments in
            shift(moment, zone, arguments[0]) { $0.adding(months: $1) }
        }

    /// A function of a moment, in UTC or in the zone that is its last argument.
    private static func zoned(
        _ name: String, _ parameters: [ExpressionType], gives result: ExpressionType,
        _ body: @escaping @Sendable (Machine, Timestamp, TimeZoneRules, [Cell]) -> Cell
    ) -> [LibraryFunction] {
        let body = FunctionBody.zoned { machine, value, zone, arguments in
            guard value.tag == .timestamp, let moment = value.timestamp else {
                return .noOverload(value)
            }
            return body(machine, moment, zone, arguments)
        }
        let all = [ExpressionType.timestamp] + parameters
        return [
            LibraryFunction(
                name: name, isMember: true,
                signatures: [Signature(parameters: all, result: result)], body: body),
            LibraryFunction(
                name: name, isMember: true,
                signatures: [Signature(parameters: all + [.string], result: result)], body: body),
        ]
    }

    /// The same time of day on another date; where clocks skip it, that much later.
    private static func shift(
        _ moment: Timestamp, _ zone: TimeZoneRules, _ count: Cell,
        _ move: (CivilDate, Int) -> CivilDate?
    ) -> Cell {
        guard count.tag == .int, let number = Int(exactly: count.int) else {
            return .noOverload(count)
        }
        guard let local = LocalTime(moment, in: zone), let date = move(local.date, number) else {
            return .error(.overflow)
        }
        return made(date, local.secondOfDay, local.nanoseconds, zone)
    }

    private static func made(
        _ date: CivilDate, _ secondOfDay: Int, _ nanoseconds: Int32, _ zone: TimeZoneRules
    ) -> Cell {
        let local = Int64(date.daysSince1970) * 86_400 + Int64(secondOfDay)
        let seconds = local - Int64(zone.offset(atLocal: local))
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds).map(Cell.timestamp)
            ?? .error(.overflow)
    }
}

extension CivilDate {
    /// The date as `2027-01-31`.
    fileprivate var text: String {
        func padded(_ number: Int, _ count: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
