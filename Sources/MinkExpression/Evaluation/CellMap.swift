// Maps in the arena: entries in their order, and behind them, for the larger ones, the positions
// of the entries sorted by key, so that a search in a large map is short.

/// How maps lie in memory, and how a key is found.
enum CellMap {
    /// Up to this many entries a walk over all is faster than a search.
    private static let walkedTo = 12

    static func byteCount(_ count: Int) -> Int {
        let index = count > walkedTo ? count * MemoryLayout<UInt32>.stride : 0
        return count * MemoryLayout<CellEntry>.stride + index
    }

    /// Writes a map; an error when a key cannot be one or stands twice.
    static func build(_ entries: [CellEntry], at place: UnsafeMutableRawPointer) -> Cell {
        let base = place.bindMemory(to: CellEntry.self, capacity: entries.count)
        for (index, entry) in entries.enumerated() {
            guard isKey(entry.key) else { return .error(.badKey) }
            (base + index).initialize(to: entry)
        }
        if entries.count <= walkedTo {
            for index in entries.indices.dropFirst()
            where entries[..<index].contains(where: {
                order($0.key, entries[index].key) == .equal
            }) {
                return .error(.duplicateKey)
            }
        }
        return finish(base, entries.count)
    }

    /// The map of entries that stand in place; a large one is sorted, and refused when a key
    /// stands twice.
    static func finish(_ base: UnsafeMutablePointer<CellEntry>, _ count: Int) -> Cell {
        let map = Cell(
            .map, bits: UInt64(UInt(bitPattern: base)), length: UInt32(truncatingIfNeeded: count))
        return count <= walkedTo || sort(map) ? map : .error(.duplicateKey)
    }

    private static func isKey(_ cell: Cell) -> Bool {
        switch cell.tag {
        case .string, .int, .uint, .bool: true
        default: false
        }
    }

    /// Writes the positions sorted by key; `false` when two keys are equal.
    private static func sort(_ map: Cell) -> Bool {
        let entries = map.entries
        let sorted = (0..<map.length).sorted {
            order(entries[Int($0)].key, entries[Int($1)].key) == .less
        }
        let index = UnsafeMutablePointer(mutating: sortedPositions(map).baseAddress)
        index?.initialize(from: sorted, count: sorted.count)
        return zip(sorted, sorted.dropFirst()).allSatisfy {
            order(entries[Int($0)].key, entries[Int($1)].key) == .less
        }
    }

    private static func sortedPositions(_ map: Cell) -> UnsafeBufferPointer<UInt32> {
        let end = map.entries.baseAddress.map { UnsafeRawPointer($0 + map.count) }
        return UnsafeBufferPointer(
            start: end?.assumingMemoryBound(to: UInt32.self), count: map.count)
    }

    /// The value under a key of any kind; 3, 3u and 3.0 are the same key.
    static func find(_ map: Cell, _ key: Cell) -> Cell? {
        guard let key = normal(key) else { return nil }
        let entries = map.entries
        guard map.count > walkedTo else {
            return entries.first { order($0.key, key) == .equal }?.value
        }
        let positions = sortedPositions(map)
        var (low, high) = (0, positions.count)
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[Int(positions[middle])]
            switch order(entry.key, key) {
            case .less: low = middle + 1
            case .greater: high = middle
            case .equal: return entry.value
            }
        }
        return nil
    }

    /// A quick look for a field by its interned number.
    ///
    /// Does not find the fields of large maps, nor of maps that were bound before the name was
    /// interned: `find` does.
    @inline(__always)
    static func field(_ map: Cell, _ number: UInt16) -> Cell? {
        guard map.tag == .map, map.count <= walkedTo, number != 0 else { return nil }
        for entry in map.entries where entry.key.name == number { return entry.value }
        return nil
    }

    /// A number that is whole becomes an `int` or `uint`; `nil` for what is no key.
    private static func normal(_ key: Cell) -> Cell? {
        guard key.tag == .double else { return isKey(key) ? key : nil }
        if let whole = Int64(exactly: key.double) { return .int(whole) }
        return UInt64(exactly: key.double).map(Cell.uint)
    }

    /// The order of keys: false and true, then numbers, then texts by their bytes.
    private static func order(_ left: Cell, _ right: Cell) -> Order {
        switch (left.tag, right.tag) {
        case (.string, .string): Ordering.bytes(left, right)
        case (.string, _): .greater
        case (_, .string): .less
        case (.bool, .bool): Order(left.bits, right.bits)
        case (.bool, _): .less
        case (_, .bool): .greater
        default: Ordering.whole(left, right)
        }
    }
}
