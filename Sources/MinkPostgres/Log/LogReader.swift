// Reads the log so that no event is missed or read twice, in whatever order transactions end.
//
// A sequence gives positions before transactions end, so "behind the last position" can miss an
// event that becomes visible later. The reader goes from snapshot to snapshot instead:
//
//   s1 ───── window ─────▶ s2 ───── window ─────▶ now
//       what s2 sees and s1 did not, by position
//
// Nobody's open transaction holds it up: what is not visible yet belongs to a later window.
import MinkEngine
import MinkStore

/// The place in the log of one owner.
struct LogReader {
    /// How many positions a long window is fetched by.
    private static let pageSize = 100_000

    /// Up to where the log was judged, as the database knows.
    private(set) var judged: LogPlace
    /// Where reading goes on.
    private var place: LogPlace
    /// What was read and not judged yet: the place behind each event, in the order of reading.
    private(set) var read: [LogPlace] = []
    /// Positions of the present window that were fetched together.
    private var page: [Int64] = []
    private var isPageFull = false

    init(at judged: LogPlace) {
        self.judged = judged
        place = judged
    }

    /// Forgets what was read since the last batch that was written.
    mutating func rewind() {
        goBack(to: judged)
        read = []
    }

    private mutating func goBack(to earlier: LogPlace) {
        place = earlier
        page = []
        isPageFull = false
    }

    /// The place that a batch leaves behind which has judged up to a position.
    func place(judgedTo position: Int64?) -> LogPlace {
        guard let position else { return judged }
        if let last = read.last(where: { $0.position == position }) { return last }
        // A position that was not read here: the caller knows that nothing before it matters.
        return LogPlace(from: judged.from, to: judged.to, position: position)
    }

    /// Notes that a batch was written.
    mutating func didJudge(_ place: LogPlace) {
        if let index = read.lastIndex(of: place) {
            read.removeFirst(index + 1)
        } else if place != judged {
            judged = place
            rewind()
        }
        judged = place
    }

    /// The events behind a position that this reader has given out, or behind what was judged.
    mutating func events(
        after position: Int64, limit: Int, _ session: Session
    ) throws(StoreError) -> [EventRecord] {
        try move(behind: position)
        var events: [EventRecord] = []
        while events.count < limit {
            let isOpening = place.to == nil
            let (more, isEnd) = try nextEvents(limit: limit - events.count, session)
            for event in more {
                place.position = event.position
                read.append(place)
            }
            events += more
            guard isEnd else { continue }
            place = LogPlace(from: place.to ?? place.from, to: nil, position: 0)
            // A window that was opened just now ends now.
            if isOpening { break }
        }
        return events
    }

    private mutating func move(behind position: Int64) throws(StoreError) {
        if let last = read.last {
            if last.position == position { return }
            if let index = read.lastIndex(where: { $0.position == position }) {
                goBack(to: read[index])
                read.removeSubrange((index + 1)...)
                return
            }
        }
        guard judged.position == position else {
            throw StoreError(
                code: .conflict,
                message: "the log can not be read on behind position \(position); claim the store "
                    + "again")
        }
        if !read.isEmpty { rewind() }
    }

    /// The next events of the window, and whether it has no more.
    private mutating func nextEvents(
        limit: Int, _ session: Session
    ) throws(StoreError) -> (events: [EventRecord], isEnd: Bool) {
        if page.isEmpty {
            if isPageFull { return try fetchPage(limit, session) }
            let (end, events) = try EventTable.poll(place, limit: limit, session)
            place.to = end
            if events.count < limit { return (events, true) }
            // More than was asked for: from here on a window is fetched by pages.
            isPageFull = true
            return (events, false)
        }
        let next = Array(page.prefix(limit))
        let events = try EventTable.rows(at: next, session)
        page.removeFirst(next.count)
        return (events, page.isEmpty && !isPageFull)
    }

    private mutating func fetchPage(
        _ limit: Int, _ session: Session
    ) throws(StoreError) -> (events: [EventRecord], isEnd: Bool) {
        page = try EventTable.positions(of: place, limit: Self.pageSize, session)
        isPageFull = page.count == Self.pageSize
        if page.isEmpty { return ([], true) }
        return try nextEvents(limit: limit, session)
    }
}
