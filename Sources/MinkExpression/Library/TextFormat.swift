// "…%s…%.2f…".format([…])
enum TextFormat {
    static let all: [LibraryFunction] = [
        .member(
            "format", Signature(.string, .list(.dynamic), gives: .string),
            body: .binary { machine, text, arguments in
                guard text.tag == .string, arguments.tag == .list else {
                    return .noOverload(text, arguments)
                }
                var formatter = Formatter(machine: machine, arguments: arguments.elements)
                if let failure = formatter.run(text.utf8) { return failure }
                return machine.makeBytes(.string, formatter.output)
            })
    ]
}

/// Writes one formatted text.
private struct Formatter {
    let machine: Machine
    let arguments: UnsafeBufferPointer<Cell>
    var output: [UInt8] = []
    private var next = 0

    /// Lists inside lists deeper than this are refused, to bound the recursion.
    private static let maxDepth = 100

    init(machine: Machine, arguments: UnsafeBufferPointer<Cell>) {
        self.machine = machine
        self.arguments = arguments
    }

    /// Writes the whole text; an error when a clause or its argument is wrong.
    mutating func run(_ text: UnsafeBufferPointer<UInt8>) -> Cell? {
        var position = 0
        while position < text.count {
            let byte = text[position]
            position += 1
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            let precision = readPrecision(text, &position)
            guard position < text.count else { return .error(.badArgument) }
            let letter = text[position]
            position += 1
            if letter == UInt8(ascii: "%") {
                output.append(letter)
            } else if let failure = writeClause(letter, precision) {
                return failure
            }
            guard output.count < EvaluationScope.maxOutputBytes, machine.charge(1) else {
                return .error(.tooLarge)
            }
        }
        return nil
    }

    private func readPrecision(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) -> Int? {
        guard position < text.count, text[position] == UInt8(ascii: ".") else { return nil }
        position += 1
        var number = 0
        while position < text.count, text[position].isDigit {
            number = min(number * 10 + Int(text[position] - UInt8(ascii: "0")), 10_000)
            position += 1
        }
        return number
    }

    private mutating func writeClause(_ letter: UInt8, _ precision: Int?) -> Cell? {
        guard "sdfeboxX".utf8.contains(letter), precision ?? 0 <= 1_000,
            next < arguments.count
        else { return .error(.badArgument) }
        let value = arguments[next]
        next += 1
        let text: String?
        switch letter {
        case UInt8(ascii: "s"): return writeValue(value, depth: 0)
        case UInt8(ascii: "d"): text = decimal(value)
        case UInt8(ascii: "f"), UInt8(ascii: "e"):
            // A number can have hundreds of digits.
            guard machine.charge(64) else { return machine.exhausted }
            text =
                letter == UInt8(ascii: "f")
                ? fixed(value, precision ?? 6) : scientific(value, precision ?? 6)
        case UInt8(ascii: "b"): text = value.tag == .bool ? String(value.bits) : whole(value, 2)
        case UInt8(ascii: "o"): text = whole(value, 8)
        default: text = hexadecimal(value, isUpper: letter == UInt8(ascii: "X"))
        }
        guard let text else { return .noOverload(value) }
        output += text.utf8
        return nil
    }

    private func decimal(_ value: Cell) -> String? {
        switch value.tag {
        case .int, .uint, .decimal: ScalarText.write(value)
        case .double: notFinite(value.double) ?? DoubleText.write(value.double)
        default: nil
        }
    }

    private func notFinite(_ number: Double) -> String? {
        number.isFinite ? nil : DoubleText.write(number)
    }

    private func fixed(_ value: Cell, _ precision: Int) -> String? {
        if value.tag == .decimal, precision <= 38 {
            return value.decimal.rounded(to: precision)?.description
        }
        guard let number = Ordering.approximate(value) else { return nil }
        return notFinite(number) ?? ExactDigits(number).fixed(precision)
    }

    private func scientific(_ value: Cell, _ precision: Int) -> String? {
        guard let number = Ordering.approximate(value) else { return nil }
        return notFinite(number) ?? ExactDigits(number).scientific(precision)
    }

    private func whole(_ value: Cell, _ radix: Int, isUpper: Bool = false) -> String? {
        switch value.tag {
        case .int: String(value.int, radix: radix, uppercase: isUpper)
        case .uint: String(value.uint, radix: radix, uppercase: isUpper)
        default: nil
        }
    }

    private func hexadecimal(_ value: Cell, isUpper: Bool) -> String? {
        guard value.tag == .string || value.tag == .bytes else {
            return whole(value, 16, isUpper: isUpper)
        }
        guard value.count <= EvaluationScope.maxOutputBytes / 2 else { return nil }
        return value.utf8.reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16, uppercase: isUpper)
            text += digits.utf8.count == 1 ? "0" + digits : digits
        }
    }

    private mutating func writeValue(_ value: Cell, depth: Int) -> Cell? {
        guard depth < Self.maxDepth, machine.charge(1),
            output.count + value.count < EvaluationScope.maxOutputBytes
        else { return .error(.tooLarge) }
        switch value.tag {
        case .string, .type: output += value.utf8
        case .bytes: output += String(decoding: value.utf8, as: UTF8.self).utf8
        case .list: return writeList(value, depth)
        case .map: return writeMap(value, depth)
        case .error, .optional: return .noOverload(value)
        default: output += ScalarText.write(value).utf8
        }
        return nil
    }

    private mutating func writeList(_ list: Cell, _ depth: Int) -> Cell? {
        output.append(UInt8(ascii: "["))
        for (index, element) in list.elements.enumerated() {
            if index > 0 { output += ", ".utf8 }
            if let failure = writeValue(element, depth: depth + 1) { return failure }
        }
        output.append(UInt8(ascii: "]"))
        return nil
    }

    /// Entries are sorted by the texts of their keys, so that equal maps give equal texts.
    private mutating func writeMap(_ map: Cell, _ depth: Int) -> Cell? {
        let sorted = map.entries
            .map { (key: $0.key.tag == .string ? $0.key.text : ScalarText.write($0.key), $0.value) }
            .sorted { $0.key.precedesByBytes($1.key) }
        output.append(UInt8(ascii: "{"))
        for (index, entry) in sorted.enumerated() {
            if index > 0 { output += ", ".utf8 }
            output += "\(entry.key): ".utf8
            if let failure = writeValue(entry.1, depth: depth + 1) { return failure }
        }
        output.append(UInt8(ascii: "}"))
        return nil
    }
}
