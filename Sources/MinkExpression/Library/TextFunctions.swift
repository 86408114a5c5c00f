// charAt, substring, replace, split, join, trim, reverse, lowerAscii, upperAscii, strings.quote.
enum TextFunctions {
    static let all: [LibraryFunction] = [
        .member("charAt", Signature(.string, .int, gives: .string), body: .binary(charAt)),
        .member(
            "substring", Signature(.string, .int, gives: .string),
            body: .binary { substring($0, $1, $2, nil) }),
        .member(
            "substring", Signature(.string, .int, .int, gives: .string),
            body: .ternary { substring($0, $1, $2, $3) }),
        .member(
            "replace", Signature(.string, .string, .string, gives: .string),
            body: .ternary { replace($0, $1, $2, $3, limit: .int(-1)) }),
        .member(
            "replace", Signature(.string, .string, .string, .int, gives: .string),
            body: .variadic { replace($0, $1[0], $1[1], $1[2], limit: $1[3]) }),
        .member(
            "split", Signature(.string, .string, gives: .list(.string)),
            body: .binary { split($0, $1, $2, limit: .int(-1)) }),
        .member(
            "split", Signature(.string, .string, .int, gives: .list(.string)),
            body: .ternary { split($0, $1, $2, limit: $3) }),
        .member(
            "join", Signature(.list(.string), gives: .string),
            body: .unary { join($0, $1, Cell(.string)) }),
        .member("join", Signature(.list(.string), .string, gives: .string), body: .binary(join)),
        .member("trim", Signature(.string, gives: .string), body: .unary(trim)),
        .member("lowerAscii", Signature(.string, gives: .string), body: mapped { $0.lowered }),
        .member("upperAscii", Signature(.string, gives: .string), body: mapped { $0.raised }),
        .global(
            "strings.quote", Signature(.string, gives: .string),
            body: .unary { machine, text in
                guard text.tag == .string else { return .noOverload(text) }
                return machine.makeBytes(.string, quote(text.utf8))
            }),
    ]

    private static func mapped(_ change: @escaping @Sendable (UInt8) -> UInt8) -> FunctionBody {
        .unary { machine, text in
            guard text.tag == .string else { return .noOverload(text) }
            return machine.makeBytes(.string, count: text.count) { buffer in
                for (index, byte) in text.utf8.enumerated() { buffer[index] = change(byte) }
            }
        }
    }

    @Sendable private static func charAt(_ machine: Machine, _ text: Cell, _ index: Cell) -> Cell {
        guard text.tag == .string, index.tag == .int else { return .noOverload(text, index) }
        guard machine.charge(bytes: text.count) else { return machine.exhausted }
        guard let start = TextSearch.byteOffset(of: index.int, in: text.utf8) else {
            return .error(.indexOutOfBounds)
        }
        var end = start
        repeat { end += 1 } while end < text.count && text.utf8[end] & 0xC0 == 0x80
        return slice(text, start, min(end, text.count))
    }

    /// A part of a text without copying it.
    static func slice(_ text: Cell, _ start: Int, _ end: Int) -> Cell {
        Cell(
            text.tag, bits: text.bits + UInt64(start),
            length: UInt32(truncatingIfNeeded: end - start))
    }

    private static func substring(
        _ machine: Machine, _ text: Cell, _ from: Cell, _ to: Cell?
    ) -> Cell {
        guard text.tag == .string, from.tag == .int, to == nil || to?.tag == .int else {
            return .noOverload(text, from)
        }
        guard machine.charge(bytes: text.count) else { return machine.exhausted }
        let bytes = text.utf8
        guard let start = TextSearch.byteOffset(of: from.int, in: bytes),
            let end = to.map({ TextSearch.byteOffset(of: $0.int, in: bytes) }) ?? bytes.count,
            start <= end
        else { return .error(.indexOutOfBounds) }
        return slice(text, start, end)
    }

    private static func replace(
        _ machine: Machine, _ text: Cell, _ old: Cell, _ new: Cell, limit: Cell
    ) -> Cell {
        guard text.tag == .string, old.tag == .string, new.tag == .string, limit.tag == .int else {
            return .noOverload(text, old)
        }
        var pieces: [Cell] = []
        var (start, search, left) = (0, 0, limit.int)
        while left != 0, let found = TextSearch.find(old.utf8, in: text.utf8, from: search) {
            guard machine.charge(2 + (found - start) >> 5) else { return machine.exhausted }
            pieces.append(slice(text, start, found))
            pieces.append(new)
            start = found + old.count
            search = start
            if old.length == 0 {
                // Between all code points, and at both ends.
                guard search < text.count else { break }
                repeat {
                    search += 1
                } while search < text.count
                    && text.utf8[search] & 0xC0 == 0x80
            }
            if left > 0 { left -= 1 }
        }
        pieces.append(slice(text, start, text.count))
        return concatenate(machine, pieces)
    }

    private static func split(
        _ machine: Machine, _ text: Cell, _ separator: Cell, limit: Cell
    ) -> Cell {
        guard text.tag == .string, separator.tag == .string, limit.tag == .int else {
            return .noOverload(text, separator)
        }
        if limit.int == 0 { return machine.makeList([]) }
        var pieces: [Cell] = []
        var start = 0
        while limit.int < 0 || pieces.count + 1 < limit.int {
            guard machine.charge(1) else { return machine.exhausted }
            if separator.length == 0 {
                var next = start
                repeat {
                    next += 1
                } while next < text.count
                    && text.utf8[next] & 0xC0 == 0x80
                guard next < text.count else { break }
                pieces.append(slice(text, start, next))
                start = next
            } else {
                guard
                    let found = TextSearch.find(separator.utf8, in: text.utf8, from: start)
                else { break }
                guard machine.charge(bytes: found - start) else { return machine.exhausted }
                pieces.append(slice(text, start, found))
                start = found + separator.count
            }
        }
        if separator.length == 0, text.length == 0 { return machine.makeList([]) }
        pieces.append(slice(text, start, text.count))
        return machine.makeList(pieces)
    }

    @Sendable private static func join(
        _ machine: Machine, _ list: Cell, _ separator: Cell
    ) -> Cell {
        guard list.tag == .list, separator.tag == .string else {
            return .noOverload(list, separator)
        }
        var pieces: [Cell] = []
        guard machine.charge(list.count) else { return machine.exhausted }
        for element in list.elements {
            guard element.tag == .string else { return .noOverload(element) }
            if !pieces.isEmpty { pieces.append(separator) }
            pieces.append(element)
        }
        return concatenate(machine, pieces)
    }

    /// All pieces one after the other, measured before anything is made.
    static func concatenate(_ machine: Machine, _ pieces: [Cell]) -> Cell {
        if pieces.count == 1 { return pieces[0] }
        let count = pieces.reduce(0) { $0 + $1.count }
        return machine.makeBytes(.string, count: count) { buffer in
            var end = 0
            for piece in pieces {
                end = buffer[end...].update(fromContentsOf: piece.utf8)
            }
        }
    }

    @Sendable private static func trim(_ machine: Machine, _ text: Cell) -> Cell {
        guard text.tag == .string else { return .noOverload(text) }
        guard machine.charge(bytes: text.count) else { return machine.exhausted }
        let scalars = text.text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return Cell(.string) }
        let start = scalars.utf8Distance(to: first)
        return slice(text, start, scalars.utf8Distance(to: scalars.index(after: last)))
    }

    /// The text as it is written in an expression.
    private static func quote(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in bytes {
            if let letter = quotedEscapes[byte] {
                quoted += [UInt8(ascii: "\\"), letter]
            } else {
                quoted.append(byte)
            }
        }
        quoted.append(UInt8(ascii: "\""))
        return quoted
    }

    private static let quotedEscapes: [UInt8: UInt8] = [
        0x07: UInt8(ascii: "a"), 0x08: UInt8(ascii: "b"), 0x0C: UInt8(ascii: "f"),
        0x0A: UInt8(ascii: "n"), 0x0D: UInt8(ascii: "r"), 0x09: UInt8(ascii: "t"),
        0x0B: UInt8(ascii: "v"), 0x5C: 0x5C, 0x22: 0x22,
    ]
}

extension String.UnicodeScalarView {
    fileprivate func utf8Distance(to index: Index) -> Int {
        self[..<index].reduce(0) { $0 + UTF8.width($1) }
    }
}

extension UInt8 {
    /// The small letter of a capital one of ASCII.
    fileprivate var lowered: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The capital letter of a small one of ASCII.
    fileprivate var raised: UInt8 { self >= 0x61 && self <= 0x7A ? self & ~0x20 : self }
}
