// A cursor on one value of a JSON text.

/// A value of a JSON text, at its place.
package struct JSONNode: Sendable {
    let tape: JSONTape
    let index: Int

    var entry: JSONTapeNode { tape.nodes[index] }

    /// What stands here.
    package var kind: JSONKind { entry.kind }

    /// The bytes of the source, of a text with its quotes.
    package var range: Range<Int> { entry.range }

    /// The bytes of the name that stands before the value of a member, with its quotes.
    package var nameRange: Range<Int> { tape.nodes[max(0, index - 1)].range }

    /// The text of this value as it stands in the source.
    package var source: String { String(decoding: tape.source[range], as: UTF8.self) }

    /// Whether this could not be read; a problem says why.
    package var isMissing: Bool { kind == .missing }

    /// The decoded text; `nil` when this is none.
    package var text: String? {
        kind == .string ? entry.text(in: tape.source) : nil
    }

    /// The bytes of the decoded text; `nil` when this is none.
    package var textBytes: ArraySlice<UInt8>? {
        let entry = entry
        guard entry.kind == .string else { return nil }
        return entry.isVerbatim
            ? tape.source[entry.content] : entry.decodedBytes(in: tape.source)[...]
    }

    /// The number as it is written; `nil` when this is none.
    package var numberToken: String? {
        kind == .number ? String(decoding: tape.source[range], as: UTF8.self) : nil
    }

    /// The number as an exact decimal; `nil` when this is none, or beyond 38 digits.
    package var decimal: ExactDecimal? {
        kind == .number ? JSONNumber(tape.source[range]).decimal : nil
    }

    /// The number as a whole one, when it is written without point and exponent and fits 64 bits.
    package var int: Int64? {
        kind == .number ? JSONNumber(tape.source[range]).int : nil
    }

    /// True or false; `nil` when this is neither.
    package var bool: Bool? {
        kind == .bool ? tape.source[range.lowerBound] == UInt8(ascii: "t") : nil
    }

    /// The bytes between the quotes of a text; `nil` when this is none.
    package var contentRange: Range<Int>? { kind == .string ? entry.content : nil }

    /// The byte of the source at which a byte of the decoded text is written.
    ///
    /// Within an escape that is its backslash, behind the text its closing quote. The offset counts
    /// bytes of UTF-8 from the start of ``text``.
    package func sourceByte(ofDecodedByte offset: Int) -> Int {
        guard kind == .string else { return range.lowerBound }
        return entry.sourceByte(ofDecodedByte: offset, in: tape.source)
    }
}

extension JSONNode {
    /// A member of an object.
    package struct Member: Sendable {
        package let value: JSONNode

        /// The name as a text of its own, for its place; it stands before its value.
        package var nameNode: JSONNode { JSONNode(tape: value.tape, index: value.index - 1) }
        /// The decoded name.
        package var name: String { nameNode.text ?? "" }
        /// The bytes of the name with its quotes.
        package var nameRange: Range<Int> { value.nameRange }

        /// Whether the name is exactly this text.
        package func isNamed(_ name: String) -> Bool { nameNode.hasText(name) }
    }

    /// The members of an object in the order of the text, repeated names included.
    ///
    /// Empty when this is no object. A member whose name could not be read is left out.
    package var members: Members {
        let entry = entry
        return Members(
            tape: tape, place: index + 1, end: entry.kind == .object ? Int(entry.next) : index)
    }

    /// The elements of a list; empty when this is none.
    package var elements: Elements {
        let entry = entry
        return Elements(
            tape: tape, place: index + 1, end: entry.kind == .array ? Int(entry.next) : index)
    }

    /// Walks the members of an object.
    package struct Members: Sequence, IteratorProtocol {
        let tape: JSONTape
        var place: Int
        let end: Int

        package mutating func next() -> Member? {
            while place + 1 < end {
                let name = place
                place = Int(tape.nodes[name + 1].next)
                if tape.nodes[name].kind != .missing {
                    return Member(value: JSONNode(tape: tape, index: name + 1))
                }
            }
            return nil
        }
    }

    /// Walks the elements of a list.
    package struct Elements: Sequence, IteratorProtocol {
        let tape: JSONTape
        var place: Int
        let end: Int

        package mutating func next() -> JSONNode? {
            guard place < end else { return nil }
            defer { place = Int(tape.nodes[place].next) }
            return JSONNode(tape: tape, index: place)
        }
    }

    /// Whether some object of the text has a name twice.
    package var repeatsNames: Bool { tape.hasDuplicates }

    /// The first member with a name; `nil` when there is none.
    package func member(_ name: String) -> Member? {
        var members = members
        while let member = members.next() {
            if member.isNamed(name) { return member }
        }
        return nil
    }

    /// The value under a name of an object; of a repeated name the last one.
    package subscript(name: String) -> JSONNode? {
        members.reduce(nil) { found, member in
            member.nameNode.hasText(name) ? member.value : found
        }
    }

    /// Whether this is exactly this text.
    fileprivate func hasText(_ other: String) -> Bool {
        let entry = entry
        guard entry.kind == .string else { return false }
        if entry.isVerbatim {
            let content = entry.content
            return content.count == other.utf8.count
                && tape.source[content].elementsEqual(other.utf8)
        }
        return entry.decodedBytes(in: tape.source).elementsEqual(other.utf8)
    }
}

extension JSONNode {
    /// Where this stands in the text, as a JSON pointer: `/states/Paid/on`; a name stands where its
    /// value does.
    package var pointer: String {
        var text = ""
        var place = JSONNode(tape: tape, index: 0)
        while place.index != index {
            switch place.kind {
            case .object:
                guard let member = place.members.first(where: { $0.value.entry.next > index })
                else { return text }
                text += "/" + Self.escaped(member.name)
                if member.nameNode.index == index { return text }
                place = member.value
            case .array:
                guard
                    let (number, element) = place.elements.enumerated()
                        .first(where: { $0.element.entry.next > index })
                else { return text }
                text += "/\(number)"
                place = element
            default:
                return text
            }
        }
        return text
    }

    static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
        else { return name }
        return name.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
