// The memory of literals: written while an expression is planned, and never again.

/// Owns the memory that the literals of one expression point at.
final class Constants: Sendable {
    /// The addresses of the blocks: numbers, because a pointer is not `Sendable`.
    private let blocks: [UInt]

    fileprivate init(blocks: [UInt]) { self.blocks = blocks }

    deinit {
        for block in blocks { UnsafeMutableRawPointer(bitPattern: block)?.deallocate() }
    }
}

/// Collects literals while an expression is planned.
struct ConstantBuilder {
    private let arena: UnsafeMutablePointer<Arena>

    init() {
        arena = .allocate(capacity: 1)
        arena.initialize(to: Arena(firstBlock: 256))
    }

    /// Copies a literal into memory that lives as long as the program.
    func make(_ value: Value) -> Cell {
        CellWriter(arena: arena, fields: .none).write(value)
    }

    /// Hands the memory over to its owner; must be called exactly once.
    func finish() -> Constants {
        let blocks = arena.pointee.handOver()
        arena.deinitialize(count: 1)
        arena.deallocate()
        return Constants(blocks: blocks)
    }
}
