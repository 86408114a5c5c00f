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

/// Where one owner reads the log.
struct LogReader {
    /// How many positions a long window is fetched by.
    private static let pageSize = 100_000

    /// Up to where the log was judged, as the database knows.
    private(set) var judged: LogProgress
    /// Where reading goes on.
    private var progress: LogProgress
    /// What was read and not judged yet: the place of each event, and how far all was read by then.
    private(set) var read: [(position: Int64, progress: LogProgress)] = []
    /// Positions of the present window that were fetched together.
    private var page: [Int64] = []
    private var isPageFull = false
    /// The partitions of what was read last.
    private var lastScope = PartitionSet.none
    /// Whether there may be events behind the last ones, although fewer came than were asked for.
    private(set) var isCatchingUp = false

    init(at judged: LogProgress) {
        self.judged = judged
        progress = judged
    }

    /// The position of the last event that was judged.
    var cursor: Int64 { judged.fronts.first?.place.position ?? 0 }

    /// Forgets what was read since the last batch that was written.
    mutating func rewind() {
        goBack(to: judged)
        read = []
    }

    private mutating func goBack(to earlier: LogProgress) {
        progress = earlier
        page = []
        isPageFull = false
    }

    /// What a batch leaves behind which has judged up to a position.
    func progress(judgedTo position: Int64?) -> LogProgress {
        guard let position else { return judged }
        if let last = read.last(where: { $0.position == position }) { return last.progress }
        // A position that was not read here: the caller knows that nothing before it matters.
        var judged = judged
        judged.move(to: position, windowEnd: judged.fronts.first?.place.to)
        return judged
    }

    /// Notes that a batch was written.
    mutating func didJudge(_ done: LogProgress) {
        if let index = read.lastIndex(where: { $0.progress == done }) {
            read.removeFirst(index + 1)
        } else if done != judged {
            judged = done
            rewind()
        }
        judged = done
    }

    /// The events behind a position that this reader has given out, or behind what was judged, and
    /// the partitions in which they have to be judged; none and no partition when what was read
    /// has to be judged first.
    mutating func events(
        after position: Int64, limit: Int, _ session: Session
    ) throws(StoreError) -> (events: [EventRecord], scope: PartitionSet) {
        try move(behind: position)
        isCatchingUp = false
        var events: [EventRecord] = []
        var scope = PartitionSet.none
        // Two fronts may give out the same event: the first one has to be judged before the next.
        if !read.isEmpty, let front = progress.fronts.first, front.partitions != lastScope {
            isCatchingUp = true
            return ([], .none)
        }
        while events.count < limit, let front = progress.fronts.first {
            guard events.isEmpty || front.partitions == scope else {
                isCatchingUp = true
                break
            }
            scope = front.partitions
            let isOpening = front.place.to == nil && progress.meetingPlace == nil
            let (more, end) = try nextEvents(limit: limit - events.count, session)
            for event in more {
                progress.move(to: event.position, windowEnd: progress.fronts.first?.place.to)
                read.append((event.position, progress))
            }
            events += more
            guard let end else { continue }
            progress.endWindow(at: end)
            // A window that was opened just now ends now.
            if isOpening { break }
        }
        lastScope = scope
        return (events, scope)
    }

    private mutating func move(behind position: Int64) throws(StoreError) {
        if let last = read.last {
            if last.position == position { return }
            if let index = read.lastIndex(where: { $0.position == position }) {
                goBack(to: read[index].progress)
                read.removeSubrange((index + 1)...)
                return
            }
        }
        guard cursor == position || judged.fronts.isEmpty else {
            throw StoreError(
                code: .conflict,
                message: "the log can not be read on behind position \(position); claim the store "
                    + "again")
        }
        if !read.isEmpty { rewind() }
    }

    /// The next events of the window, and where it ends if it has no more.
    private mutating func nextEvents(
        limit: Int, _ session: Session
    ) throws(StoreError) -> (events: [EventRecord], end: String?) {
        guard var place = progress.fronts.first?.place else { return ([], nil) }
        if page.isEmpty {
            if isPageFull { return try fetchPage(limit, session) }
            place.to = place.to ?? progress.meetingPlace
            let (end, events) = try EventTable.poll(place, limit: limit, session)
            progress.move(to: place.position, windowEnd: end)
            if events.count < limit { return (events, end) }
            // More than was asked for: from here on a window is fetched by pages.
            isPageFull = true
            return (events, nil)
        }
        let next = Array(page.prefix(limit))
        let events = try EventTable.rows(at: next, session)
        page.removeFirst(next.count)
        return (events, page.isEmpty && !isPageFull ? place.to : nil)
    }

    private mutating func fetchPage(
        _ limit: Int, _ session: Session
    ) throws(StoreError) -> (events: [EventRecord], end: String?) {
        guard let place = progress.fronts.first?.place else { return ([], nil) }
        page = try EventTable.positions(of: place, limit: Self.pageSize, session)
        isPageFull = page.count == Self.pageSize
        if page.isEmpty { return ([], place.to) }
        return try nextEvents(limit: limit, session)
    }
}
