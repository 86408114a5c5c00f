// Cells → value: what leaves the evaluator is copied out of the arena.

/// Copies results out of the arena.
struct CellReader {
    /// Bytes of content that may still be copied; the same text may stand in many places.
    private(set) var left: Int

    init(limit: Int) { left = limit }

    /// The value of a cell; an error for a failed or too large one, `nil` for an absent one.
    mutating func read(_ cell: Cell) -> Result<Value?, CellFailure> {
        do {
            return .success(try value(cell))
        } catch {
            return .failure(error)
        }
    }

    private mutating func value(_ cell: Cell) throws(CellFailure) -> Value? {
        left -= MemoryLayout<Value>.stride
        switch cell.tag {
        case .string, .bytes, .type: left -= cell.count
        default: break
        }
        guard left >= 0 else { throw CellFailure(cell: .error(.tooLarge)) }
        switch cell.tag {
        case .error: throw CellFailure(cell: cell)
        case .null: return .null
        case .bool: return .bool(cell.bool)
        case .int: return .int(cell.int)
        case .uint: return .uint(cell.uint)
        case .double: return .double(cell.double)
        case .decimal: return .decimal(cell.decimal)
        case .string: return .string(cell.text)
        case .bytes: return .bytes(Array(cell.utf8))
        case .type: return .type(cell.text)
        case .timestamp: return cell.timestamp.map(Value.timestamp)
        case .duration: return .duration(.nanoseconds(cell.nanoseconds))
        case .list: return .list(try list(cell))
        case .map: return .map(try map(cell))
        case .optional: return cell.isNone ? nil : try value(cell.elements[0])
        }
    }

    /// Absent elements are left out.
    private mutating func list(_ cell: Cell) throws(CellFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(cell.count)
        for element in cell.elements {
            if let value = try value(element) { values.append(value) }
        }
        return values
    }

    /// Absent entries are left out; no map in the arena has a key twice.
    private mutating func map(_ cell: Cell) throws(CellFailure) -> ValueMap {
        var entries: [ValueMap.Entry] = []
        entries.reserveCapacity(cell.count)
        for entry in cell.entries {
            guard let value = try value(entry.value) else { continue }
            entries.append(ValueMap.Entry(key: key(entry.key), value: value))
        }
        return ValueMap(unique: entries)
    }

    private func key(_ cell: Cell) -> ValueKey {
        switch cell.tag {
        case .int: .int(cell.int)
        case .uint: .uint(cell.uint)
        case .bool: .bool(cell.bool)
        default: .string(cell.text)
        }
    }
}

/// The failed cell that stops a copy.
struct CellFailure: Error {
    let cell: Cell
}
