// Values as JSON that keeps everything: what is written reads back the same, type and form.
//
// What JSON can say stands for itself. The rest is an object with one member, whose name begins
// with "$":
//
//   12.50 (a decimal)         {"$decimal":"12.50"}
//   7u                        {"$uint":7}
//   1e+16, NaN                {"$double":"1e+16"}  {"$double":"0x7ff8000000000000"}
//   a timestamp               {"$timestamp":"2026-01-01T00:00:00Z"}
//   a duration, in seconds    {"$duration":"5400.25"}
//   bytes, a type             {"$bytes":"AQID"}  {"$type":"int"}
//   a map with other keys     {"$map":[[1,"one"],[true,"yes"]]}
//   {"$uint": 7}, an object   {"$$uint":7}
//
// A floating point number stands for itself when its digits have a point and no exponent, so that
// it stays one even in a database that writes numbers its own way.

extension Value {
    /// Appends the value in its stored form.
    package func storedJSON(into bytes: inout [UInt8]) {
        var writer = JSONWriter(behind: bytes)
        bytes = []
        writer.stored(self)
        bytes = writer.bytes
    }

    /// The value in its stored form.
    package var storedJSON: [UInt8] {
        var bytes: [UInt8] = []
        storedJSON(into: &bytes)
        return bytes
    }

    /// Whether lists and maps are nested within this value deeper than so many levels.
    package func isDeeper(than levels: Int) -> Bool {
        switch self {
        case .list(let elements):
            levels <= 0 || elements.contains { $0.isDeeper(than: levels - 1) }
        case .map(let map):
            levels <= 0 || map.entries.contains { $0.value.isDeeper(than: levels - 1) }
        default: false
        }
    }
}

/// The names under which the stored form keeps what JSON cannot say.
enum StoredTag: String {
    case decimal = "$decimal"
    case uint = "$uint"
    case double = "$double"
    case timestamp = "$timestamp"
    case duration = "$duration"
    case bytes = "$bytes"
    case type = "$type"
    case map = "$map"
}

extension JSONWriter {
    /// Writes a value in its stored form.
    package mutating func stored(_ value: Value) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .int(let number): int(number)
        case .string(let text): string(text)
        case .double(let number): storedDouble(number)
        case .uint(let number): tagged(.uint) { $0.int(number) }
        case .decimal(let number): tagged(.decimal) { $0.string(number.description) }
        case .bytes(let bytes): tagged(.bytes) { $0.string(Base64.encode(bytes)) }
        case .timestamp(let moment): tagged(.timestamp) { $0.string(moment.description) }
        case .duration(let span): tagged(.duration) { $0.string(DurationText.seconds(span)) }
        case .type(let name): tagged(.type) { $0.string(name) }
        case .list(let elements):
            beginArray()
            for element in elements { stored(element) }
            endArray()
        case .map(let map): storedMap(map)
        }
    }

    private mutating func tagged(_ tag: StoredTag, _ write: (inout JSONWriter) -> Void) {
        beginObject()
        name(tag.rawValue)
        write(&self)
        endObject()
    }

    private mutating func storedDouble(_ number: Double) {
        let text = number.description
        if !number.isFinite {
            let bits = String(number.bitPattern, radix: 16)
            tagged(.double) { $0.string("0x" + bits) }
        } else if text.utf8.contains(UInt8(ascii: "e")) {
            tagged(.double) { $0.string(text) }
        } else {
            token(text)
        }
    }

    private mutating func storedMap(_ map: ValueMap) {
        guard map.entries.allSatisfy(\.key.isString) else { return storedEntries(map) }
        beginObject()
        for entry in map.entries {
            guard case .string(let name) = entry.key else { continue }
            // Alone, a name with a "$" would be taken for a tag.
            let isTag = map.count == 1 && name.utf8.first == UInt8(ascii: "$")
            self.name(isTag ? "$" + name : name)
            stored(entry.value)
        }
        endObject()
    }

    private mutating func storedEntries(_ map: ValueMap) {
        tagged(.map) { writer in
            writer.beginArray()
            for entry in map.entries {
                writer.beginArray()
                writer.stored(entry.key.value)
                writer.stored(entry.value)
                writer.endArray()
            }
            writer.endArray()
        }
    }
}
