import Foundation
import MinkExpression
import Testing

@Suite("Any bytes at all")
struct JSONFuzzTests {
    private static let builtIn = [
        #"{"a": [1, -2.5e3, "x\"\n\u00e9\ud83d\ude00", true, null], "b": {"c": {}, "c": []}}"#,
        "{'a': NaN, // note\n b: \u{201C}text\u{201D}, \"open: 1,\n \"tab\t\": 01, }",
        "\u{FEFF}[{\"goto\": \"Paid\"} {\"fail\": \"é\u{1F600}\"},, ]]",
    ]
    private static let tokens =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "'", "/*", "*/", "//", "\n", "\t", "\\u",
            "\\ud83d",
            "\\ude00", "1e999", "-", "true", "NaN", "\u{201C}", "\u{201D}", "\"a\":", "\u{FEFF}",
            "\0",
        ].map { [UInt8]($0.utf8) } + [
            [0x80], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0xF4, 0x90],
        ]

    private static func seeds() throws -> [[UInt8]] {
        let folder = JSONTestData.suite
        let files = try JSONTestData.names(in: folder)
            .map { try JSONTestData.bytes(of: $0, in: folder) }
        return builtIn.map { [UInt8]($0.utf8) } + files.filter { $0.count < 200 }
    }

    @Test(arguments: [UInt64(1), 2])
    func `are read without a crash, and each mistake lies inside them`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let seeds = try Self.seeds()
        var broken: [String] = []

        for round in 0..<50_000 where broken.isEmpty {
            var bytes = seeds[generator.pick(seeds.count)]
            for _ in 0...generator.pick(4) { mutate(&bytes, &generator) }
            let limits = round % 4 == 0 ? JSONLimits.event : .definition
            let document = JSONDocument(reading: bytes, limits: limits)
            if let violation = Self.violation(in: document) {
                broken.append("\(violation): \(bytes)")
            }
        }

        #expect(broken == [])
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let place = generator.pick(bytes.count + 1)
        let end = min(place + generator.pick(4), bytes.count)
        switch generator.pick(5) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: Self.tokens[generator.pick(Self.tokens.count)], at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: generator.pick(bytes.count + 1))
        default: bytes.removeSubrange(place...)
        }
    }

    /// What is wrong with a document as it was read; `nil` when nothing is.
    private static func violation(in document: JSONDocument) -> String? {
        let bounds = 0...document.source.count
        for problem in document.problems {
            let ranges = [problem.range, problem.related?.range, problem.fix?.range].compactMap(
                \.self)
            for range in ranges where !bounds.contains(range.upperBound) {
                return "\(problem.code) reaches to \(range.upperBound)"
            }
            if document.position(ofByte: problem.range.lowerBound)
                > document.position(ofByte: problem.range.upperBound)
            {
                return "\(problem.code) ends before it begins"
            }
        }
        guard let root = document.root else {
            return document.hasErrors ? nil : "nothing was read, and no mistake found"
        }
        if let violation = violation(at: root) { return violation }
        return document.problems.isEmpty ? violation(ofReadable: root) : nil
    }

    private static func violation(at node: JSONNode) -> String? {
        for member in node.members {
            if !node.range.contains(member.nameRange) || !node.range.contains(member.value.range) {
                return "a member lies outside its object"
            }
            if let violation = violation(at: member.nameNode) ?? violation(at: member.value) {
                return violation
            }
        }
        for element in node.elements {
            if !node.range.contains(element.range) { return "an element lies outside its list" }
            if let violation = violation(at: element) { return violation }
        }
        guard let text = node.text, let content = node.contentRange else { return nil }
        var last = content.lowerBound
        for offset in stride(from: 0, through: text.utf8.count, by: max(1, text.utf8.count / 8)) {
            let byte = node.sourceByte(ofDecodedByte: offset)
            if byte < last || byte > content.upperBound { return "the escape map goes astray" }
            last = byte
        }
        let end = node.sourceByte(ofDecodedByte: text.utf8.count)
        return end == content.upperBound ? nil : "the escape map does not reach the end"
    }

    /// The value of a text without mistakes can be stored.
    private static func violation(ofReadable root: JSONNode) -> String? {
        guard let value = try? Value(storedJSON: root.value.storedJSON) else {
            return "the stored form can not be read"
        }
        return value == root.value ? nil : "the stored form is another value"
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
