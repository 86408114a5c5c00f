// A date of the Gregorian calendar, and its number of days since 1970-01-01. Whole numbers only.
//
// The arithmetic counts years from March, so that the leap day is the last day of a year, in eras
// of 400 years, which all have the same number of days.

/// A date of the Gregorian calendar, years 1 to 9999.
package struct CivilDate: Sendable, Hashable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int

    /// The date; `nil` when the calendar has none such.
    package init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The date so many days after 1970-01-01; `nil` outside the years 1 to 9999.
    package init?(daysSince1970 days: Int) {
        guard Self.dayNumbers.contains(days) else { return nil }
        let shifted = days + Self.daysFromYear0To1970
        let era = shifted / Self.daysInEra
        let dayOfEra = shifted % Self.daysInEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// How many days after 1970-01-01 this is, negative before.
    package var daysSince1970: Int {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.quotientAndRemainder(dividingBy: 400)
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInEra + dayOfEra - Self.daysFromYear0To1970
    }

    /// 0 for Sunday to 6 for Saturday.
    package var weekday: Int { (daysSince1970 + Self.daysFromYear0To1970 + 3) % 7 }

    /// 1 for January 1st.
    package var dayOfYear: Int {
        (1..<month).reduce(day) { $0 + Self.days(inMonth: $1, of: year) }
    }

    /// The date so many months later, on the last day of the month where that is shorter.
    package func adding(months: Int) -> CivilDate? {
        let (total, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !overflow, total >= 0 else { return nil }
        let (year, month) = (total / 12, total % 12 + 1)
        guard Self.years.contains(year) else { return nil }
        return CivilDate(
            year: year, month: month, day: min(day, Self.days(inMonth: month, of: year)))
    }

    package static let years = 1...9_999

    /// How many days a month (1 to 12) of a year has.
    package static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 31
        }
    }

    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static let daysInEra = 146_097
    /// From 0000-03-01, where the first era begins.
    private static let daysFromYear0To1970 = 719_468
    /// From 0001-01-01 to 9999-12-31.
    package static let dayNumbers = -719_162...2_932_896
}
