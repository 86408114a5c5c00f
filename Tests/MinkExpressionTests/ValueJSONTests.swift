import MinkExpression
import Testing

@Suite("A value out of JSON")
struct ValueFromJSONTests {
    /// What is refused, and where the mistake stands.
    @Test(arguments: [
        ("", "1:1"), ("{\"a\": 1, \"a\": 2}", "1:10"), ("[1 /* x */]", "1:4"), ("[1,]", "1:3"),
        (#"["a\u0000b"]"#, "1:4"), (#"{"\u0000": 1}"#, "1:3"), (#"["\ud800"]"#, "1:3"),
        ("\n [123456789012345678901234567890123456789]", "2:3"), ("[1e309]", "1:2"),
        ("[1e-309]", "1:2"), ("[0e400]", "1:2"), ("[123e307]", "1:2"), ("[1.8e308]", "1:2"),
        ("[0.000000000000000000001e-300]", "1:2"), ("1 2", "1:3"),
        (String(repeating: "[", count: 129) + String(repeating: "]", count: 129), "1:129"),
        ("\"" + String(repeating: "a", count: 1 << 20) + "\"", "1:1"),
    ])
    func `is refused where a store could not keep it`(text: String, place: String) {
        let error = #expect(throws: JSONError.self) { try Value(json: text) }

        #expect(error.map { "\($0.line):\($0.column)" } == place)
    }

    @Test(
        arguments: [
            ("{\"a\": [1, 2.5, \"\\u00e9\"]}", ["a": [1, 2.5, "é"]]), ("1e308", 1e308),
            ("1e-308", 1e-308), ("12345678901234567890123456789012345678", 1.2345678901234568e37),
            ("\u{FEFF}true", true),
        ] as [(String, Value)])
    func `is what is written`(text: String, value: Value) throws {
        #expect(try Value(json: text) == value)
    }

    @Test func `keeps decimals exactly when asked to`() throws {
        let text = "[19.99, 1, 12345678901234567890, 1e300]"

        let value = try Value(json: [UInt8](text.utf8), numbers: .exact)

        #expect(
            value == [
                .decimal(try decimal("19.99")), 1, .decimal(try decimal("12345678901234567890")),
                1e300,
            ])
    }

    @Test func `says what is wrong and where`() {
        let error = #expect(throws: JSONError.self) { try Value(json: "{\"a\": tru}") }

        #expect(error?.description == #"1:7: expected a value, found "tru""#)
    }
}

@Suite("A value as JSON")
struct ValueAsJSONTests {
    @Test func `is plain for people`() throws {
        let value = Value.object([
            "z": .decimal(try decimal("12.50")), "a": .list([1, 1.0, 1e16, 1e-5, nil, true]),
            "t": .timestamp(try #require(Timestamp("2026-01-01T00:00:00.5Z"))),
            "d": .duration(.seconds(5_400)), "b": .bytes([1, 2, 3]), "u": .uint(.max),
            "n": .list([.double(.nan), .double(.infinity), .double(-.infinity)]),
            "s": "a\"\\\n\u{1}é\u{7F}", "y": .type("int"),
        ])

        #expect(
            value.json == #"{"z":12.50,"a":[1,1.0,1e+16,1e-05,null,true],"#
                + #""t":"2026-01-01T00:00:00.5Z","d":"1h30m","b":"AQID","u":18446744073709551615,"#
                + #""n":["NaN","Infinity","-Infinity"],"s":"a\"\\\n\u0001é"#
                + "\u{7F}\",\"y\":\"int\"}")
    }

    @Test func `writes the keys of a map as texts, each once`() {
        var map = ValueMap()
        map[.int(1)] = "one"
        map[.bool(true)] = "yes"
        map[.string("1")] = "last"

        #expect(Value.map(map).json == #"{"1":"last","true":"yes"}"#)
    }

    @Test func `has one canonical form by value`() throws {
        let one = Value.object([
            "b": .decimal(try decimal("7.00")), "a": 7, "é": 7.0, "B": .uint(7), "c": 0.5,
        ])

        #expect(one.canonicalJSON == #"{"B":7,"a":7,"b":7,"c":0.5,"é":7}"#)
        #expect(Value.double(-0.0).canonicalJSON == "0")
        #expect(Value.double(1e16).canonicalJSON == "1e+16")
        #expect(Value.duration(.milliseconds(1_500)).canonicalJSON == "\"1.5s\"")
    }

    @Test func `reads back as what it was, where JSON has the type`() throws {
        let value: Value = ["a": [1, 2.5, -0.0, "x\u{1F600}\n", nil, false], "b": [:]]

        #expect(try Value(json: value.json) == value)
    }

    @Test func `is always JSON`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let value = Value.random(using: &generator)
            for text in [value.json, value.canonicalJSON] {
                #expect(!document(text, limits: .library).hasErrors, "\(text)")
            }
        }
    }
}

@Suite("The stored form of a value")
struct ValueStoredTests {
    @Test func `reads back the same, whatever the value`() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<10_000 {
            let value = Value.random(using: &generator)
            let stored = value.storedJSON

            let back = try Value(storedJSON: stored)

            #expect(back == value, "\(String(decoding: stored, as: UTF8.self))")
        }
    }

    @Test(
        arguments: [
            (.int(7), "7"), (.double(7), "7.0"), (.double(1e16), #"{"$double":"1e+16"}"#),
            (.double(.infinity), #"{"$double":"0x7ff0000000000000"}"#),
            (.uint(7), #"{"$uint":7}"#), (["$uint": 7], #"{"$$uint":7}"#),
            (["$$a": 7], #"{"$$$a":7}"#), (["$a": 1, "b": 2], #"{"$a":1,"b":2}"#),
            (.duration(.milliseconds(-250)), #"{"$duration":"-0.25"}"#),
            (.bytes([255]), #"{"$bytes":"/w=="}"#), (.type("int"), #"{"$type":"int"}"#),
        ] as [(Value, String)])
    func `is short`(value: Value, text: String) {
        #expect(String(decoding: value.storedJSON, as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", "[", #"{"$uint":-1}"#, #"{"$uint":1.5}"#, #"{"$uint":"1"}"#, #"{"$other":1}"#,
        #"{"$decimal":"x"}"#, #"{"$decimal":1.5}"#, #"{"$timestamp":"2026"}"#, #"{"$map":1}"#,
        #"{"$map":[[1]]}"#, #"{"$map":[[1,2],[1,3]]}"#, #"{"$map":[[1.5,2]]}"#, #"{"$bytes":"A"}"#,
        #"{"$duration":"1h"}"#, #"{"$duration":"."}"#, #"{"$double":"x"}"#, #"{"a":1,"a":2}"#,
        #"{"$duration":"999999999999999999999"}"#, #"[{"$type":1}]"#,
    ])
    func `is refused when it is something else`(text: String) {
        #expect(throws: JSONError.self) { try Value(storedJSON: [UInt8](text.utf8)) }
    }

    @Test func `goes on behind other bytes`() {
        var bytes = [UInt8]("x".utf8)

        Value.list([1, "a"]).storedJSON(into: &bytes)

        #expect(String(decoding: bytes, as: UTF8.self) == #"x[1,"a"]"#)
    }

    /// A value nested so deep, in maps whose stored form needs three levels for each.
    private func nested(_ levels: Int) -> Value {
        (0..<levels).reduce(.int(1)) { value, _ in
            .map(ValueMap(unique: [.init(key: .int(1), value: value)]))
        }
    }

    @Test func `reads back from any depth that an event may have, and is bounded`() throws {
        let deep = nested(128)

        #expect(try Value(storedJSON: deep.storedJSON) == deep)
        #expect(!deep.isDeeper(than: 128))
        #expect(deep.isDeeper(than: 127))
        #expect(throws: JSONError.self) { try Value(storedJSON: nested(171).storedJSON) }
    }
}

@Suite("Base64")
struct ValueBase64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `is written and read as RFC 4648 says`(plain: String, text: String) {
        #expect(Base64.encode([UInt8](plain.utf8)) == text)
        #expect(Base64.decode(text) == [UInt8](plain.utf8))
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Z===", "Zg==Zg==", "Zm 9", "-_-_"])
    func `is refused in any other form`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
