// Which messages of one destination go out together: each key once in a batch, and no key that is
// under way, so that messages of one key arrive as they were sent.

/// Messages that wait for a batch, and the keys of those that are under way.
struct BatchQueue<Item> {
    private let batchLimit: Int
    private let concurrencyLimit: Int
    private var waiting: [(key: String, item: Item)] = []
    private var keysUnderWay: Set<String> = []
    private var batchesUnderWay = 0

    /// A queue that hands out at most so many messages in a batch, and so many batches at once.
    init(batchLimit: Int, concurrencyLimit: Int) {
        precondition(batchLimit > 0 && concurrencyLimit > 0, "at least one message can go out")
        self.batchLimit = batchLimit
        self.concurrencyLimit = concurrencyLimit
    }

    /// What waits, in the order in which it came.
    var items: [Item] { waiting.map(\.item) }

    /// Whether a batch could go out now.
    var isReady: Bool {
        batchesUnderWay < concurrencyLimit
            && waiting.contains { !keysUnderWay.contains($0.key) }
    }

    mutating func add(_ item: Item, key: String) { waiting.append((key, item)) }

    /// The next batch, which is under way from now on; `nil` when nothing may go out.
    mutating func next() -> [(key: String, item: Item)]? {
        guard batchesUnderWay < concurrencyLimit else { return nil }
        var batch: [(key: String, item: Item)] = []
        var rest: [(key: String, item: Item)] = []
        // A key that was passed over stays passed over: nothing of it may overtake.
        var keys = keysUnderWay
        for entry in waiting {
            if batch.count < batchLimit, keys.insert(entry.key).inserted {
                batch.append(entry)
            } else {
                rest.append(entry)
            }
        }
        guard !batch.isEmpty else { return nil }
        waiting = rest
        keysUnderWay.formUnion(batch.map(\.key))
        batchesUnderWay += 1
        return batch
    }

    /// Notes that a batch has its outcomes.
    mutating func finish(_ batch: [(key: String, item: Item)]) {
        keysUnderWay.subtract(batch.map(\.key))
        batchesUnderWay -= 1
    }
}
