// int(), uint(), double(), decimal(), bool(), string(), bytes(), timestamp(), duration().
enum ConversionFunctions {
    static let all: [LibraryFunction] = [
        conversion("bool", to: .bool, from: [.bool, .string], bool),
        conversion(
            "int", to: .int, from: [.int, .uint, .double, .decimal, .string, .timestamp], int),
        conversion("uint", to: .uint, from: [.uint, .int, .double, .string], uint),
        conversion("double", to: .double, from: [.double, .int, .uint, .decimal, .string], double),
        conversion("decimal", to: .decimal, from: [.decimal, .int, .uint, .string], decimal),
        conversion(
            "string", to: .string,
            from: [
                .string, .bool, .int, .uint, .double, .decimal, .bytes, .timestamp, .duration,
            ], string),
        conversion("bytes", to: .bytes, from: [.bytes, .string], bytes),
        conversion("timestamp", to: .timestamp, from: [.timestamp, .string, .int], timestamp),
        conversion("duration", to: .duration, from: [.duration, .string], duration),
    ]

    private static func conversion(
        _ name: String, to result: ExpressionType, from types: [ExpressionType],
        _ body: @escaping @Sendable (Machine, Cell) -> Cell
    ) -> LibraryFunction {
        LibraryFunction(
            name: name, isMember: false,
            signatures: types.map { Signature(parameters: [$0], result: result) },
            body: .unary(body))
    }

    @Sendable private static func bool(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .bool: return value
        case .string:
            switch value.text {
            case "true", "True", "TRUE", "t", "1": return .bool(true)
            case "false", "False", "FALSE", "f", "0": return .bool(false)
            default: return .error(.badConversion)
            }
        default: return .noOverload(value)
        }
    }

    @Sendable private static func int(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .int: value
        case .uint: made(Int64(exactly: value.uint), or: .overflow, Cell.int)
        case .double: made(whole(value.double), or: .overflow, Cell.int)
        case .decimal: made(value.decimal.truncated, or: .overflow, Cell.int)
        case .string: made(Int64(value.text), or: .badConversion, Cell.int)
        case .timestamp: .int(value.int)
        default: .noOverload(value)
        }
    }

    /// Cuts the digits behind the point; the two ends of the range are refused, as CEL wants.
    private static func whole(_ number: Double) -> Int64? {
        guard number > -0x1p63, number < 0x1p63 else { return nil }
        return Int64(number)
    }

    @Sendable private static func uint(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .uint: return value
        case .int: return made(UInt64(exactly: value.int), or: .overflow, Cell.uint)
        case .double:
            guard value.double >= 0, value.double < 0x1p64 else { return .error(.overflow) }
            return .uint(UInt64(value.double))
        case .string: return made(UInt64(value.text), or: .badConversion, Cell.uint)
        default: return .noOverload(value)
        }
    }

    @Sendable private static func double(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .double: value
        case .int: .double(Double(value.int))
        case .uint: .double(Double(value.uint))
        case .decimal: .double(value.decimal.double)
        case .string: made(DoubleText.parse(value.text), or: .badConversion, Cell.double)
        default: .noOverload(value)
        }
    }

    @Sendable private static func decimal(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .decimal: value
        case .int: machine.makeDecimal(ExactDecimal(value.int))
        case .uint: machine.makeDecimal(ExactDecimal(value.uint))
        case .string:
            made(ExactDecimal(utf8: value.utf8), or: .badConversion, machine.makeDecimal)
        default: .noOverload(value)
        }
    }

    @Sendable private static func string(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .string: return value
        case .bytes:
            guard machine.charge(bytes: value.count) else { return machine.exhausted }
            guard String(validating: value.utf8, as: UTF8.self) != nil else {
                return .error(.badConversion)
            }
            return Cell(.string, bits: value.bits, length: value.length)
        case .bool, .int, .uint, .double, .decimal, .timestamp, .duration:
            return machine.makeText(ScalarText.write(value))
        default: return .noOverload(value)
        }
    }

    @Sendable private static func bytes(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .bytes: value
        case .string: Cell(.bytes, bits: value.bits, length: value.length)
        default: .noOverload(value)
        }
    }

    @Sendable private static func timestamp(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .timestamp: value
        case .string: made(Timestamp(utf8: value.utf8), or: .badConversion, Cell.timestamp)
        case .int: made(Timestamp(seconds: value.int), or: .overflow, Cell.timestamp)
        default: .noOverload(value)
        }
    }

    @Sendable private static func duration(_ machine: Machine, _ value: Cell) -> Cell {
        switch value.tag {
        case .duration: return value
        case .string:
            let text = value.text
            guard let span = DurationText.parse(text) ?? DurationText.parseGo(text) else {
                return .error(.badConversion)
            }
            return made(
                Int64(exactly: span.attoseconds / 1_000_000_000), or: .overflow
            ) { .duration(nanoseconds: $0) }
        default: return .noOverload(value)
        }
    }

    private static func made<Content>(
        _ content: Content?, or code: EvaluationError.Code, _ make: (Content) -> Cell
    ) -> Cell {
        content.map(make) ?? .error(code)
    }
}
