// contains, startsWith, endsWith, indexOf, lastIndexOf. Positions count code points.
enum TextSearch {
    private static let test = Signature(.string, .string, gives: .bool)
    private static let place = Signature(.string, .string, gives: .int)
    private static let placeFrom = Signature(.string, .string, .int, gives: .int)

    static let all: [LibraryFunction] = [
        .member(
            "contains", test,
            body: texts { machine, text, part in
                .bool(find(part.utf8, in: text.utf8, from: 0) != nil)
            }),
        .member(
            "startsWith", test,
            body: texts { _, text, part in .bool(text.utf8.starts(with: part.utf8)) }),
        .member(
            "endsWith", test,
            body: texts { _, text, part in
                .bool(text.utf8.suffix(part.count).elementsEqual(part.utf8))
            }),
        .member("indexOf", place, body: texts { indexOf($0, $1, $2, from: 0) }),
        .member("indexOf", placeFrom, body: textsFrom(indexOf)),
        .member(
            "lastIndexOf", place,
            body: texts { machine, text, part in
                lastIndexOf(
                    machine, text, part, from: Int64(SizeFunctions.codePoints(text.utf8)))
            }),
        .member("lastIndexOf", placeFrom, body: textsFrom(lastIndexOf)),
    ]

    /// A function of two texts; reading both is charged.
    private static func texts(
        _ body: @escaping @Sendable (Machine, Cell, Cell) -> Cell
    ) -> FunctionBody {
        .binary { machine, text, part in
            guard text.tag == .string, part.tag == .string else { return .noOverload(text, part) }
            guard machine.charge(bytes: text.count) else { return machine.exhausted }
            return body(machine, text, part)
        }
    }

    private static func textsFrom(
        _ body: @escaping @Sendable (Machine, Cell, Cell, Int64) -> Cell
    ) -> FunctionBody {
        .ternary { machine, text, part, start in
            guard text.tag == .string, part.tag == .string, start.tag == .int else {
                return .noOverload(text, part)
            }
            guard machine.charge(bytes: text.count) else { return machine.exhausted }
            return body(machine, text, part, start.int)
        }
    }

    @Sendable private static func indexOf(
        _ machine: Machine, _ text: Cell, _ part: Cell, from start: Int64
    ) -> Cell {
        guard let offset = byteOffset(of: start, in: text.utf8) else {
            return .error(.indexOutOfBounds)
        }
        return position(find(part.utf8, in: text.utf8, from: offset), text)
    }

    @Sendable private static func lastIndexOf(
        _ machine: Machine, _ text: Cell, _ part: Cell, from start: Int64
    ) -> Cell {
        guard let limit = byteOffset(of: start, in: text.utf8) else {
            return .error(.indexOutOfBounds)
        }
        let (bytes, wanted) = (text.utf8, part.utf8)
        var offset = min(limit, bytes.count - wanted.count)
        while offset >= 0 {
            if bytes[offset..<offset + wanted.count].elementsEqual(wanted) {
                return position(offset, text)
            }
            guard machine.charge(1 + wanted.count >> 5) else { return machine.exhausted }
            offset -= 1
        }
        return .int(-1)
    }

    private static func position(_ offset: Int?, _ text: Cell) -> Cell {
        .int(offset.map { Int64(SizeFunctions.codePoints(text.utf8[..<$0])) } ?? -1)
    }

    /// Where the code point of this number begins; its count is the end of the text.
    static func byteOffset(of number: Int64, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard number >= 0 else { return nil }
        var left = number
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if left == 0 { return offset }
            left -= 1
        }
        return left == 0 ? bytes.count : nil
    }

    /// The first place of a part, in time linear in both texts.
    ///
    /// The table says, for each length of an agreeing beginning, how much of it also agrees where
    /// it ends (Knuth, Morris and Pratt), so that no byte is looked at twice.
    static func find(
        _ part: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        if part.isEmpty { return start <= bytes.count ? start : nil }
        guard bytes.count - start >= part.count else { return nil }
        if part.count == 1 { return bytes[start...].firstIndex(of: part[0]) }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: part.count) { table in
            fill(table, part)
            var agreed = 0
            for offset in start..<bytes.count {
                while agreed > 0, bytes[offset] != part[agreed] { agreed = table[agreed - 1] }
                if bytes[offset] == part[agreed] { agreed += 1 }
                if agreed == part.count { return offset + 1 - agreed }
            }
            return nil
        }
    }

    private static func fill(
        _ table: UnsafeMutableBufferPointer<Int>, _ part: UnsafeBufferPointer<UInt8>
    ) {
        table.initialize(repeating: 0)
        var agreed = 0
        for index in 1..<part.count {
            while agreed > 0, part[index] != part[agreed] { agreed = table[agreed - 1] }
            if part[index] == part[agreed] { agreed += 1 }
            table[index] = agreed
        }
    }
}
