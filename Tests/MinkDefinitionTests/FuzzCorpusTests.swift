// Inputs that a fuzzer found to reach new code, kept so that they stay harmless: the first byte
// says what reads the rest.
import Foundation
import MinkDefinition
import MinkExpression
import Testing

@Suite("Whatever bytes come")
struct FuzzCorpusTests {
    /// One input a line, in Base64.
    private static let inputs: [[UInt8]] = {
        let file = TestFiles.package.appending(path: "Tests/Examples/fuzz-corpus.txt")
        let text = (try? TestFiles.text(file)) ?? ""
        return text.split(separator: "\n").compactMap {
            Data(base64Encoded: String($0)).map(Array.init)
        }
    }()

    @Test func `the corpus is there`() {
        #expect(Self.inputs.count > 100)
    }

    @Test func `the JSON reader gives problems inside the text, and no crash`() {
        for input in Self.inputs where input.first.map({ $0 % 3 == 0 }) ?? false {
            let bytes = Array(input.dropFirst())
            for limits in [JSONLimits.definition, .event] {
                let document = JSONDocument(reading: bytes, limits: limits)
                for problem in document.problems {
                    #expect(problem.range.upperBound <= bytes.count)
                    #expect(document.position(ofByte: problem.range.lowerBound).line >= 1)
                }
            }
        }
    }

    @Test func `an expression gives problems inside its text, a value or an error`() {
        let layout = VariableLayout(names: ["event", "data", "x"])
        let environment = ExpressionEnvironment(
            layout: layout, variables: ["event": .dynamic, "data": .dynamic, "x": .dynamic])
        for input in Self.inputs where input.first.map({ $0 % 3 == 1 }) ?? false {
            let text = String(decoding: input.dropFirst(), as: UTF8.self)
            let compiled = CompiledExpression.compile(text, in: environment)
            for problem in compiled.problems {
                #expect(problem.range.upperBound <= text.utf8.count)
            }
            guard let expression = compiled.expression else { continue }
            let scope = EvaluationScope(layout: layout)
            scope.bind("event", ["amount": 5, "list": [1, 2, 3], "text": "abc"])
            scope.bind("data", ["n": 1.5])
            scope.bind("x", 7)
            _ = scope.evaluate(expression)
        }
    }

    @Test func `a workflow file gives findings with places, and output that parses`() throws {
        for input in Self.inputs where input.first.map({ $0 % 3 == 2 }) ?? false {
            let result = DefinitionReader().read(file: "f", bytes: Array(input.dropFirst()))
            for finding in result.findings {
                #expect(finding.span.line >= 1 && finding.span.column >= 1)
            }
            let json = JSONRenderer().render(result.findings, files: [])
            _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
        }
    }
}
