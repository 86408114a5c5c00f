// The values of a statement in PostgreSQL's binary form, in the order of their dollar numbers:
//
//   Parameters().add(lane).add(texts)
import MinkExpression

/// Values that are sent with a statement.
struct Parameters {
    /// The bytes of each value; `nil` is null.
    private(set) var values: [[UInt8]?] = []

    /// An address for values without bytes.
    nonisolated(unsafe) static let anchor = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))

    private func adding(_ value: [UInt8]?) -> Parameters {
        var copy = self
        copy.values.append(value)
        return copy
    }

    func add(_ number: Int64) -> Parameters { adding(Binary.bytes(number)) }

    func add(_ number: Int) -> Parameters { add(Int64(number)) }

    func add(_ flag: Bool) -> Parameters { adding([flag ? 1 : 0]) }

    func add(_ text: String?) -> Parameters { adding(text.map(ServerText.bytes)) }

    func add(_ moment: Timestamp) -> Parameters {
        let (microseconds, nanoseconds) = moment.split
        return adding(Binary.bytes(microseconds)).adding(Binary.bytes(nanoseconds))
    }

    func add(_ numbers: [Int64]) -> Parameters {
        adding(Binary.array(of: .int8, numbers) { Binary.bytes($0) })
    }

    func add(_ numbers: [Int64?]) -> Parameters {
        adding(Binary.array(of: .int8, numbers) { $0.map(Binary.bytes) })
    }

    func add(_ numbers: [Int16]) -> Parameters {
        adding(Binary.array(of: .int2, numbers) { Binary.bytes($0) })
    }

    func add(_ flags: [Bool]) -> Parameters {
        adding(Binary.array(of: .bool, flags) { [$0 ? 1 : 0] })
    }

    func add(_ flags: [Bool?]) -> Parameters {
        adding(Binary.array(of: .bool, flags) { $0.map { [$0 ? 1 : 0] } })
    }

    func add(_ texts: [String]) -> Parameters {
        adding(Binary.array(of: .text, texts) { ServerText.bytes($0) })
    }

    func add(_ texts: [String?]) -> Parameters {
        adding(Binary.array(of: .text, texts) { $0.map(ServerText.bytes) })
    }

    func add(_ bodies: [[UInt8]]) -> Parameters {
        adding(Binary.array(of: .bytea, bodies) { $0 })
    }

    func add(_ bodies: [[UInt8]?]) -> Parameters {
        adding(Binary.array(of: .bytea, bodies) { $0 })
    }

    /// Adds two arrays: moments to the microsecond, and the nanoseconds behind them.
    func add(_ moments: [Timestamp?]) -> Parameters {
        let split = moments.map { $0?.split }
        return adding(Binary.array(of: .timestamptz, split) { $0.map { Binary.bytes($0.0) } })
            .adding(Binary.array(of: .int2, split) { $0.map { Binary.bytes($0.1) } })
    }
}

/// PostgreSQL's binary forms.
private enum Binary {
    /// The numbers by which the server knows the types of elements.
    enum Element: Int32 {
        case bool = 16
        case bytea = 17
        case int8 = 20
        case int2 = 21
        case text = 25
        case timestamptz = 1184
    }

    static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    static func array<Value>(
        of element: Element, _ values: [Value], _ encode: (Value) -> [UInt8]?
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + 16 * values.count)
        func append(_ number: Int32) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        append(values.isEmpty ? 0 : 1)
        append(0)  // Whether there are nulls; the server does not trust it and looks itself.
        append(element.rawValue)
        guard !values.isEmpty else { return bytes }
        append(Int32(values.count))
        append(1)
        for value in values {
            guard let value = encode(value) else {
                append(-1)
                continue
            }
            append(Int32(value.count))
            bytes.append(contentsOf: value)
        }
        return bytes
    }
}

extension Timestamp {
    /// Microseconds between 1970, where moments begin here, and 2000, where they begin there.
    private static let epoch: Int64 = 946_684_800_000_000

    /// The moment to the microsecond, as the server counts, and the nanoseconds behind it.
    ///
    /// Years 1 to 9999 stay far from overflow.
    fileprivate var split: (microseconds: Int64, nanoseconds: Int16) {
        (
            seconds * 1_000_000 + Int64(nanoseconds / 1_000) - Self.epoch,
            Int16(nanoseconds % 1_000)
        )
    }

    /// Reads back what ``split`` gave; `nil` outside the calendar.
    init?(serverMicroseconds: Int64, nanoseconds: Int64) {
        let (total, overflow) = serverMicroseconds.addingReportingOverflow(Self.epoch)
        guard !overflow, (0..<1_000).contains(nanoseconds) else { return nil }
        let seconds = total >= 0 ? total / 1_000_000 : (total + 1) / 1_000_000 - 1
        let rest = total - seconds * 1_000_000
        self.init(seconds: seconds, nanoseconds: Int32(rest * 1_000 + nanoseconds))
    }
}
