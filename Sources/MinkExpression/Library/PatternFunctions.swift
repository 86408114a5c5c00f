// matches, regex.extract, regex.extractAll, regex.replace.
enum PatternFunctions {
    private static let test = Signature(.string, .string, gives: .bool)

    static let all: [LibraryFunction] = [
        .member("matches", test, body: .pattern(matches)),
        .global("matches", test, body: .pattern(matches)),
        .global(
            "regex.extract", Signature(.string, .string, gives: .optional(.string)),
            body: .pattern(extract)),
        .global(
            "regex.extractAll", Signature(.string, .string, gives: .list(.string)),
            body: .pattern(extractAll)),
        .global(
            "regex.replace", Signature(.string, .string, .string, gives: .string),
            body: .pattern { replace($0, $1, $2, $3[0], limit: .int(-1)) }),
        .global(
            "regex.replace", Signature(.string, .string, .string, .int, gives: .string),
            body: .pattern { replace($0, $1, $2, $3[0], limit: $3[1]) }),
    ]

    @Sendable private static func matches(
        _ machine: Machine, _ pattern: RegularExpression, _ text: Cell, _ rest: [Cell]
    ) -> Cell {
        guard text.tag == .string else { return .noOverload(text) }
        guard charge(machine, text) else { return machine.exhausted }
        return .bool(pattern.matches(text.utf8))
    }

    /// RE2 looks at each byte a bounded number of times.
    private static func charge(_ machine: Machine, _ text: Cell) -> Bool {
        machine.charge(4 + text.count >> 3)
    }

    /// The first group if the pattern has one, else the whole match.
    private static func part(
        _ text: Cell, _ pattern: RegularExpression, from start: Int
    ) -> (whole: Range<Int>, part: Cell?)? {
        let groups = min(pattern.groupCount, 1) + 1
        guard let found = pattern.search(text.utf8, from: start, groups: groups),
            let whole = found[0]
        else { return nil }
        let part = found[groups - 1].map {
            TextFunctions.slice(text, $0.lowerBound, $0.upperBound)
        }
        return (whole, part)
    }

    @Sendable private static func extract(
        _ machine: Machine, _ pattern: RegularExpression, _ text: Cell, _ rest: [Cell]
    ) -> Cell {
        guard text.tag == .string else { return .noOverload(text) }
        guard pattern.groupCount <= 1 else { return .error(.badPattern) }
        guard charge(machine, text) else { return machine.exhausted }
        return part(text, pattern, from: 0)?.part.map(machine.makeSome) ?? .none
    }

    @Sendable private static func extractAll(
        _ machine: Machine, _ pattern: RegularExpression, _ text: Cell, _ rest: [Cell]
    ) -> Cell {
        guard text.tag == .string else { return .noOverload(text) }
        guard pattern.groupCount <= 1 else { return .error(.badPattern) }
        var parts: [Cell] = []
        var start = 0
        while start <= text.count {
            guard charge(machine, text) else { return machine.exhausted }
            guard let found = part(text, pattern, from: start) else { break }
            if let part = found.part { parts.append(part) }
            start = next(text, found.whole)
        }
        return machine.makeList(parts)
    }

    /// Where to look on; an empty match moves on by one code point.
    private static func next(_ text: Cell, _ match: Range<Int>) -> Int {
        guard match.isEmpty else { return match.upperBound }
        var next = match.upperBound + 1
        while next < text.count, text.utf8[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    private static func replace(
        _ machine: Machine, _ pattern: RegularExpression, _ text: Cell, _ new: Cell, limit: Cell
    ) -> Cell {
        guard text.tag == .string, new.tag == .string, limit.tag == .int else {
            return .noOverload(text, new)
        }
        guard let template = ReplacementTemplate(new, groupCount: pattern.groupCount) else {
            return .error(.badArgument)
        }
        var pieces: [Cell] = []
        var (copied, start, left) = (0, 0, limit.int)
        while left != 0, start <= text.count {
            guard charge(machine, text) else { return machine.exhausted }
            guard
                let found = pattern.search(
                    text.utf8, from: start, groups: pattern.groupCount + 1),
                let whole = found[0]
            else { break }
            guard machine.charge(1 + template.parts.count) else { return machine.exhausted }
            pieces.append(TextFunctions.slice(text, copied, whole.lowerBound))
            pieces += template.fill(text, found)
            copied = whole.upperBound
            start = next(text, whole)
            if left > 0 { left -= 1 }
        }
        pieces.append(TextFunctions.slice(text, copied, text.count))
        return TextFunctions.concatenate(machine, pieces)
    }
}

/// What takes the place of a match: text, and groups as `\1`.
private struct ReplacementTemplate {
    enum Part {
        case text(Cell)
        case group(Int)
    }

    private(set) var parts: [Part] = []

    /// `nil` when a group is meant that the pattern does not have.
    init?(_ template: Cell, groupCount: Int) {
        let bytes = template.utf8
        var start = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            parts.append(.text(TextFunctions.slice(template, start, index)))
            guard index + 1 < bytes.count else { return nil }
            let sign = bytes[index + 1]
            if sign.isDigit {
                let group = Int(sign - UInt8(ascii: "0"))
                guard group <= groupCount else { return nil }
                parts.append(.group(group))
            } else if sign == UInt8(ascii: "\\") {
                parts.append(.text(TextFunctions.slice(template, index, index + 1)))
            } else {
                return nil
            }
            index += 2
            start = index
        }
        parts.append(.text(TextFunctions.slice(template, start, bytes.count)))
    }

    func fill(_ text: Cell, _ groups: [Range<Int>?]) -> [Cell] {
        parts.map { part in
            switch part {
            case .text(let cell): cell
            case .group(let index):
                groups[index].map {
                    TextFunctions.slice(text, $0.lowerBound, $0.upperBound)
                } ?? Cell(.string)
            }
        }
    }
}
