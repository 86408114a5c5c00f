// A value while an expression runs: 16 trivial bytes, copied without reference counts.
//
//   bits    the number itself, or the address of the content in the scope's arena
//   length  bytes of a text, elements of a list, entries of a map
//   name    the interned number of a text that names a field; 0 when it has none
//   tag     what it is
//
// An address is valid while its arena is; results that survive are copied into a `Value`.
// An address is kept as a number, so that a cell can be captured by a plan on any thread.

/// What a cell holds.
enum Tag: UInt8, Sendable {
    case error, null, bool, int, uint, double, decimal, string, bytes, list, map, timestamp
    case duration, type, optional
}

/// A value while an expression runs.
struct Cell: Sendable {
    var bits: UInt64
    var length: UInt32
    var name: UInt16
    var tag: Tag

    @inline(__always)
    init(_ tag: Tag, bits: UInt64 = 0, length: UInt32 = 0, name: UInt16 = 0) {
        self.bits = bits
        self.length = length
        self.name = name
        self.tag = tag
    }

    static let null = Cell(.null)
    static let none = Cell(.optional)

    @inline(__always) static func bool(_ value: Bool) -> Cell { Cell(.bool, bits: value ? 1 : 0) }

    @inline(__always) static func int(_ value: Int64) -> Cell {
        Cell(.int, bits: UInt64(bitPattern: value))
    }

    @inline(__always) static func uint(_ value: UInt64) -> Cell { Cell(.uint, bits: value) }

    @inline(__always) static func double(_ value: Double) -> Cell {
        Cell(.double, bits: value.bitPattern)
    }

    static func timestamp(_ value: Timestamp) -> Cell {
        Cell(
            .timestamp, bits: UInt64(bitPattern: value.seconds),
            length: UInt32(bitPattern: value.nanoseconds))
    }

    /// A span of time in nanoseconds; 292 years are the most.
    static func duration(nanoseconds: Int64) -> Cell {
        Cell(.duration, bits: UInt64(bitPattern: nanoseconds))
    }
}

// MARK: - Reading

extension Cell {
    @inline(__always) var isError: Bool { tag == .error }
    @inline(__always) var bool: Bool { bits != 0 }
    @inline(__always) var int: Int64 { Int64(bitPattern: bits) }
    @inline(__always) var uint: UInt64 { bits }
    @inline(__always) var double: Double { Double(bitPattern: bits) }
    @inline(__always) var count: Int { Int(length) }
    var nanoseconds: Int64 { Int64(bitPattern: bits) }
    var isNone: Bool { tag == .optional && length == 0 }

    /// The moment; the start of the year 1 for what is none.
    var timestamp: Timestamp? {
        Timestamp(seconds: int, nanoseconds: Int32(bitPattern: length))
    }

    @inline(__always) private var address: UInt { UInt(truncatingIfNeeded: bits) }

    /// The bytes of a text, of bytes or of a type's name.
    @inline(__always) var utf8: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: UnsafePointer(bitPattern: address), count: count)
    }

    /// The elements of a list, or the one of an optional.
    @inline(__always) var elements: UnsafeBufferPointer<Cell> {
        UnsafeBufferPointer(start: UnsafePointer(bitPattern: address), count: count)
    }

    /// The entries of a map.
    @inline(__always) var entries: UnsafeBufferPointer<CellEntry> {
        UnsafeBufferPointer(start: UnsafePointer(bitPattern: address), count: count)
    }

    /// The number of a decimal.
    var decimal: ExactDecimal {
        UnsafeBufferPointer<ExactDecimal>(
            start: UnsafePointer(bitPattern: address), count: 1)[0]
    }

    /// The text as a Swift string.
    var text: String { String(decoding: utf8, as: UTF8.self) }

    /// The name of the value's type, as `type()` gives it.
    var typeName: StaticString {
        switch tag {
        case .error: "error"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .decimal: "decimal"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .type: "type"
        case .optional: "optional_type"
        }
    }

    /// A cell for a type's name, whose text lives as long as the program.
    static func type(_ name: StaticString) -> Cell {
        Cell(
            .type, bits: UInt64(UInt(bitPattern: name.utf8Start)),
            length: UInt32(truncatingIfNeeded: name.utf8CodeUnitCount))
    }
}

/// One entry of a map.
struct CellEntry: Sendable {
    var key: Cell
    var value: Cell
}
