// An error is a value: its code, up to two types that met, and the part of the expression.
//
//   bits    code in the lowest byte, then the tags of the operands
//   length  1 + the number of the place among the expression's sites; 0 while it is not known

extension Cell {
    static func error(_ code: EvaluationError.Code) -> Cell {
        Cell(.error, bits: UInt64(code.rawValue))
    }

    static func error(_ code: EvaluationError.Code, at site: UInt32) -> Cell {
        Cell(.error, bits: UInt64(code.rawValue), length: site + 1)
    }

    /// No operator or function takes these.
    static func noOverload(_ cells: Cell...) -> Cell {
        var bits = UInt64(EvaluationError.Code.noSuchOverload.rawValue)
        for (index, cell) in cells.prefix(2).enumerated() {
            bits |= (UInt64(cell.tag.rawValue) + 1) << UInt64(8 * (index + 1))
        }
        return Cell(.error, bits: bits)
    }

    /// The error with this place, unless it has one.
    @inline(__always) func located(at site: UInt32) -> Cell {
        guard tag == .error, length == 0 else { return self }
        var located = self
        located.length = site + 1
        return located
    }

    var errorCode: EvaluationError.Code {
        EvaluationError.Code(rawValue: UInt8(truncatingIfNeeded: bits)) ?? .noSuchOverload
    }

    /// The types that met, for the message.
    var errorTypes: [String] {
        [UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits >> 16)]
            .compactMap { $0 == 0 ? nil : Tag(rawValue: $0 - 1) }
            .map { tag in
                switch tag {
                case .timestamp: "timestamp"
                case .duration: "duration"
                case .null: "null"
                case .optional: "optional"
                default: "\(Cell(tag).typeName)"
                }
            }
    }
}
