// The memory of one evaluation scope: blocks that grow, given back all at once.

/// Memory that is handed out piece by piece and taken back to a mark.
struct Arena {
    /// A point to go back to.
    struct Mark {
        fileprivate let block: Int
        fileprivate let next: UInt
        fileprivate let end: UInt
    }

    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var block = -1

    /// The address of the next free byte of the current block, and of its end.
    private var next: UInt = 0
    private var end: UInt = 0

    private let firstBlock: Int
    private static let largestGrowth = 1024 * 1024

    /// An empty arena; the first block comes with the first piece.
    init(firstBlock: Int = 16 * 1024) { self.firstBlock = firstBlock }

    /// Room for this many bytes, aligned for everything that a cell points at.
    @inline(__always)
    mutating func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let size = (UInt(max(bytes, 1)) + 15) & ~15
        if size > end &- next { grow(size) }
        let place = next
        next += size
        return UnsafeMutableRawPointer(bitPattern: place).unsafelyUnwrapped
    }

    @inline(never)
    private mutating func grow(_ size: UInt) {
        // Blocks behind the current one are empty: they were filled before a release.
        while block + 1 < blocks.count {
            enter(block + 1)
            if size <= end - next { return }
        }
        let doubled = min(blocks.last.map { $0.count * 2 } ?? firstBlock, Self.largestGrowth)
        blocks.append(.allocate(byteCount: max(Int(size), doubled), alignment: 16))
        enter(blocks.count - 1)
    }

    private mutating func enter(_ index: Int) {
        block = index
        next = UInt(bitPattern: blocks[index].baseAddress)
        end = next + UInt(blocks[index].count)
    }

    /// The point up to which memory is in use.
    @inline(__always) var mark: Mark { Mark(block: block, next: next, end: end) }

    /// Takes back everything that was handed out after the mark.
    @inline(__always)
    mutating func release(to mark: Mark) {
        block = mark.block
        next = mark.next
        end = mark.end
    }

    /// Takes everything back; the first block is kept for the next use.
    mutating func reset() {
        while blocks.count > 1 { blocks.removeLast().deallocate() }
        (block, next, end) = (-1, 0, 0)
    }

    /// Hands the blocks over to an owner that frees them.
    mutating func handOver() -> [UInt] {
        defer {
            blocks = []
            reset()
        }
        return blocks.map { UInt(bitPattern: $0.baseAddress) }
    }

    /// Gives all memory back to the system.
    mutating func close() {
        for block in blocks { block.deallocate() }
        blocks = []
        reset()
    }
}
