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
    @inlinable package func object<E: Error>(_ members: () throws(E) -> Void) throws(E) {
        begin(UInt8(ascii: "{"))
        try members()
        end(UInt8(ascii: "}"))
    }

    /// Writes a list.
    @inlinable package func list<Element, E: Error>(
        _ elements: [Element], _ write: (Element) throws(E) -> Void
    ) throws(E) {
        begin(UInt8(ascii: "["))
        for element in elements { try write(element) }
        end(UInt8(ascii: "]"))
    }

    /// Writes the name of a member: plain letters.
    package func name(_ name: StaticString) {
        separate()
        append(UInt8(ascii: "\""))
        append(name)
        append(UInt8(ascii: "\""))
        append(UInt8(ascii: ":"))
        needsComma = false
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
            guard utf8.allSatisfy(\.isPlainInJSON) else {
                return appendAny(.string(String(decoding: utf8, as: UTF8.self)))
            }
            append(UInt8(ascii: "\""))
            append(utf8)
            append(UInt8(ascii: "\""))
        }
    }

    package func write(_ number: some FixedWidthInteger) {
        guard let number = Int64(exactly: number) else { return write(Value(integer: number)) }
        separate()
        if number < 0 { append(UInt8(ascii: "-")) }
        appendDigits(number.magnitude, atLeast: 1)
    }

    /// Appends digits, with zeros before them where there are too few.
    private func appendDigits(_ number: UInt64, atLeast count: Int) {
        var (length, rest) = (1, number / 10)
        while rest > 0 || length < count { (length, rest) = (length + 1, rest / 10) }
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
        let (date, second) = (moment.date, UInt64(moment.secondOfDay))
        appendDigits(UInt64(date.year), atLeast: 4)
        append("-")
        appendDigits(UInt64(date.month), atLeast: 2)
        append("-")
        appendDigits(UInt64(date.day), atLeast: 2)
        append("T")
        appendDigits(second / 3_600, atLeast: 2)
        append(":")
        appendDigits(second / 60 % 60, atLeast: 2)
        append(":")
        appendDigits(second % 60, atLeast: 2)
        if moment.nanoseconds > 0 {
            append(".")
            appendDigits(UInt64(moment.nanoseconds), atLeast: 9)
            while memory[count - 1] == UInt8(ascii: "0") { count -= 1 }
        }
        append("Z\"}")
    }

    package func write(_ span: Duration) {
        let (seconds, attoseconds) = span.components
        guard attoseconds == 0, seconds >= 0 else { return writeAny(.duration(span)) }
        separate()
        append("{\"$duration\":\"")
        appendDigits(UInt64(seconds), atLeast: 1)
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
        case .list(let elements): list(elements) { (element: Value) in write(element) }
        case .map(let map) where map.count > 1 && map.hasOnlyNames:
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
    fileprivate var hasOnlyNames: Bool {
        entries.allSatisfy { entry in
            if case .string = entry.key { true } else { false }
        }
    }
}

extension UInt8 {
    /// Whether the byte stands for itself within the quotes of a JSON text.
    fileprivate var isPlainInJSON: Bool {
        self >= 0x20 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
    }
}
