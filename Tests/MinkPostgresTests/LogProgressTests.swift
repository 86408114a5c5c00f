// Where partitions that were judged up to different places meet.
import MinkStore
import Testing

@testable import MinkPostgres

@Suite("Partitions that stand at different places of the log")
struct LogProgressTests {
    private func meeting(_ one: String, _ other: String) -> String? {
        LogProgress([
            .init(
                place: LogPlace(from: one, to: nil, position: 0), partitions: PartitionSet([1])),
            .init(
                place: LogPlace(from: other, to: nil, position: 0), partitions: PartitionSet([2])),
        ]).meetingPlace
    }

    @Test func `meet where the one stands that is further`() {
        #expect(meeting("5:9:5", "12:14:12,13") == "12:14:12,13")
        #expect(meeting("12:14:12,13", "5:9:5") == "12:14:12,13")
        #expect(meeting("5:9:5,7", "5:9:7") == "5:9:7")
    }

    /// Snapshots of one server should never stand so; nothing is taken for read all the same.
    @Test func `meet at the present moment where neither has seen all that the other has`() {
        #expect(meeting("995:1000:995,996,997,998,999", "997:997:") == nil)
    }
}
