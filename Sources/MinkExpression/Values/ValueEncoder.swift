// Turns `Encodable` types into values, without Foundation.
//
// The same input always gives the same value: sets and dictionaries come out in the order of their
// bytes. Values, decimals, timestamps, durations and bytes stay what they are.

/// Turns what is `Encodable` into a value.
package enum ValueEncoder {
    /// The value of an instance of any encodable type.
    ///
    /// - Throws: ``ValueCodingError`` if the type encodes nothing, or a set that has no order.
    package static func encode(_ value: some Encodable) throws(ValueCodingError) -> Value {
        do {
            return try ValueDraft().value(of: value)
        } catch {
            throw ValueCodingError(error)
        }
    }
}

/// Values under construction: a stack of the containers that are open.
///
/// A container knows its place in the stack, not a node of its own, so that a value of many parts
/// costs few allocations.
final class ValueDraft {
    // Every access comes from the one thread that encodes, and none happens inside another one.
    @exclusivity(unchecked) private var parts: [ValuePart] = []

    /// Encodes a value whole: afterwards the stack is as it was.
    func value<T: Encodable>(of value: T) throws -> Value {
        if let whole = Value(whole: value) { return whole }
        let base = parts.count
        do {
            try value.encode(to: DraftEncoder(draft: self, part: base, type: T.self))
            return try collapse(to: base)
        } catch {
            parts.removeSubrange(base...)
            throw error
        }
    }

    /// Closes all parts from the given one on, the inner ones first.
    func collapse(to base: Int) throws -> Value {
        while parts.count > base, let part = parts.popLast() {
            let value = try part.closed()
            if parts.count == base { return value }
            parts[part.parent].fill(part.slot, with: value)
        }
        throw ValueCodingError("the type encodes nothing")
    }

    /// Opens the part of an encoder, or finds it open.
    func open(_ part: Int, as kind: ValuePart.Kind) {
        if part == parts.count {
            parts.append(ValuePart(kind: kind))
        } else {
            precondition(
                parts[part].kind == .unopened || parts[part].kind == kind,
                "a type encodes itself into one kind of container")
            parts[part].kind = kind
        }
    }

    /// Opens a part that will fill a place of another one.
    func openChild(of parent: Int, slot: Int, as kind: ValuePart.Kind) -> Int {
        parts.append(ValuePart(kind: kind, parent: parent, slot: slot))
        return parts.count - 1
    }

    func count(of part: Int) -> Int { parts[part].elements.count }

    func append(_ value: Value, to part: Int) -> Int { parts[part].append(value) }

    func set(_ name: String, to value: Value, in part: Int) -> Int {
        parts[part].set(name, to: value)
    }
}

/// One container under construction.
struct ValuePart {
    enum Kind: Equatable {
        case unopened, single, list
        /// A list whose elements come in no order of their own.
        case set
        /// A list that a dictionary made of its keys and values.
        case unorderedPairs
        case map
        /// An object that a dictionary made of itself.
        case dictionary
    }

    var kind: Kind
    /// The part that this one belongs to, and its place there.
    var parent = 0
    var slot = 0
    private(set) var elements: [Value] = []
    private var entries: [ValueMap.Entry] = []

    init(kind: Kind, parent: Int = 0, slot: Int = 0) {
        self.kind = kind
        self.parent = parent
        self.slot = slot
        if kind == .map { entries.reserveCapacity(8) }
    }

    mutating func append(_ value: Value) -> Int {
        elements.append(value)
        return elements.count - 1
    }

    mutating func set(_ name: String, to value: Value) -> Int {
        let key = ValueKey.string(name)
        if kind == .map, let slot = entries.firstIndex(where: { $0.key == key }) {
            entries[slot].value = value
            return slot
        }
        entries.append(ValueMap.Entry(key: key, value: value))
        return entries.count - 1
    }

    mutating func fill(_ slot: Int, with value: Value) {
        if kind == .map || kind == .dictionary {
            entries[slot].value = value
        } else {
            elements[slot] = value
        }
    }

    func closed() throws -> Value {
        switch kind {
        case .list: return .list(elements)
        case .map: return .map(ValueMap(unique: entries))
        case .dictionary:
            return .map(ValueMap(unique: entries.sorted { $0.key.precedes($1.key) }))
        case .set: return .list(try sortedElements())
        case .unorderedPairs:
            throw ValueCodingError("a dictionary whose keys are no texts has no order to keep")
        case .single, .unopened:
            guard let value = elements.last else {
                throw ValueCodingError("the type encodes nothing")
            }
            return value
        }
    }

    private func sortedElements() throws -> [Value] {
        let keys = elements.compactMap(ValueKey.init)
        guard keys.count == elements.count else {
            throw ValueCodingError("a set of neither texts nor whole numbers has no order to keep")
        }
        return keys.sorted { $0.precedes($1) }.map(\.value)
    }
}

extension ValueKey {
    /// Numbers go before texts, and texts by their bytes.
    fileprivate func precedes(_ other: ValueKey) -> Bool {
        switch (self, other) {
        case (.string(let left), .string(let right)): left.precedesByBytes(right)
        case (.int(let left), .int(let right)): left < right
        case (.int, .string): true
        default: false
        }
    }
}
