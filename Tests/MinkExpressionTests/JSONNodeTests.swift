import MinkExpression
import Testing

@Suite("A node of a JSON text")
struct JSONNodeTests {
    @Test func `leads to its members and elements`() throws {
        let document = document(
            #"{"a": [1, {"b": "x"}], "c/~": true, "c/~": null, "\u0061b": 2.50}"#)
        let root = try #require(document.root)

        #expect(root.members.map(\.name) == ["a", "c/~", "c/~", "ab"])
        #expect(root["a"]?.elements.map(\.kind) == [.number, .object])
        #expect(root["c/~"]?.kind == .null)
        #expect(root["ab"]?.numberToken == "2.50")
        #expect(root["ab"]?.decimal?.description == "2.50")
        #expect(root["A"] == nil)
        #expect(root["a"]?["b"] == nil)
        #expect(Array(root["ab"]?.members.map(\.name) ?? []) == [])
    }

    @Test func `knows its JSON pointer`() throws {
        let document = document(#"{"a": [1, {"b": "x"}], "c/~": {"": [[], 3]}}"#)
        let root = try #require(document.root)
        let list = try #require(root["a"])
        let inner = try #require(list.elements.map { $0 }.last)
        let odd = try #require(root["c/~"]?[""]?.elements.map { $0 }.last)

        #expect(root.pointer == "")
        #expect(list.pointer == "/a")
        #expect(inner.pointer == "/a/1")
        #expect(inner["b"]?.pointer == "/a/1/b")
        #expect(inner.members.map(\.nameNode.pointer) == ["/a/1/b"])
        #expect(odd.pointer == "/c~1~0//1")
    }

    @Test func `maps each byte of its text to where it is written`() throws {
        let text = #"["é\"\nb\u00e9\ud83d\ude00z"]"#
        let node = try #require(document(text).root?.elements.first { _ in true })
        let decoded = try #require(node.text)

        #expect(decoded == "é\"\nbé😀z")
        let starts = decoded.unicodeScalars.indices.map { index in
            node.sourceByte(
                ofDecodedByte: decoded.utf8.distance(from: decoded.startIndex, to: index))
        }
        #expect(starts == [2, 4, 6, 8, 9, 15, 27])
        #expect(node.sourceByte(ofDecodedByte: 1) == 3)
        #expect(node.sourceByte(ofDecodedByte: decoded.utf8.count) == 28)
        #expect(node.sourceByte(ofDecodedByte: 1_000) == 28)
        #expect(node.sourceByte(ofDecodedByte: -1) == 2)
    }

    @Test func `has a place in lines and columns`() {
        let document = document("\u{FEFF}[\r\n  \"é\u{1F600}\", 1\n]")

        #expect(document.position(ofByte: 3).description == "1:1")
        #expect(document.position(ofByte: 8).description == "2:3")
        #expect(document.position(ofByte: 9).description == "2:4")
        #expect(document.position(ofByte: 10).description == "2:4")
        #expect(document.position(ofByte: 11).description == "2:5")
        #expect(document.position(ofByte: 18).description == "2:9")
        #expect(document.position(ofByte: 99).description == "3:2")
        #expect(document.position(ofByte: -1).description == "1:1")
        #expect(document.range(ofLine: 2) == 6..<19)
        #expect(document.range(ofLine: 4) == nil)
    }

    @Test(
        arguments: [
            ("1", .int(1)), ("-0", .int(0)), ("1.0", .double(1)), ("1e2", .double(100)),
            ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("-0.0", .double(-0.0)),
            ("0.1", .double(0.1)), ("123456789012345678.5", .double(123456789012345678.5)),
            ("true", true), ("null", .null), (#""a\u0000""#, "a\u{0}"), ("[]", []),
            (#"{"a":{"b":[1,"x"]}}"#, ["a": ["b": [1, "x"]]]), (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, Value)])
    func `turns into a value`(text: String, value: Value) {
        #expect(document(text).root?.value == value)
    }
}
