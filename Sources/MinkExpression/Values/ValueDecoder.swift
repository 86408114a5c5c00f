// Makes `Decodable` types from values, without Foundation.
//
// Exact where the encoder was exact; besides, it takes what a person would take for the same
// thing: a whole number where a decimal is wanted, the text of a timestamp where that is wanted.

/// Makes what is `Decodable` from a value.
package enum ValueDecoder {
    /// The instance that a value describes.
    ///
    /// - Throws: ``ValueCodingError`` with the place in the value if it does not fit.
    package static func decode<T: Decodable>(
        _ type: T.Type, from value: Value
    ) throws(ValueCodingError) -> T {
        do {
            return try ValueSource().decode(type, from: value)
        } catch {
            throw ValueCodingError(error)
        }
    }
}

/// The values that are being decoded: a stack, the innermost last.
final class ValueSource {
    // Every access comes from the one thread that decodes, and none happens inside another one.
    @exclusivity(unchecked) private var values: [Value] = []

    func value(at depth: Int) -> Value { values[depth] }

    /// Decodes a value whole: afterwards the stack is as it was.
    func decode<T: Decodable>(_ type: T.Type, from value: Value) throws -> T {
        // Compares types by identity, without an optional of `T`: this runs for every member.
        if T.self == Value.self { return unsafeBitCast(value, to: T.self) }
        if T.self == String.self { return unsafeBitCast(try value.text(), to: T.self) }
        if T.self == ExactDecimal.self { return unsafeBitCast(try value.decimal(), to: T.self) }
        if T.self == Timestamp.self { return unsafeBitCast(try value.timestamp(), to: T.self) }
        if T.self == Duration.self { return unsafeBitCast(try value.duration(), to: T.self) }
        if T.self == ValueMap.self { return unsafeBitCast(try value.map(), to: T.self) }
        if case .bytes(let bytes) = value, T.self == [UInt8].self {
            return unsafeBitCast(bytes, to: T.self)
        }
        let depth = push(value)
        defer { values.removeSubrange(depth...) }
        return try T(from: SourceDecoder(source: self, depth: depth))
    }

    /// Puts a value on the stack, until the decoding of what it belongs to is over.
    func push(_ value: Value) -> Int {
        values.append(value)
        return values.count - 1
    }
}

extension Value {
    /// What kind of value this is, in words with an article.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .uint: "a whole number"
        case .double: "a number"
        case .decimal: "a decimal"
        case .string: "a text"
        case .bytes: "bytes"
        case .list: "a list"
        case .map: "an object"
        case .timestamp: "a timestamp"
        case .duration: "a duration"
        case .type: "a type"
        }
    }

    private func mismatch(_ expected: String) -> ValueCodingError {
        ValueCodingError("expected \(expected), found \(kind)")
    }

    func map() throws(ValueCodingError) -> ValueMap {
        guard case .map(let map) = self else { throw mismatch("an object") }
        return map
    }

    func list() throws(ValueCodingError) -> [Value] {
        guard case .list(let list) = self else { throw mismatch("a list") }
        return list
    }

    func bool() throws(ValueCodingError) -> Bool {
        guard case .bool(let bool) = self else { throw mismatch("a boolean") }
        return bool
    }

    func text() throws(ValueCodingError) -> String {
        switch self {
        case .string(let text): text
        case .timestamp(let timestamp): timestamp.description
        case .duration(let duration): DurationText.format(duration)
        default: throw mismatch("a text")
        }
    }

    func double() throws(ValueCodingError) -> Double {
        switch self {
        case .double(let number): number
        case .int(let number): Double(number)
        case .uint(let number): Double(number)
        case .decimal(let number): number.double
        default: throw mismatch("a number")
        }
    }

    func integer<T: FixedWidthInteger>(_ type: T.Type) throws(ValueCodingError) -> T {
        let (fitting, text): (T?, String) =
            switch self {
            case .int(let number): (T(exactly: number), "\(number)")
            case .uint(let number): (T(exactly: number), "\(number)")
            case .double(let number): (T(exactly: number), "\(number)")
            case .decimal(let number):
                (number.exactInt64.flatMap { T(exactly: $0) }, number.description)
            default: throw mismatch("a whole number")
            }
        guard let fitting else {
            throw ValueCodingError("\(text) is no whole number of \(T.min) to \(T.max)")
        }
        return fitting
    }

    func decimal() throws(ValueCodingError) -> ExactDecimal {
        switch self {
        case .decimal(let number): return number
        case .int(let number): return ExactDecimal(number)
        case .uint(let number): return ExactDecimal(number)
        case .string(let text):
            if let number = ExactDecimal(text) { return number }
            throw ValueCodingError("the text is no decimal number")
        default: throw mismatch("a decimal")
        }
    }

    func timestamp() throws(ValueCodingError) -> Timestamp {
        switch self {
        case .timestamp(let timestamp): return timestamp
        case .string(let text):
            if let timestamp = Timestamp(text) { return timestamp }
            throw ValueCodingError("the text is no timestamp like 2026-01-31T09:30:00Z")
        default: throw mismatch("a timestamp")
        }
    }

    func duration() throws(ValueCodingError) -> Duration {
        switch self {
        case .duration(let duration): return duration
        case .string(let text):
            if let duration = DurationText.parse(text) { return duration }
            throw ValueCodingError("the text is no duration like 1h30m")
        default: throw mismatch("a duration")
        }
    }
}
