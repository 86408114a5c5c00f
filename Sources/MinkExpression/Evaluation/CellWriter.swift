// Value → cells in the arena. What a cell cannot hold becomes an error that speaks when it is used.

/// Copies values into an arena.
struct CellWriter {
    let arena: UnsafeMutablePointer<Arena>
    let fields: FieldNames

    /// Deeper values are refused, to bound the recursion; JSON from outside never is this deep.
    private static let maxDepth = 300
    private static let maxCount = Int(Int32.max)

    func write(_ value: Value, depth: Int = 0) -> Cell {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let value): .double(value)
        case .timestamp(let value): .timestamp(value)
        case .decimal(let value): write(value)
        case .duration(let value): Self.write(value)
        case .string(let text): write(text, as: .string)
        case .type(let name): write(name, as: .type)
        case .bytes(let bytes): write(bytes, as: .bytes)
        case .list(let elements): write(elements, depth)
        case .map(let map): write(map, depth)
        }
    }

    func write(_ number: ExactDecimal) -> Cell {
        let place = arena.pointee.allocate(MemoryLayout<ExactDecimal>.stride)
        place.bindMemory(to: ExactDecimal.self, capacity: 1).initialize(to: number)
        return Cell(.decimal, bits: UInt64(UInt(bitPattern: place)))
    }

    private static func write(_ duration: Duration) -> Cell {
        guard let nanoseconds = Int64(exactly: duration.attoseconds / 1_000_000_000) else {
            return .error(.overflow)
        }
        return .duration(nanoseconds: nanoseconds)
    }

    func write(_ text: String, as tag: Tag) -> Cell {
        var text = text
        return text.withUTF8 { write($0, as: tag) }
    }

    func write(_ bytes: some Collection<UInt8>, as tag: Tag) -> Cell {
        let count = bytes.count
        if count == 0 { return Cell(tag) }
        guard let length = UInt32(exactly: count) else { return .error(.tooLarge) }
        let place = arena.pointee.allocate(count)
        _ = UnsafeMutableBufferPointer(
            start: place.bindMemory(to: UInt8.self, capacity: count), count: count
        ).initialize(fromContentsOf: bytes)
        return Cell(tag, bits: UInt64(UInt(bitPattern: place)), length: length)
    }

    private func write(_ elements: [Value], _ depth: Int) -> Cell {
        guard depth < Self.maxDepth, elements.count < Self.maxCount else {
            return .error(.tooLarge)
        }
        let place = arena.pointee.allocate(elements.count * MemoryLayout<Cell>.stride)
        let cells = place.bindMemory(to: Cell.self, capacity: elements.count)
        for (index, element) in elements.enumerated() {
            (cells + index).initialize(to: write(element, depth: depth + 1))
        }
        return Machine.list(cells, elements.count)
    }

    private func write(_ map: ValueMap, _ depth: Int) -> Cell {
        guard depth < Self.maxDepth, map.count < Self.maxCount else { return .error(.tooLarge) }
        let place = arena.pointee.allocate(CellMap.byteCount(map.count))
        let entries = place.bindMemory(to: CellEntry.self, capacity: map.count)
        for (index, entry) in map.entries.enumerated() {
            (entries + index).initialize(
                to: CellEntry(key: write(entry.key), value: write(entry.value, depth: depth + 1)))
        }
        return CellMap.finish(entries, map.count)
    }

    private func write(_ key: ValueKey) -> Cell {
        switch key {
        case .string(let text):
            var cell = write(text, as: .string)
            cell.name = fields.number(cell.utf8)
            return cell
        case .int(let number): return .int(number)
        case .uint(let number): return .uint(number)
        case .bool(let flag): return .bool(flag)
        }
    }
}
