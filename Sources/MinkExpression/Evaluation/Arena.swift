// The memory of one evaluation scope: blocks that grow, given back all at once.

/// Memory that is handed out piece by piece and taken back to a mark.
struct Arena {
    /// A point to go back to.
    struct Mark {
        fileprivate let block: Int
        fileprivate let used: Int
    }

    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var block = -1
    private var used = 0
    private var free = 0

    private static let firstBlock = 16 * 1024
    private static let largestGrowth = 1024 * 1024

    /// Room for this many bytes, aligned for everything that a cell points at.
    @inline(__always)
    mutating func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let size = (max(bytes, 1) + 15) & ~15
        if size > free { grow(size) }
        let place = blocks[block].baseAddress.unsafelyUnwrapped + used
        used += size
        free -= size
        return place
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        // Blocks behind the current one are empty: they were filled before a release.
        while block + 1 < blocks.count {
            block += 1
            used = 0
            free = blocks[block].count
            if size <= free { return }
        }
        let doubled = min(blocks.last.map { $0.count * 2 } ?? Self.firstBlock, Self.largestGrowth)
        blocks.append(.allocate(byteCount: max(size, doubled), alignment: 16))
        block = blocks.count - 1
        used = 0
        free = blocks[block].count
    }

    /// The point up to which memory is in use.
    var mark: Mark { Mark(block: block, used: used) }

    /// Takes back everything that was handed out after the mark.
    mutating func release(to mark: Mark) {
        block = mark.block
        used = mark.used
        free = block < 0 ? 0 : blocks[block].count - used
    }

    /// Takes everything back; the first block is kept for the next use.
    mutating func reset() {
        while blocks.count > 1 { blocks.removeLast().deallocate() }
        block = blocks.isEmpty ? -1 : 0
        used = 0
        free = blocks.first?.count ?? 0
    }

    /// Gives all memory back to the system.
    mutating func close() {
        for block in blocks { block.deallocate() }
        blocks = []
        reset()
    }
}
