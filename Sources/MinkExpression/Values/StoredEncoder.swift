// Writes `Encodable` types straight into the stored form, with no value between: this runs several
// times in every turn. The bytes are those of `ValueEncoder.encode(…).storedJSON`.

/// Writes what is `Encodable` in the stored form of values.
package enum StoredEncoder {
    /// The stored form of an instance of any encodable type that names each member once.
    ///
    /// - Throws: ``ValueCodingError`` if the type encodes nothing, or a set that has no order.
    package static func encode(_ value: some Encodable) throws(ValueCodingError) -> [UInt8] {
        let text = StoredText()
        do {
            try text.write(value)
        } catch {
            throw ValueCodingError(error)
        }
        return text.bytes
    }
}

/// A text in the stored form under construction, and the containers that are open in it.
///
/// Containers know how deep they are. Writing into one closes all that are deeper.
final class StoredText {
    // Every access comes from the one thread that encodes, and none happens inside another one.
    @exclusivity(unchecked) private(set) var bytes: [UInt8] = []
    /// What closes each open container.
    @exclusivity(unchecked) private var closings: [UInt8] = []
    @exclusivity(unchecked) private var needsComma = false
    /// What has no order of its own is gathered first; with the depth at which it stands.
    @exclusivity(unchecked) private var drafts: [(depth: Int, draft: ValueDraft)] = []

    init() {
        bytes.reserveCapacity(1_024)
    }

    var depth: Int { closings.count }

    /// Writes a value whole: afterwards the same containers are open as before.
    func write<T: Encodable>(_ value: T) throws {
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
        separate()
        bytes.append(UInt8(ascii: opening))
        closings.append(UInt8(ascii: closing))
        needsComma = false
        return closings.count
    }

    /// Closes all containers that are deeper.
    func close(to depth: Int) {
        precondition(closings.count >= depth, "a container is written after it was closed")
        while closings.count > depth, let closing = closings.popLast() {
            bytes.append(closing)
            needsComma = true
        }
    }

    private func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    func name(_ name: String) {
        precondition(name.utf8.first != UInt8(ascii: "$"), "the stored form keeps \"$\" for itself")
        write(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    func write(_ value: Value) {
        separate()
        value.storedJSON(into: &bytes)
    }

    func write(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: flag ? "true".utf8 : "false".utf8)
    }

    func writeNull() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    func write(_ text: String) {
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

    func write(_ number: some FixedWidthInteger) {
        guard let small = UInt8(exactly: number), small < 10 else {
            return write(Value(integer: number))
        }
        separate()
        bytes.append(UInt8(ascii: "0") + small)
    }
}

extension UInt8 {
    /// Whether the byte stands for itself within the quotes of a JSON text.
    fileprivate var isPlainInJSON: Bool {
        self >= 0x20 && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\") && self != 0x7F
    }
}
