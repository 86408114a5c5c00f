// Regular expressions in linear time, by RE2.
import CRE2
import Synchronization

/// A compiled pattern.
final class RegularExpression: Sendable {
    /// The address of RE2's object; a number, because a pointer is not `Sendable`.
    private let address: UInt

    /// How many groups in parentheses the pattern has.
    let groupCount: Int

    /// The most memory that RE2 may use for one pattern, in bytes.
    private static let memoryLimit = 1 << 20

    /// The longest pattern, in bytes.
    private static let maxBytes = 4096

    /// Compiles a pattern; `nil` when it is none, or too large.
    init?(_ pattern: UnsafeBufferPointer<UInt8>) {
        guard pattern.count <= Self.maxBytes else { return nil }
        let compiled = pattern.withMemoryRebound(to: CChar.self) {
            mink_re2_compile($0.baseAddress, $0.count, Self.memoryLimit)
        }
        guard let compiled else { return nil }
        guard let error = mink_re2_error(compiled), error.pointee == 0 else {
            mink_re2_free(compiled)
            return nil
        }
        address = UInt(bitPattern: compiled)
        groupCount = Int(mink_re2_group_count(compiled))
    }

    deinit { mink_re2_free(OpaquePointer(bitPattern: address)) }

    /// The bytes of the whole match and of the groups, from a byte on; `nil` without a match.
    func search(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, groups count: Int
    ) -> [Range<Int>?]? {
        var offsets = [Int](repeating: -1, count: 2 * count)
        let isFound = text.withMemoryRebound(to: CChar.self) { bytes in
            mink_re2_search(
                OpaquePointer(bitPattern: address), bytes.baseAddress, bytes.count, start,
                &offsets, Int32(count))
        }
        guard isFound else { return nil }
        return (0..<count).map { group in
            let (lower, upper) = (offsets[2 * group], offsets[2 * group + 1])
            return lower >= 0 && upper >= lower ? lower..<upper : nil
        }
    }

    /// Whether the pattern matches anywhere in the text.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.withMemoryRebound(to: CChar.self) { bytes in
            mink_re2_search(
                OpaquePointer(bitPattern: address), bytes.baseAddress, bytes.count, 0, nil, 0)
        }
    }
}

/// The patterns that one call has compiled lately.
final class PatternCache: Sendable {
    private let patterns = Mutex<[[UInt8]: RegularExpression]>([:])
    private static let capacity = 16

    /// The compiled pattern; `nil` when it is none.
    func pattern(_ text: UnsafeBufferPointer<UInt8>) -> RegularExpression? {
        let key = Array(text)
        if let known = patterns.withLock({ $0[key] }) { return known }
        guard let made = RegularExpression(text) else { return nil }
        patterns.withLock { patterns in
            if patterns.count >= Self.capacity { patterns.removeAll() }
            patterns[key] = made
        }
        return made
    }
}
