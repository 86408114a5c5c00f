// Makes texts, lists, maps and decimals in the arena; each is charged before it is made.
extension Machine {
    /// A text or bytes of a known length, filled by the closure.
    func makeBytes(
        _ tag: Tag, count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void
    ) -> Cell {
        if count == 0 { return Cell(tag) }
        guard count < Int(UInt32.max), let place = allocate(count) else { return exhausted }
        let buffer = UnsafeMutableBufferPointer(
            start: place.bindMemory(to: UInt8.self, capacity: count), count: count)
        buffer.initialize(repeating: 0)
        fill(buffer)
        return Cell(
            tag, bits: UInt64(UInt(bitPattern: place)), length: UInt32(truncatingIfNeeded: count))
    }

    func makeBytes(_ tag: Tag, _ content: some Collection<UInt8>) -> Cell {
        makeBytes(tag, count: content.count) { _ = $0.update(fromContentsOf: content) }
    }

    func makeText(_ text: String) -> Cell { makeBytes(.string, text.utf8) }

    /// The two contents one after the other.
    func makeJoined(_ tag: Tag, _ left: Cell, _ right: Cell) -> Cell {
        if right.length == 0 { return left }
        if left.length == 0 { return right }
        return makeBytes(tag, count: left.count + right.count) { buffer in
            let middle = buffer[..<left.count].update(fromContentsOf: left.utf8)
            _ = buffer[middle...].update(fromContentsOf: right.utf8)
        }
    }

    /// Room for the elements of a list, not yet filled; `nil` when the limit is reached.
    func makeCells(_ count: Int) -> UnsafeMutablePointer<Cell>? {
        guard count < Int(UInt32.max) / 32 else { return nil }
        guard let place = allocate(count * MemoryLayout<Cell>.stride) else { return nil }
        return place.bindMemory(to: Cell.self, capacity: count)
    }

    func makeList(_ elements: some Collection<Cell>) -> Cell {
        guard let cells = makeCells(elements.count) else { return exhausted }
        for (index, element) in elements.enumerated() {
            (cells + index).initialize(to: element)
        }
        return Self.list(cells, elements.count)
    }

    static func list(_ cells: UnsafeMutablePointer<Cell>, _ count: Int) -> Cell {
        Cell(
            .list, bits: UInt64(UInt(bitPattern: cells)),
            length: UInt32(truncatingIfNeeded: count))
    }

    /// An optional that has this value.
    func makeSome(_ value: Cell) -> Cell {
        guard let cells = makeCells(1) else { return exhausted }
        cells.initialize(to: value)
        return Cell(.optional, bits: UInt64(UInt(bitPattern: cells)), length: 1)
    }

    func makeDecimal(_ value: ExactDecimal) -> Cell {
        guard let place = allocate(MemoryLayout<ExactDecimal>.stride) else { return exhausted }
        place.bindMemory(to: ExactDecimal.self, capacity: 1).initialize(to: value)
        return Cell(.decimal, bits: UInt64(UInt(bitPattern: place)))
    }

    /// A map of entries; its keys must be usable and different, or the map is an error.
    func makeMap(_ entries: [CellEntry]) -> Cell {
        guard let place = allocate(CellMap.byteCount(entries.count)),
            charge(entries.count)
        else { return exhausted }
        return CellMap.build(entries, at: place)
    }
}
