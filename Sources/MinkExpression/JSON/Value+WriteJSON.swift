// Values as JSON for people and receivers, and in a canonical form for comparing.
//
// Both forget types that JSON does not have; `storedJSON` keeps them.

extension Value {
    /// The value as JSON without white space, for people and receivers of messages.
    ///
    /// Decimals are exact number texts, timestamps RFC 3339 texts, durations texts like `1h30m`,
    /// bytes base64 texts, and floating point numbers the shortest form that reads back the same,
    /// with a point or an exponent. The floating point values that JSON lacks are the texts `NaN`,
    /// `Infinity` and `-Infinity`. Keys of a map that are no texts are written as such.
    public var json: String {
        var writer = JSONWriter()
        writer.value(self)
        return writer.text
    }

    /// The value as JSON in one form for all equal values: names sorted by bytes, no white space,
    /// numbers by value.
    ///
    /// 7, 7.0 and 7.00 are written alike, whatever their types.
    package var canonicalJSON: String {
        var writer = JSONWriter()
        writer.canonical(self)
        return writer.text
    }
}

extension JSONWriter {
    /// Writes a value as ``Value/json`` says.
    package mutating func value(_ value: Value) {
        write(value, isCanonical: false)
    }

    /// Writes a value as ``Value/canonicalJSON`` says.
    package mutating func canonical(_ value: Value) {
        write(value, isCanonical: true)
    }

    private mutating func write(_ value: Value, isCanonical: Bool) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .int(let number): int(number)
        case .uint(let number): int(number)
        case .double(let number): double(number, isCanonical: isCanonical)
        case .decimal(let number): token((isCanonical ? number.canonical : number).description)
        case .string(let text), .type(let text): string(text)
        case .bytes(let bytes): string(Base64.encode(bytes))
        case .timestamp(let moment): string(moment.description)
        case .duration(let span):
            string(isCanonical ? DurationText.seconds(span) + "s" : DurationText.format(span))
        case .list(let elements):
            beginArray()
            for element in elements { write(element, isCanonical: isCanonical) }
            endArray()
        case .map(let map):
            beginObject()
            for (key, value) in map.namedEntries(sorted: isCanonical) {
                name(key)
                write(value, isCanonical: isCanonical)
            }
            endObject()
        }
    }

    private mutating func double(_ number: Double, isCanonical: Bool) {
        if number.isNaN {
            string("NaN")
        } else if number.isInfinite {
            string(number < 0 ? "-Infinity" : "Infinity")
        } else if isCanonical, abs(number) < 0x1p53, Double(Int64(number)) == number {
            int(Int64(number))
        } else {
            token(number.description)
        }
    }
}

extension ValueMap {
    /// The entries with their keys as texts, each text once.
    fileprivate func namedEntries(sorted: Bool) -> [(String, Value)] {
        var named = entries
        if !entries.allSatisfy(\.key.isString) {
            named =
                entries.reduce(into: ValueMap()) { map, entry in
                    map[.string(entry.key.text)] = entry.value
                }.entries
        }
        let pairs = named.map { ($0.key.text, $0.value) }
        return sorted ? pairs.sorted { $0.0.precedesByBytes($1.0) } : pairs
    }
}

extension ValueKey {
    /// The key as a text: `id`, `7`, `true`.
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .bool(let flag): String(flag)
        }
    }
}
