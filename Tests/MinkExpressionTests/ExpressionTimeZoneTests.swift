import Foundation
import Testing

@testable import MinkExpression

/// The time zone database of the system.
enum TimeZoneData {
    private static let folder = "/usr/share/zoneinfo/"

    static let exists = FileManager.default.fileExists(atPath: folder + "Europe/Berlin")

    @Sendable static func read(_ name: String) -> [UInt8]? {
        try? [UInt8](Data(contentsOf: URL(filePath: folder + name)))
    }
}

@Suite("Time zones", .enabled(if: TimeZoneData.exists, "no time zone database"))
struct ExpressionTimeZoneTests {
    private static let environment = ExpressionEnvironment(
        layout: ExpressionFixture.layout, variables: ["any": .dynamic, "now": .timestamp],
        timeZones: TimeZoneData.read)

    @Test(arguments: [
        ("2027-01-15T12:00:00Z", "Europe/Berlin", 13),
        ("2027-07-15T12:00:00Z", "Europe/Berlin", 14),
        ("2027-03-28T00:59:59Z", "Europe/Berlin", 1),
        ("2027-03-28T01:00:00Z", "Europe/Berlin", 3),
        ("2090-07-15T12:00:00Z", "Europe/Berlin", 14),
        ("2090-01-15T12:00:00Z", "Australia/Sydney", 23),
        ("1890-01-01T12:00:00Z", "Europe/Berlin", 12),
        ("2027-07-15T12:00:00Z", "Asia/Kolkata", 17),
    ])
    func `change their clocks at the right moments, also far ahead`(
        moment: String, zone: String, hour: Int64
    ) {
        let text = "timestamp('\(moment)').getHours('\(zone)')"

        let result = ExpressionFixture.evaluate(text, in: Self.environment)

        #expect(result == .value(.int(hour)))
    }

    @Test(arguments: [
        ("timestamp('2027-03-27T01:30:00Z').plusDays(1, 'Europe/Berlin')", "2027-03-28T01:30:00Z"),
        ("timestamp('2027-03-27T12:00:00Z').plusDays(1, 'Europe/Berlin')", "2027-03-28T11:00:00Z"),
        ("timestamp('2027-10-31T12:00:00Z').startOfDay('Europe/Berlin')", "2027-10-30T22:00:00Z"),
        ("timestamp('2027-10-30T00:30:00Z').plusDays(1, 'Europe/Berlin')", "2027-10-31T00:30:00Z"),
    ])
    func `keep the time of day when days are added`(text: String, moment: String) {
        let result = ExpressionFixture.evaluate("string(\(text))", in: Self.environment)

        #expect(result == .value(.string(moment)))
    }

    @Test func `are not read from outside the database`() {
        let text = "now.getHours(any)"

        let result = ExpressionFixture.evaluate(text, "../../../etc/passwd", in: Self.environment)

        guard case .failure(let error) = result else {
            Issue.record("a path was read")
            return
        }
        #expect(error.code == .unknownTimeZone)
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "UTC"])
    func `in broken files are refused or read, without a crash`(name: String) throws {
        let file = try #require(TimeZoneData.read(name))
        var random = SeededGenerator(seed: 11)

        for _ in 0..<2_000 {
            var bytes = file
            for _ in 0..<(1 + random.pick(4)) {
                bytes[random.pick(bytes.count)] = UInt8(random.pick(256))
            }
            if random.pick(4) == 0 { bytes.removeLast(random.pick(bytes.count)) }
            let rules = TimeZoneFile.parse(bytes)
            #expect(abs(rules?.offset(at: 1_800_000_000) ?? 0) < 700_000)
        }
    }
}
