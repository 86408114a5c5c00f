// The memory of literals: written while an expression is planned, and never again.

/// Owns the memory that the literals of one expression point at.
final class Constants: Sendable {
    /// The addresses of the blocks. Numbers, because a pointer is not `Sendable`.
    private let blocks: [UInt]

    fileprivate init(blocks: [UInt]) { self.blocks = blocks }

    deinit {
        for block in blocks { UnsafeMutableRawPointer(bitPattern: block)?.deallocate() }
    }
}

/// Collects literals while an expression is planned.
struct ConstantBuilder {
    private final class Blocks {
        var addresses: [UInt] = []
    }

    private let blocks = Blocks()
    let fields: [ByteName: UInt16]

    /// Copies a literal into memory that lives as long as the program.
    func make(_ value: Value) -> Cell {
        let writer = CellWriter(
            allocate: { [blocks] bytes in
                let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
                blocks.addresses.append(UInt(bitPattern: block))
                return block
            }, fields: fields)
        return writer.write(value)
    }

    /// Hands the memory over to its owner. Must be called exactly once.
    func finish() -> Constants { Constants(blocks: blocks.addresses) }
}
