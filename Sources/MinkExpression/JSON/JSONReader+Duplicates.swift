// Finds names that stand twice in one object. Few names are compared each with each; many are
// sorted, so that no choice of names makes this slow.

/// A name of an open object.
struct JSONKey {
    /// Where the name stands on the tape.
    let node: UInt32
    /// Equal for equal names; seldom equal for others.
    let hash: UInt32

    init(of name: JSONTapeNode, at node: Int, in source: [UInt8]) {
        self.node = UInt32(truncatingIfNeeded: node)
        hash =
            name.isVerbatim
            ? Self.hash(source, name.content)
            : Self.hash(name.decodedBytes(in: source))
    }

    private static func hash(_ bytes: [UInt8]) -> UInt32 { hash(bytes, bytes.indices) }

    private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
        let raw = bytes.span.bytes
        var hash = UInt64(truncatingIfNeeded: range.count)
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            let word = raw.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            place += 8
        }
        while place < range.upperBound {
            hash = (hash ^ UInt64(bytes[place])) &* 0x9E37_79B9_7F4A_7C15
            place += 1
        }
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}

extension JSONReader {
    /// Reports the names of the object being closed that stood in it before.
    mutating func checkDuplicates(from first: Int) {
        if keys.count - first > 16 { return checkManyDuplicates(from: first) }
        for later in first + 1..<keys.count {
            for earlier in first..<later where keys[earlier].hash == keys[later].hash {
                if compare(keys[earlier], keys[later]) == .equal {
                    reportDuplicate(keys[later], first: keys[earlier])
                    break
                }
            }
        }
    }

    private mutating func checkManyDuplicates(from first: Int) {
        let sorted = keys[first...].sorted { left, right in
            if left.hash != right.hash { return left.hash < right.hash }
            return switch compare(left, right) {
            case .less: true
            case .equal: left.node < right.node
            case .greater: false
            }
        }
        var original = sorted.startIndex
        for place in sorted.indices.dropFirst() {
            if sorted[place].hash == sorted[original].hash,
                compare(sorted[original], sorted[place]) == .equal
            {
                reportDuplicate(sorted[place], first: sorted[original])
            } else {
                original = place
            }
        }
    }

    /// Compares two names by their decoded bytes.
    private func compare(_ left: JSONKey, _ right: JSONKey) -> Order {
        let (left, right) = (nodes[Int(left.node)], nodes[Int(right.node)])
        if left.isVerbatim, right.isVerbatim {
            return compare(source[left.content], source[right.content])
        }
        return compare(
            left.decodedBytes(in: source)[...], right.decodedBytes(in: source)[...])
    }

    private func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Order {
        if left.elementsEqual(right) { return .equal }
        return left.lexicographicallyPrecedes(right) ? .less : .greater
    }
}
