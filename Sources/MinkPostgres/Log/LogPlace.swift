// How far the log was judged. Usually one place for all partitions of an owner; for a while more
// than one, when partitions have come from an owner that was further ahead or behind.
import MinkStore

/// A place in the log: a window between two snapshots, and how far it was read.
///
/// The window holds what is visible in the second snapshot and was not in the first. Without a
/// second one, the next read opens the window up to its own moment.
struct LogPlace: Sendable, Hashable {
    var from: String
    var to: String?
    var position: Int64

    /// Before everything: no transaction was visible yet.
    static let start = LogPlace(from: "1:1:", to: nil, position: 0)
}

/// How far each of some partitions was judged.
struct LogProgress: Sendable, Hashable {
    /// Partitions that were judged up to the same place.
    struct Front: Sendable, Hashable {
        var place: LogPlace
        var partitions: PartitionSet
    }

    /// The fronts; the first is the one to read on.
    ///
    /// Windows that are open come first, then what is furthest behind. So all fronts come to stand
    /// between two windows, and each then reads up to the next one, where they become one.
    private(set) var fronts: [Front]

    init(_ fronts: [Front] = []) {
        self.fronts = fronts.filter { !$0.partitions.isEmpty }
        arrange()
    }

    init(_ place: LogPlace, _ partitions: PartitionSet) {
        self.init([Front(place: place, partitions: partitions)])
    }

    var partitions: PartitionSet { fronts.reduce(.none) { $0.union($1.partitions) } }

    /// Where the first front's next window ends; `nil` for the present moment.
    ///
    /// Also where the next front has not seen all that the first has. Two snapshots of one server
    /// should never stand so; if they do, both are read up to the present moment, which has.
    var meetingPlace: String? {
        guard fronts.count > 1,
            SnapshotAge(fronts[1].place.from).knows(SnapshotAge(fronts[0].place.from))
        else { return nil }
        return fronts[1].place.from
    }

    /// Moves the first front inside its window.
    mutating func move(to position: Int64, windowEnd: String?) {
        guard !fronts.isEmpty else { return }
        fronts[0].place.position = position
        fronts[0].place.to = windowEnd
    }

    /// Notes that the window of the first front was read to its end.
    mutating func endWindow(at end: String) {
        guard !fronts.isEmpty else { return }
        fronts[0].place = LogPlace(from: end, to: nil, position: 0)
        arrange()
    }

    mutating func add(_ others: [Front]) {
        self = LogProgress(fronts + others)
    }

    /// Takes partitions out.
    ///
    /// - Returns: How far they were judged.
    mutating func remove(_ gone: PartitionSet) -> [Front] {
        let taken = fronts.map {
            Front(place: $0.place, partitions: $0.partitions.intersection(gone))
        }
        self = LogProgress(
            fronts.map {
                Front(place: $0.place, partitions: $0.partitions.subtracting(gone))
            })
        return taken.filter { !$0.partitions.isEmpty }
    }

    private mutating func arrange() {
        guard fronts.count > 1 else { return }
        let ordered = fronts.enumerated().sorted { left, right in
            let (one, other) = (left.element.place, right.element.place)
            if (one.to == nil) != (other.to == nil) { return one.to != nil }
            let (age, otherAge) = (SnapshotAge(one.from), SnapshotAge(other.from))
            return age == otherAge ? left.offset < right.offset : age < otherAge
        }
        var merged: [Front] = []
        for (_, front) in ordered {
            if let last = merged.last, last.place == front.place {
                merged[merged.count - 1].partitions = last.partitions.union(front.partitions)
            } else {
                merged.append(front)
            }
        }
        fronts = merged
    }
}

extension LogProgress {
    /// The fronts behind the first one as text, a line each; `nil` when there is none.
    var othersText: String? {
        fronts.count > 1 ? Self.text(of: fronts.dropFirst()) : nil
    }

    /// All fronts as text.
    var text: String { Self.text(of: fronts[...]) }

    private static func text(of fronts: ArraySlice<Front>) -> String {
        fronts.map {
            "\($0.place.from);\($0.place.to ?? "");\($0.place.position);\($0.partitions.bits)"
        }.joined(separator: "\n")
    }

    /// Reads back what ``text`` wrote.
    ///
    /// - Throws: ``StoreError`` with code `corrupt` if the text is none of ours.
    init(_ text: String) throws(StoreError) {
        self.init(try Self.fronts(in: text))
    }

    private static func fronts(in text: String) throws(StoreError) -> [Front] {
        var fronts: [Front] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ";", omittingEmptySubsequences: false)
            guard parts.count == 4, let position = Int64(parts[2]), let bits = UInt64(parts[3])
            else {
                throw StoreError(
                    code: .corrupt,
                    message: "the place of some partitions in the log can not be read")
            }
            fronts.append(
                Front(
                    place: LogPlace(
                        from: String(parts[0]), to: parts[1].isEmpty ? nil : String(parts[1]),
                        position: position),
                    partitions: PartitionSet(bits: bits)))
        }
        return fronts
    }

    /// The fronts of a row: the first one has what the others have not.
    ///
    /// - Throws: ``StoreError`` with code `corrupt` if the text is none of ours.
    init(
        _ place: LogPlace, others text: String?, of owned: PartitionSet
    ) throws(StoreError) {
        let others = try Self.fronts(in: text ?? "")
        let apart = others.reduce(PartitionSet.none) { $0.union($1.partitions) }
        self.init(
            [Front(place: place, partitions: owned.subtracting(apart))]
                + others.map {
                    Front(place: $0.place, partitions: $0.partitions.intersection(owned))
                })
    }
}

/// Where a snapshot stands among others of the same server.
///
/// What is visible only grows, so any two snapshots can be compared: the later one knows of more
/// transactions, or of the same ones with fewer that are still open.
struct SnapshotAge: Comparable {
    private let end: UInt64
    private let running: Set<UInt64>
    private var open: Int { running.count }

    /// Reads the text of a `pg_snapshot`: `xmin:xmax:xip,…`.
    init(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        end = parts.count > 1 ? UInt64(parts[1]) ?? 0 : 0
        running =
            parts.count > 2 ? Set(parts[2].split(separator: ",").compactMap { UInt64($0) }) : []
    }

    /// Whether all that is visible in another snapshot is visible in this one.
    func knows(_ other: SnapshotAge) -> Bool {
        other.end <= end
            && running.allSatisfy { $0 >= other.end || other.running.contains($0) }
    }

    static func < (left: SnapshotAge, right: SnapshotAge) -> Bool {
        (left.end, right.open) < (right.end, left.open)
    }
}
