// The values of a statement in PostgreSQL's binary form, in the order of their dollar numbers:
//
//   Parameters().add(lane).add(texts)
import MinkExpression

/// Values that are sent with a statement.
struct Parameters {
    /// The bytes of each value; `nil` is null.
    private(set) var values: [[UInt8]?] = []

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
        adding(Binary.array(of: .int8, numbers) { $1.put($0) })
    }

    func add(_ numbers: [Int64?]) -> Parameters {
        adding(Binary.array(of: .int8, numbers) { number, bytes in number.map { bytes.put($0) } })
    }

    func add(_ numbers: [Int16]) -> Parameters {
        adding(Binary.array(of: .int2, numbers) { $1.put($0) })
    }

    func add(_ flags: [Bool]) -> Parameters {
        adding(Binary.array(of: .bool, flags) { $1.append($0 ? 1 : 0) })
    }

    func add(_ flags: [Bool?]) -> Parameters {
        adding(
            Binary.array(of: .bool, flags) { flag, bytes in flag.map { bytes.append($0 ? 1 : 0) } })
    }

    func add(_ texts: [String]) -> Parameters {
        adding(Binary.array(of: .text, texts) { ServerText.append($0, to: &$1) })
    }

    func add(_ texts: [String?]) -> Parameters {
        adding(
            Binary.array(of: .text, texts) { text, bytes in
                text.map { ServerText.append($0, to: &bytes) }
            })
    }

    /// Adds UUIDs, each as its 16 bytes.
    func add(uuids: [[UInt8]]) -> Parameters {
        adding(Binary.array(of: .uuid, uuids) { $1 += $0 })
    }

    func add(_ bodies: [[UInt8]]) -> Parameters {
        adding(Binary.array(of: .bytea, bodies) { $1 += $0 })
    }

    func add(_ bodies: [[UInt8]?]) -> Parameters {
        adding(Binary.array(of: .bytea, bodies) { body, bytes in body.map { bytes += $0 } })
    }

    /// Adds two arrays: moments to the microsecond, and the nanoseconds behind them.
    func add(_ moments: [Timestamp?]) -> Parameters {
        let microseconds = Binary.array(of: .timestamptz, moments) { moment, bytes in
            moment.map { bytes.put($0.split.microseconds) }
        }
        let nanoseconds = Binary.array(of: .int2, moments) { moment, bytes in
            moment.map { bytes.put($0.split.nanoseconds) }
        }
        return adding(microseconds).adding(nanoseconds)
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
        case uuid = 2950
    }

    static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// An array of one dimension; an element for which nothing is written, as `nil` tells, is null.
    static func array<Value>(
        of element: Element, _ values: [Value], _ write: (Value, inout [UInt8]) -> Void?
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + 16 * values.count)
        bytes.put(Int32(values.isEmpty ? 0 : 1))
        bytes.put(Int32(0))  // Whether there are nulls; the server looks itself.
        bytes.put(element.rawValue)
        guard !values.isEmpty else { return bytes }
        bytes.put(Int32(values.count))
        bytes.put(Int32(1))
        for value in values {
            let place = bytes.count
            bytes.put(Int32(-1))
            guard write(value, &bytes) != nil else { continue }
            let length = UInt32(bytes.count - place - 4)
            for index in 0..<4 {
                bytes[place + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index))
            }
        }
        return bytes
    }
}

extension [UInt8] {
    /// Appends a number, its greatest byte first.
    fileprivate mutating func put(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
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
