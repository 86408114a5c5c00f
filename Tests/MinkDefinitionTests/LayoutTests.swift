// The one layout of a file: what it looks like, and that it changes nothing else.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("The layout of a file")
struct LayoutTests {
    private func laidOut(_ text: String) throws -> String {
        let layout = FileLayout(file: "t.json", bytes: Array(text.utf8))
        #expect(layout.isFaithful)
        return try #require(layout.text, "\(TextRenderer().render(layout.findings))")
    }

    /// The text without the white space between its tokens.
    private func squeezed(_ text: String) throws -> String {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        _ = value  // It is JSON; the order of keys has to stay, so it is not written from here.
        var isInText = false
        var wasBackslash = false
        return String(
            text.filter { letter in
                if letter == "\"", !wasBackslash { isInText.toggle() }
                wasBackslash = letter == "\\" && !wasBackslash
                return isInText || !letter.isWhitespace
            })
    }

    private static let files: [URL] =
        [
            "workflows", "workflows/shared", "Tests/Examples/workflow-schema/good",
            "Tests/Examples/workflow-schema/bad",
        ].flatMap { folder in
            let url = TestFiles.package.appending(path: folder)
            return TestFiles.names(in: url, ending: ".json").map { url.appending(path: $0) }
        }

    @Test(arguments: files)
    func `is the same at the second time`(file: URL) throws {
        guard let once = FileLayout(file: "f", bytes: try TestFiles.bytes(file)).text else {
            return
        }

        #expect(try laidOut(once) == once)
    }

    @Test(arguments: files)
    func `says the same, token by token`(file: URL) throws {
        let text = try TestFiles.text(file)
        guard let once = FileLayout(file: "f", bytes: Array(text.utf8)).text else { return }

        #expect(try squeezed(once) == squeezed(text))
    }

    @Test func `leaves the files of the project as they are`() throws {
        for file in Self.files where file.path.contains("/workflows/") {
            let text = try TestFiles.text(file)
            #expect(try laidOut(text) == text, "\(file.lastPathComponent)")
        }
    }

    @Test func `depends on the text alone, not on how it was laid out before`() throws {
        let text = try TestFiles.text(
            TestFiles.package.appending(path: "workflows/loan-application.workflow.json"))

        #expect(try laidOut(squeezed(text)) == text)
    }

    @Test func `keeps keys in order, and numbers and texts as they are written`() throws {
        let text = #"{"z":1.50e+2,"a":"é\u0041\/\n","n":-0.0,"z2":[1.0,100000000000000000000]}"#

        #expect(
            try laidOut(text) == #"""
                {
                  "z": 1.50e+2,
                  "a": "é\u0041\/\n",
                  "n": -0.0,
                  "z2": [1.0, 100000000000000000000]
                }

                """#)
    }

    @Test func `keeps one empty line between members where the author left some`() throws {
        let text = "{ \"data\": {\n\"a\": \"string\",\n\n\n\n\"bcd\": \"string\",\r\n\"e\": {} } }"

        #expect(
            try laidOut(text) == """
                {
                  "data": {
                    "a":   "string",

                    "bcd": "string",
                    "e":   {}
                  }
                }

                """)
    }

    @Test func `puts transitions, alternatives and declarations on lines that can be read`() throws
    {
        let text = """
            {"events":{"A":{"fields":{"id":"string"}},"Longer":{"description":"What it is.",\
            "fields":{"id":"string"},"rules":{"ambiguous":"late"}}},\
            "states":{"S":{"on":{"A":[{"when":"event.x","set":{"n":1},"goto":"T"},\
            {"otherwise":true,"ignore":true}],"Longer":{"set":{"n":1},"compensation":["U"],\
            "goto":"T"}},"timeout":{"after":"1h","fail":"x"}},\
            "T":{"final":"completed"},"Much":{"final":"failed"}}}
            """

        #expect(
            try laidOut(text) == """
                {
                  "events": {
                    "A":      { "fields": { "id": "string" } },
                    "Longer": { "description": "What it is.",
                                "fields": { "id": "string" },
                                "rules": { "ambiguous": "late" } }
                  },

                  "states": {
                    "S": {
                      "on": {
                        "A": [
                          { "when": "event.x",
                            "set": { "n": 1 },
                            "goto": "T" },
                          { "otherwise": true, "ignore": true }
                        ],
                        "Longer": {
                          "set": { "n": 1 },
                          "compensation": ["U"],
                          "goto": "T"
                        }
                      },
                      "timeout": { "after": "1h", "fail": "x" }
                    },

                    "T":    { "final": "completed" },
                    "Much": { "final": "failed" }
                  }
                }

                """)
    }

    @Test(arguments: [
        ("[]", "[]\n"), ("{}", "{}\n"), (" 7 ", "7\n"), ("\u{FEFF}{ }", "{}\n"),
        ("[[],{}]", "[[], {}]\n"), (#"{"states":{}}"#, "{\n  \"states\": {}\n}\n"),
        (#"{"scenarios":[{}, 1]}"#, "{\n  \"scenarios\": [\n    {},\n\n    1\n  ]\n}\n"),
        (
            #"{"events":{"a":{},"b":7}}"#,
            "{\n  \"events\": {\n    \"a\": {},\n    \"b\": 7\n  }\n}\n"
        ),
    ])
    func `holds for files that are no workflow`(text: String, expected: String) throws {
        #expect(try laidOut(text) == expected)
    }

    @Test(arguments: [#"{"a":1,}"#, #"{"a":1,"a":2}"#, "{", "", "{\"a\": \"\u{1}\"}"])
    func `is refused to what can not be read, with a finding`(text: String) {
        let layout = FileLayout(file: "t.json", bytes: Array(text.utf8))

        #expect(layout.text == nil)
        #expect(!layout.findings.isEmpty)
    }

    @Test func `takes time by the size of a deep file, not by its depth`() throws {
        let deep = String(repeating: #"{"on":{"when":["#, count: 20)
        let text = deep + "1" + String(repeating: "]}}", count: 20)
        let clock = ContinuousClock()

        let time = clock.measure { _ = FileLayout(file: "t", bytes: Array(text.utf8)).text }

        #expect(time < .seconds(2))
    }
}
