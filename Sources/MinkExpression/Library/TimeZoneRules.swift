// How far the clocks of a zone are from UTC at each moment.

/// The offsets of one time zone.
struct TimeZoneRules: Sendable {
    /// The moments at which the offset changes, in order, and the offset from then on.
    let changes: [(at: Int64, offset: Int)]
    /// The offset before the first change.
    let first: Int
    /// What holds after the last change.
    let tail: TimeZoneTail?

    static let utc = TimeZoneRules(offset: 0)

    /// A zone that never changes its clocks.
    init(offset: Int) {
        self.init(changes: [], first: offset, tail: nil)
    }

    init(changes: [(at: Int64, offset: Int)], first: Int, tail: TimeZoneTail?) {
        self.changes = changes
        self.first = first
        self.tail = tail
    }

    /// Seconds east of UTC at a moment.
    func offset(at seconds: Int64) -> Int {
        guard let last = changes.last else { return tail?.offset(at: seconds) ?? first }
        if seconds >= last.at, let tail { return tail.offset(at: seconds) }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : changes[low - 1].offset
    }

    /// Seconds east of UTC when the zone's clocks show this.
    ///
    /// When they show it twice, the first time is meant; when they skip it, the offset before.
    func offset(atLocal seconds: Int64) -> Int {
        let early = offset(at: seconds - 86_400)
        let late = offset(at: seconds + 86_400)
        if offset(at: seconds - Int64(early)) == early { return early }
        return offset(at: seconds - Int64(late)) == late ? late : early
    }
}

/// The rule that a zone follows for ever, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneTail: Sendable {
    /// When a change happens each year: the time in seconds of the local day.
    struct Change: Sendable {
        enum Day: Sendable {
            /// Month, week (5 is the last), day of the week from Sunday, 0.
            case weekday(month: Int, week: Int, weekday: Int)
            /// The day of the year from 1; the 29th of February never counts.
            case julian(Int)
            /// The day of the year from 0; the 29th of February counts.
            case ordinal(Int)
        }

        let day: Day
        let time: Int
    }

    let standard: Int
    /// The offset in summer and when it begins and ends; `nil` without a summer time.
    let summer: (offset: Int, begins: Change, ends: Change)?

    /// Seconds east of UTC at a moment.
    func offset(at seconds: Int64) -> Int {
        guard let summer,
            let year = Timestamp(seconds: seconds)
                .flatMap({ LocalTime($0, in: TimeZoneRules(offset: standard)) })?.date.year
        else { return standard }
        let begins = summer.begins.moment(in: year) - Int64(standard)
        let ends = summer.ends.moment(in: year) - Int64(summer.offset)
        let isSummer =
            begins < ends
            ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends
        return isSummer ? summer.offset : standard
    }
}

extension TimeZoneTail.Change {
    /// The moment in a year, in seconds since 1970 as the local clocks show them.
    func moment(in year: Int) -> Int64 {
        let january = CivilDate(year: year, month: 1, day: 1)?.daysSince1970 ?? 0
        let dayNumber: Int
        switch day {
        case .julian(let day):
            dayNumber = january + day - 1 + (CivilDate.isLeap(year) && day >= 60 ? 1 : 0)
        case .ordinal(let day):
            dayNumber = january + day
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1)
            let start = first?.daysSince1970 ?? 0
            let ahead = (weekday - (first?.isoWeekday ?? 0) % 7 + 7) % 7
            let length = CivilDate.days(inMonth: month, of: year)
            var offset = ahead + (week - 1) * 7
            while offset >= length { offset -= 7 }
            dayNumber = start + offset
        }
        return Int64(dayNumber) * 86_400 + Int64(time)
    }
}
