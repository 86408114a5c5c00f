// Which part of the work something belongs to. Engines that share a store share the parts out.
package import MinkEngine

/// One of 64 parts of the work, which one engine has at a time.
package enum Partition {
    package static let count: Int16 = 64

    /// The partition of an instance: the same in every process, for ever.
    package static func number(of id: InstanceID) -> Int16 {
        number(of: [id.tenant, id.workflow, id.key.stored])
    }

    /// The partition in which an event is told of that belongs to no instance.
    package static func number(of event: EventRecord) -> Int16 {
        number(of: [event.metadata.tenant, event.id])
    }

    private static func number(of texts: [String]) -> Int16 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        for text in texts {
            for byte in text.utf8 { add(byte) }
            add(0xFF)  // No byte of a text, so that texts can not run into each other.
        }
        // FNV-1a mixes its low bits badly; the high ones are good.
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        return Int16(hash >> 58)
    }
}

/// Some of the partitions.
package struct PartitionSet: Sendable, Hashable {
    /// A bit for each partition, the lowest for the first.
    package private(set) var bits: UInt64

    package static let none = PartitionSet(bits: 0)
    package static let all = PartitionSet(bits: .max)

    package init(bits: UInt64) {
        self.bits = bits
    }

    package init(_ numbers: some Sequence<Int16>) {
        bits = numbers.reduce(0) { $0 | 1 << UInt64(truncatingIfNeeded: $1 & 63) }
    }

    package var isEmpty: Bool { bits == 0 }
    package var count: Int { bits.nonzeroBitCount }
    /// The numbers, in order.
    package var numbers: [Int16] { (0..<Partition.count).filter(contains) }

    package func contains(_ number: Int16) -> Bool {
        bits & 1 << UInt64(truncatingIfNeeded: number & 63) != 0
    }

    package func contains(_ id: InstanceID) -> Bool {
        bits == .max || contains(Partition.number(of: id))
    }

    package func union(_ others: PartitionSet) -> PartitionSet {
        PartitionSet(bits: bits | others.bits)
    }

    package func intersection(_ others: PartitionSet) -> PartitionSet {
        PartitionSet(bits: bits & others.bits)
    }

    package func subtracting(_ others: PartitionSet) -> PartitionSet {
        PartitionSet(bits: bits & ~others.bits)
    }

    /// The last so many.
    package func suffix(_ length: Int) -> PartitionSet {
        PartitionSet(numbers.suffix(max(0, length)))
    }
}
