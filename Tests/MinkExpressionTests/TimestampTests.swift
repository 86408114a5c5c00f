import MinkExpression
import Testing

@Suite("A timestamp")
struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
            ("2026-01-31T09:30:00.25+01:00", 1_769_848_200, 250_000_000),
            ("2000-02-29T12:00:00-23:59", 951_911_940, 0),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
            ("2026-07-04t00:00:00z", 1_783_123_200, 0),
        ] as [(String, Int64, Int32)])
    func `is read as RFC 3339 says`(text: String, seconds: Int64, nanoseconds: Int32) throws {
        let moment = try #require(Timestamp(text))

        #expect(moment.seconds == seconds)
        #expect(moment.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00Z", "2026-1-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2016-12-31T23:59:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+01",
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "10000-01-01T00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00Zx",
        "2026-01-01T00:00:00é", "+2026-01-01T00:00:00Z",
    ])
    func `is refused when it is not RFC 3339 or out of range`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [
        "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.5Z", "0001-01-01T00:00:00.000000001Z",
        "2024-02-29T23:59:59.12Z", "9999-12-31T23:59:59.999999999Z",
    ])
    func `is written with the shortest fraction`(text: String) {
        #expect(Timestamp(text)?.description == text)
    }

    @Test func `moves by a duration, up to the ends of its range`() throws {
        let moment = try #require(Timestamp("2026-01-01T00:00:00.1Z"))
        let last = try #require(Timestamp("9999-12-31T23:59:59.999999999Z"))

        #expect(moment.adding(.milliseconds(-200))?.description == "2025-12-31T23:59:59.9Z")
        #expect(moment.adding(.seconds(90))?.since(moment) == .seconds(90))
        #expect(last.adding(.nanoseconds(1)) == nil)
        #expect(last.adding(Duration(attoseconds: .max)) == nil)
        #expect(last.adding(Duration(attoseconds: .min)) == nil)
        #expect(moment < last)
    }

    @Test func `knows its date`() throws {
        let moment = try #require(Timestamp("1900-03-01T01:02:03Z"))

        #expect(moment.date == CivilDate(year: 1900, month: 3, day: 1))
        #expect(moment.date.dayOfYear == 60)
        #expect(moment.date.weekday == 4)
        #expect(moment.secondOfDay == 3_723)
        #expect(Timestamp(date: moment.date, secondOfDay: 3_723) == moment)
    }
}

@Suite("A civil date")
struct TimestampCivilDateTests {
    @Test func `counts every day from year 1 to 9999 once`() throws {
        var day = CivilDate.dayNumbers.lowerBound
        var weekday = 1  // 0001-01-01 was a Monday.
        for year in CivilDate.years {
            for month in 1...12 {
                for number in [1, CivilDate.days(inMonth: month, of: year)] {
                    let date = try #require(CivilDate(year: year, month: month, day: number))
                    let expected = number == 1 ? day : day + number - 1
                    #expect(date.daysSince1970 == expected)
                    #expect(CivilDate(daysSince1970: expected) == date)
                    #expect(date.weekday == (weekday + number - 1) % 7)
                }
                day += CivilDate.days(inMonth: month, of: year)
                weekday = (weekday + CivilDate.days(inMonth: month, of: year)) % 7
            }
        }
        #expect(day == CivilDate.dayNumbers.upperBound + 1)
    }

    @Test(arguments: [
        (1, "2026-02-28"), (-2, "2025-11-30"), (13, "2027-02-28"), (25, "2028-02-29"),
    ])
    func `moves by months, to the last day where a month is shorter`(months: Int, text: String)
        throws
    {
        let date = try #require(CivilDate(year: 2026, month: 1, day: 31))

        let moved = try #require(date.adding(months: months))

        #expect(Timestamp(date: moved)?.description == text + "T00:00:00Z")
    }

    @Test func `stays within its years`() throws {
        let date = try #require(CivilDate(year: 1, month: 1, day: 1))

        #expect(date.adding(months: -1) == nil)
        #expect(date.adding(months: .min) == nil)
        #expect(date.adding(months: .max) == nil)
        #expect(CivilDate(year: 1900, month: 2, day: 29) == nil)
        #expect(CivilDate(daysSince1970: .max) == nil)
    }
}

@Suite("A duration's text")
struct TimestampDurationTests {
    @Test(
        arguments: [
            ("30m", .seconds(1_800)), ("1h30m", .seconds(5_400)), ("3d", .seconds(259_200)),
            ("250ms", .milliseconds(250)), ("1d2h3m4s5ms6us7ns", .nanoseconds(93_784_005_006_007)),
            ("0s", .zero), ("-90s", .seconds(-90)), ("PT30M", .seconds(1_800)),
            ("P1DT2H", .seconds(93_600)), ("P2W", .seconds(1_209_600)),
            ("PT0.5S", .milliseconds(500)),
            ("PT1.5H", .seconds(5_400)), ("-PT1S", .seconds(-1)), ("P1D", .seconds(86_400)),
        ] as [(String, Duration)])
    func `is read in the forms of the language`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", "30", "m", "1.5h", "30m1h", "1m1m", "1h 30m", "+1h", "1y", "P", "PT", "P1DT", "1D",
        "P1Y", "P1M", "PT1M1H", "PT1.5H1M", "P1W1D", "T1H", "P1H", "PT1D", "--1s", "1s-", "٣s",
        "99999999999999999999d", "3652501d", "PT0.0000000001S", "PT0.0000000000000000001S", "1hh",
    ])
    func `is refused in other forms, and beyond 10,000 years`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        arguments: [
            ("1.5h", .seconds(5_400)), ("-30s", .seconds(-30)), ("1m0.5s", .milliseconds(60_500)),
            ("0", .zero), ("-0", .zero), ("+5s", .seconds(5)), ("1.s", .seconds(1)),
            (".5s", .milliseconds(500)), ("1s1s", .seconds(2)), ("1\u{B5}s", .microseconds(1)),
            ("1.9ns", .nanoseconds(1)), ("315576000000s", .seconds(315_576_000_000)),
        ] as [(String, Duration)])
    func `is read as Go writes it`(text: String, duration: Duration) {
        #expect(DurationText.parseGo(text) == duration)
    }

    @Test(arguments: ["", "s", ".s", "1", "3d", "1.5", "+-1s", "315576000001s", "1h1"])
    func `is refused where Go would not read it`(text: String) {
        #expect(DurationText.parseGo(text) == nil)
    }

    @Test(
        arguments: [
            (.seconds(1_800), "30m"), (.seconds(5_400), "1h30m"), (.seconds(86_400), "1d"),
            (.seconds(93_600), "1d2h"), (.milliseconds(250), "250ms"), (.zero, "0s"),
            (.seconds(-90), "-1m30s"), (.nanoseconds(1_500), "1us500ns"),
        ] as [(Duration, String)])
    func `is written as people would`(duration: Duration, text: String) {
        #expect(DurationText.format(duration) == text)
        #expect(DurationText.parse(text) == duration)
    }

    @Test func `in seconds is exact`() {
        #expect(DurationText.seconds(.seconds(5_400)) == "5400")
        #expect(DurationText.seconds(.milliseconds(-250)) == "-0.25")
        #expect(DurationText.seconds(Duration(attoseconds: 1)) == "0.000000000000000001")
        #expect(DurationText.format(Duration(attoseconds: .min)).hasPrefix("-"))
    }
}
