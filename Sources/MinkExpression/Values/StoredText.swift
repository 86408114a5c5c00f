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
    // Every access comes from the one thread that writes, and none happens inside another one.
    @exclusivity(unchecked) package private(set) var bytes: [UInt8] = []
    /// What closes each open container.
    @exclusivity(unchecked) private var closings: [UInt8] = []
    @exclusivity(unchecked) private var needsComma = false
    /// What has no order of its own is gathered first; with the depth at which it stands.
    @exclusivity(unchecked) private var drafts: [(depth: Int, draft: ValueDraft)] = []

    package init() {
        bytes.reserveCapacity(4_096)
        closings.reserveCapacity(16)
    }

    var depth: Int { closings.count }

    /// Writes what is encodable: afterwards the same containers are open as before.
    package func encode<T: Encodable>(_ value: T) throws {
        if writeWhole(value) { return }
        let (depth, start) = (depth, bytes.count)
        try value.encode(to: StoredTextEncoder(text: self, depth: depth, type: T.self))
        if let last = drafts.last, last.depth == depth {
            drafts.removeLast()
            write(try last.draft.collapse(to: 0))
        }
        close(to: depth)
        guard bytes.count > start else { throw ValueCodingError("the type encodes nothing") }
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

    private func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Writes the name of a member that a type declares.
    func name(_ name: String) {
        precondition(name.utf8.first != UInt8(ascii: "$"), "the stored form keeps \"$\" for itself")
        write(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private func append(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension StoredText {
    /// Writes an object.
    package func object<E: Error>(_ members: () throws(E) -> Void) throws(E) {
        begin(UInt8(ascii: "{"))
        try members()
        end(UInt8(ascii: "}"))
    }

    /// Writes a list.
    package func list<Elements: Sequence, E: Error>(
        _ elements: Elements, _ write: (Elements.Element) throws(E) -> Void
    ) throws(E) {
        begin(UInt8(ascii: "["))
        for element in elements { try write(element) }
        end(UInt8(ascii: "]"))
    }

    /// Writes the name of a member: plain letters.
    package func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
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
                return Value.string(String(decoding: utf8, as: UTF8.self)).storedJSON(into: &bytes)
            }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: utf8)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    package func write(_ number: some FixedWidthInteger) {
        guard let number = Int64(exactly: number) else { return write(Value(integer: number)) }
        separate()
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(number.magnitude, atLeast: 1)
    }

    /// Appends digits, with zeros before them where there are too few.
    private func appendDigits(_ number: UInt64, atLeast count: Int) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            var (place, rest) = (buffer.count, number)
            while rest > 0 || buffer.count - place < count {
                place -= 1
                buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            bytes.append(contentsOf: buffer[place...])
        }
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
            while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
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
                    bytes.append(UInt8(ascii: ":"))
                    needsComma = false
                    write(entry.value)
                }
            }
        default: writeAny(value)
        }
    }

    private func writeAny(_ value: Value) {
        separate()
        value.storedJSON(into: &bytes)
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
