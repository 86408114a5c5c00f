// An object of the stored form, read member by member without making a value of it first.
//
// Types that are read often walk it in the order in which they were written; a member that stands
// elsewhere is still found.

/// The members of an object in the stored form.
package struct StoredObjectReader {
    private let tape: JSONTape
    private let first: Int
    private let end: Int
    /// The member that is expected next.
    private var next: Int

    /// The object that this text holds.
    ///
    /// - Throws: ``JSONError`` if the text is no JSON, ``ValueCodingError`` if it is no object.
    package init(_ bytes: [UInt8]) throws {
        let document = JSONDocument(reading: bytes, limits: .library)
        if let error = document.firstError { throw error }
        try self.init(tape: document.tape, index: 0, of: "what is stored")
    }

    fileprivate init(tape: JSONTape, index: Int, of name: String) throws {
        guard index < tape.nodes.count, tape.nodes[index].kind == .object else {
            throw ValueCodingError("\(name) is no object")
        }
        self.tape = tape
        first = index + 1
        next = first
        end = Int(tape.nodes[index].next)
    }

    /// The place of a member's value; `nil` when there is none with the name.
    private mutating func find(_ name: StaticString) -> Int? {
        if let value = value(at: next, named: name) { return value }
        var place = first
        while place + 1 < end {
            if let value = value(at: place, named: name) { return value }
            place = Int(tape.nodes[place + 1].next)
        }
        return nil
    }

    private mutating func value(at place: Int, named name: StaticString) -> Int? {
        guard place + 1 < end else { return nil }
        let node = tape.nodes[place]
        guard node.kind == .string, node.isVerbatim, node.content.count == name.utf8CodeUnitCount,
            tape.source[node.content].elementsEqual(
                UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        else { return nil }
        next = Int(tape.nodes[place + 1].next)
        return place + 1
    }

    private mutating func demand(_ name: StaticString) throws -> Int {
        guard let place = find(name) else { throw ValueCodingError("\"\(name)\" is missing") }
        return place
    }
}

extension StoredObjectReader {
    /// A member that is a text.
    package mutating func text(_ name: StaticString) throws -> String {
        guard let text = try textIfPresent(name) else {
            throw ValueCodingError("\"\(name)\" is missing")
        }
        return text
    }

    /// A member that is a text; `nil` when it is absent.
    package mutating func textIfPresent(_ name: StaticString) throws -> String? {
        guard let place = find(name) else { return nil }
        guard tape.nodes[place].kind == .string else {
            throw ValueCodingError("\"\(name)\" is no text")
        }
        return tape.nodes[place].text(in: tape.source)
    }

    /// A member that is a whole number.
    package mutating func integer(_ name: StaticString) throws -> Int {
        let place = try demand(name)
        guard tape.nodes[place].kind == .number,
            let number = JSONNumber(tape.source[tape.nodes[place].range]).int
        else { throw ValueCodingError("\"\(name)\" is no whole number") }
        return Int(number)
    }

    /// A member that is true or false.
    package mutating func flag(_ name: StaticString) throws -> Bool {
        let node = tape.nodes[try demand(name)]
        guard node.kind == .bool else {
            throw ValueCodingError("\"\(name)\" is neither true nor false")
        }
        return tape.source[Int(node.start)] == UInt8(ascii: "t")
    }

    /// A member of any type.
    package mutating func value(_ name: StaticString) throws -> Value {
        try value(at: try demand(name))
    }

    private func value(at place: Int) throws -> Value {
        var reader = JSONValueReader(tape: tape, index: place, isStored: true)
        let value = reader.readValue()
        guard reader.unreadable == nil else {
            throw ValueCodingError("this is no stored value")
        }
        return value
    }

    /// A member that is a moment.
    package mutating func moment(_ name: StaticString) throws -> Timestamp {
        guard case .timestamp(let moment) = try value(name) else {
            throw ValueCodingError("\"\(name)\" is no moment")
        }
        return moment
    }

    /// A member that is a moment; `nil` when it is absent.
    package mutating func momentIfPresent(_ name: StaticString) throws -> Timestamp? {
        find(name) == nil ? nil : try moment(name)
    }

    /// A member that is a span of time.
    package mutating func duration(_ name: StaticString) throws -> Duration {
        guard case .duration(let span) = try value(name) else {
            throw ValueCodingError("\"\(name)\" is no span of time")
        }
        return span
    }

    /// A member that is an object.
    package mutating func object<Result>(
        _ name: StaticString, _ read: (inout StoredObjectReader) throws -> Result
    ) throws -> Result {
        var object = try StoredObjectReader(tape: tape, index: try demand(name), of: "\"\(name)\"")
        return try read(&object)
    }

    /// A member that is a list of objects.
    package mutating func objects<Element>(
        _ name: StaticString, _ read: (inout StoredObjectReader) throws -> Element
    ) throws -> [Element] {
        try elements(name) { tape, place in
            var object = try StoredObjectReader(tape: tape, index: place, of: "of \"\(name)\" one")
            return try read(&object)
        }
    }

    /// A member that is a list of texts.
    package mutating func texts(_ name: StaticString) throws -> [String] {
        try elements(name) { tape, place in
            guard tape.nodes[place].kind == .string else {
                throw ValueCodingError("of \"\(name)\" one is no text")
            }
            return tape.nodes[place].text(in: tape.source)
        }
    }

    private mutating func elements<Element>(
        _ name: StaticString, _ read: (JSONTape, Int) throws -> Element
    ) throws -> [Element] {
        let list = try demand(name)
        guard tape.nodes[list].kind == .array else {
            throw ValueCodingError("\"\(name)\" is no list")
        }
        var elements: [Element] = []
        var place = list + 1
        while place < Int(tape.nodes[list].next) {
            elements.append(try read(tape, place))
            place = Int(tape.nodes[place].next)
        }
        return elements
    }

    /// A member of a type that is rarely there, by its coding; `nil` when it is absent.
    package mutating func decodeIfPresent<T: Decodable>(_ name: StaticString) throws -> T? {
        guard let place = find(name), tape.nodes[place].kind != .null else { return nil }
        return try ValueDecoder.decode(T.self, from: try value(at: place))
    }

    /// A list that is mostly empty; its elements by their coding.
    package mutating func decodeList<T: Decodable>(_ name: StaticString) throws -> [T] {
        let list = try demand(name)
        if tape.nodes[list].kind == .array, Int(tape.nodes[list].next) == list + 1 { return [] }
        return try ValueDecoder.decode([T].self, from: try value(at: list))
    }
}
