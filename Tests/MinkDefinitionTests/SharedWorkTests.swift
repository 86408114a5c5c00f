// What is computed once, or only when somebody asks, says the same as if it were computed each time.
import Testing

@testable import MinkDefinition
@testable import MinkExpression

@Suite("Shared work")
struct SharedWorkTests {
    private let repeated = """
        { "workflow": "Twice", "version": 1, "description": "d", "correlateBy": "id",
          "data": { "id": "string", "total": "decimal" },
          "events": { "Asked": { "fields": { "id": "string", "total": "decimal" } },
                      "Paid": { "fields": { "id": "string", "amount": "decimal" } },
                      "Sent": { "fields": { "id": "string" } } },
          "start": { "Asked": { "set": { "id": "= event.id", "total": "= event.total" },
                                "goto": "A" } },
          "states": {
            "A": { "description": "d", "timeout": { "after": "1h", "goto": "C" },
                   "on": { "Paid": [{ "when": "CONDITION", "goto": "B" }] } },
            "B": { "description": "d", "timeout": { "after": "1h", "goto": "C" },
                   "on": { "Paid": [{ "when": "CONDITION", "goto": "C" }], "Sent": ELSE } },
            "C": { "final": "completed" } } }
        """

    private func findings(_ condition: String, else other: String) -> [(Rule, String)] {
        Samples.read(
            repeated.replacing("CONDITION", with: condition).replacing("ELSE", with: other)
        ).findings.map { ($0.rule, $0.span.pointer) }
    }

    @Test func `names a mistake of an expression at each place that repeats it`() {
        let found = findings("event.ammount > 0", else: #"{ "goto": "C" }"#)

        #expect(
            found.filter { $0.0 == .unknownField }.map(\.1) == [
                "/states/A/on/Paid/0/when", "/states/B/on/Paid/0/when",
            ])
    }

    @Test func `judges one text by the event of its place`() {
        let found = findings(
            "event.amount > 0", else: #"[{ "when": "event.amount > 0", "goto": "C" }]"#)

        #expect(
            found.filter { $0.0 == .unknownField }.map(\.1) == ["/states/B/on/Sent/0/when"])
    }

    @Test func `says of each list with equal guards that nothing may match`() {
        let found = findings("event.amount > data.total", else: #"{ "goto": "C" }"#)

        #expect(
            found.filter { $0.0 == .missingOtherwise }.map(\.1) == [
                "/states/A/on/Paid/0", "/states/B/on/Paid/0",
            ])
    }

    @Test func `finds the same without fingerprints, and tells none`() {
        var options = DefinitionReader.Options()
        options.fingerprints = false
        let text = repeated.replacing("CONDITION", with: "event.amount > 0")
            .replacing("ELSE", with: #"{ "goto": "C" }"#)
        let input = DefinitionReader.Input(file: "a.workflow.json", bytes: Array(text.utf8))
        let (with, without) = (
            DefinitionReader().read(input), DefinitionReader(options: options).read(input)
        )

        #expect(with.findings == without.findings)
        #expect(with.identity?.fingerprint.utf8.count == 64)
        #expect(without.identity == nil)
    }

    @Test func `has each place of a file as a walk to it would`() throws {
        let text = "{ \"a/b~\": [1, { \"ä\\n\": null }],\n  \"\": { \"c\": [[], \"x\"] } }"
        let document = JSONDocument(reading: Array(text.utf8))
        let source = SourceText(file: "f", bytes: Array(text.utf8))
        let pointers = JSONPointers(of: document)
        var open = [try #require(document.root)]
        var seen: [String] = []
        while let node = open.popLast() {
            seen.append(node.pointer)
            #expect(pointers.pointer(ofByte: node.range.lowerBound) == node.pointer)
            let span = source.span(node.range, pointer: node.pointer)
            #expect(SourcePlace(of: node, in: source) == span.place)
            #expect(SourcePlace(of: node, in: source).description == "\(span.place)")
            open += node.members.map(\.value) + Array(node.elements)
        }
        #expect(
            seen.sorted()
                == [
                    "", "/", "/a~1b~0", "/a~1b~0/0", "/a~1b~0/1", "/a~1b~0/1/ä\n", "//c", "//c/0",
                    "//c/1",
                ].sorted())
    }

    @Test(arguments: 0..<20)
    func `finds bytes by words as one by one`(count: Int) {
        for place in 0..<max(1, count) {
            var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
            #expect(bytes.isASCII)
            #expect(bytes.places(of: 0x0A).isEmpty)
            guard place < count else { continue }
            bytes[place] = 0x0A
            #expect(bytes.places(of: 0x0A) == [place])
            bytes[count - 1] = 0x0A
            #expect(bytes.places(of: 0x0A) == (place == count - 1 ? [place] : [place, count - 1]))
            bytes[place] = 0x80
            #expect(!bytes.isASCII)
        }
    }
}
