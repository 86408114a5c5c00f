// A text in the stored form, written piece by piece. The encoder drives it; types that are written
// in every turn drive it themselves, past their coding, to the same bytes:
//
//   text.object {
//       $0.name("number"); $0.write(number)
//   }

/// A text in the stored form under construction, and the containers that are open in it.
///
/// Containers know how deep they are. Writing into one closes all that are deeper.
package final class StoredText {
    // Memory of its own: an array would be checked for other owners at each of some hundred
    // appends. Every access comes from the one thread that writes, and none happens inside another.
    @exclusivity(unchecked) private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(
        capacity: 4_096)
    @exclusivity(unchecked) private var count = 0
    /// What closes each open container.
    @exclusivity(unchecked) private var closings: [UInt8] = []
    @exclusivity(unchecked) private var needsComma = false
    /// What has no order of its own is gathered first; with the depth at which it stands.
    @exclusivity(unchecked) private var drafts: [(depth: Int, draft: ValueDraft)] = []

    package init() {
        closings.reserveCapacity(16)
    }

    deinit {
        memory.deallocate()
    }

    /// What was written.
    package var bytes: [UInt8] { [UInt8](memory[..<count]) }

    /// Makes room for so many more bytes.
    @inline(__always)
    private func reserve(_ more: Int) {
        if memory.count - count < more { grow(by: more) }
    }

    @inline(never)
    private func grow(by more: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(
            capacity: max(memory.count * 2, count + more))
        _ = larger.initialize(fromContentsOf: memory[..<count])
        memory.deallocate()
        memory = larger
    }

    private func append(_ byte: UInt8) {
        reserve(1)
        memory[count] = byte
        count += 1
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty else { return }
        reserve(bytes.count)
        _ = memory[count...].initialize(fromContentsOf: bytes)
        count += bytes.count
    }

    var depth: Int { closings.count }

    /// Writes what is encodable: afterwards the same containers are open as before.
    package func encode<T: Encodable>(_ value: T) throws {
        if writeWhole(value) { return }
        let (depth, start) = (depth, count)
        try value.encode(to: StoredTextEncoder(text: self, depth: depth, type: T.self))
        if let last = drafts.last, last.depth == depth {
            drafts.removeLast()
            write(try last.draft.collapse(to: 0))
        }
        close(to: depth)
        guard count > start else { throw ValueCodingError("the type encodes nothing") }
    }

    /// Writes a value of a type that the coder takes whole; false for others.
    private func writeWhole<T>(_ value: T) -> Bool {
        if T.self == String.self {
            write(unsafeBitCast(value, to: String.self))
        } else if let whole = Value(whole: value) {
            write(whole)
        } else {
            return false
        }
        return true
    }

    /// Gathers what has no order of its own.
    func draft(at depth: Int) -> ValueDraft {
        let draft = ValueDraft()
        drafts.append((depth, draft))
        return draft
    }

    /// Opens a container, and tells how deep it is.
    func open(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar) -> Int {
        begin(UInt8(ascii: opening))
        closings.append(UInt8(ascii: closing))
        return closings.count
    }

    /// Closes all containers that are deeper.
    func close(to depth: Int) {
        precondition(closings.count >= depth, "a container is written after it was closed")
        while closings.count > depth, let closing = closings.popLast() { end(closing) }
    }

    @usableFromInline package func begin(_ bracket: UInt8) {
        separate()
        append(bracket)
        needsComma = false
    }

    @usableFromInline package func end(_ bracket: UInt8) {
        append(bracket)
        needsComma = true
    }

    private func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Writes the name of a member that a type declares.
    func name(_ name: String) {
        precondition(name.utf8.first != UInt8(ascii: "$"), "the stored form keeps \"$\" for itself")
        write(name)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    private func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension StoredText {
    /// Writes an object.
    @inlinable @inline(__always) package func object<E: Error>(_ members: () throws(E) -> Void)
        throws(E)
    {
        begin(UInt8(ascii: "{"))
        try members()
        end(UInt8(ascii: "}"))
    }

    /// Writes a list.
    @inlinable @inline(__always) package func list<Element, E: Error>(
        _ elements: [Element], _ write: (Element) throws(E) -> Void
    ) throws(E) {
        begin(UInt8(ascii: "["))
        for element in elements { try write(element) }
        end(UInt8(ascii: "]"))
    }

    /// Writes the name of a member: plain letters.
    package func name(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        reserve(length + 4)
        if needsComma { put(UInt8(ascii: ",")) }
        put(UInt8(ascii: "\""))
        put(UnsafeBufferPointer(start: name.utf8Start, count: length))
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Puts a byte where room was made.
    @inline(__always)
    private func put(_ byte: UInt8) {
        memory[count] = byte
        count += 1
    }

    /// Puts bytes where room was made.
    @inline(__always)
    private func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress, let target = memory.baseAddress else { return }
        (target + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    package func writeNull() {
        separate()
        append("null")
    }

    package func write(_ flag: Bool) {
        separate()
        append(flag ? "true" : "false")
    }

    package func write(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { utf8 in
            guard utf8.isPlainInJSON else {
                return appendAny(.string(String(decoding: utf8, as: UTF8.self)))
            }
            reserve(utf8.count + 2)
            put(UInt8(ascii: "\""))
            put(utf8)
            put(UInt8(ascii: "\""))
        }
    }

    package func write(_ number: some FixedWidthInteger) {
        guard let number = Int64(exactly: number) else { return write(Value(integer: number)) }
        separate()
        if number < 0 { append(UInt8(ascii: "-")) }
        appendDigits(number.magnitude)
    }

    private func appendDigits(_ number: UInt64) {
        var (length, rest) = (1, number / 10)
        while rest > 0 { (length, rest) = (length + 1, rest / 10) }
        reserve(length)
        rest = number
        for place in stride(from: self.count + length - 1, through: self.count, by: -1) {
            memory[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        self.count += length
    }

    package func write(_ moment: Timestamp) {
        separate()
        append("{\"$timestamp\":\"")
        reserve(Timestamp.longestText)
        count += moment.write(to: UnsafeMutableBufferPointer(rebasing: memory[count...]))
        append("\"}")
    }

    package func write(_ span: Duration) {
        let (seconds, attoseconds) = span.components
        guard attoseconds == 0, seconds >= 0 else { return writeAny(.duration(span)) }
        separate()
        append("{\"$duration\":\"")
        appendDigits(UInt64(seconds))
        append("\"}")
    }

    package func write(_ number: Double) {
        guard number == number.rounded(), abs(number) < 1_000_000_000,
            number.sign == .plus || number != 0
        else { return writeAny(.double(number)) }
        write(Int64(number))
        append(".0")
    }

    private func write(_ number: ExactDecimal) {
        separate()
        append("{\"$decimal\":\"")
        var text = number.description
        text.withUTF8 { append($0) }
        append("\"}")
    }

    package func write(_ value: Value) {
        switch value {
        case .null: writeNull()
        case .bool(let flag): write(flag)
        case .int(let number): write(number)
        case .string(let text): write(text)
        case .timestamp(let moment): write(moment)
        case .duration(let span): write(span)
        case .double(let number): write(number)
        case .decimal(let number): write(number)
        case .list(let elements): list(elements) { (element: Value) in write(element) }
        case .map(let map) where map.isPlainObject:
            object {
                for entry in map.entries {
                    guard case .string(let name) = entry.key else { continue }
                    write(name)
                    append(UInt8(ascii: ":"))
                    needsComma = false
                    write(entry.value)
                }
            }
        default: writeAny(value)
        }
    }

    private func writeAny(_ value: Value) {
        separate()
        appendAny(value)
    }

    private func appendAny(_ value: Value) {
        value.storedJSON.withUnsafeBufferPointer { append($0) }
    }
}

extension ValueMap {
    /// Whether every key is a text, and no single one could be taken for a tag.
    fileprivate var isPlainObject: Bool {
        entries.allSatisfy { entry in
            guard case .string(let name) = entry.key else { return false }
            return count > 1 || name.utf8.first != UInt8(ascii: "$")
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether all bytes stand for themselves within the quotes of a JSON text.
    fileprivate var isPlainInJSON: Bool {
        // Without a branch for each byte, so that many are looked at together.
        var special: UInt8 = 0
        for byte in self {
            special |= byte < 0x20 ? 1 : 0
            special |= byte == UInt8(ascii: "\"") ? 1 : 0
            special |= byte == UInt8(ascii: "\\") ? 1 : 0
        }
        return special == 0
    }
}
