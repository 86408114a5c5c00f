import Foundation
import MinkTesting
import Testing

/// Edits that change what a workflow does are found by `validate` or by `test`.
///
/// A share of all edits is tried; `MINK_EDITS=1` tries them all, `MINK_EDITS=10` each tenth.
@Suite("An edit of a workflow")
struct EditTests {
    private static let stride =
        ProcessInfo.processInfo.environment["MINK_EDITS"].flatMap(Int.init) ?? 58

    private struct Tried: Sendable {
        let workflow: String
        let edit: DefinitionEdit
        let verdict: EditTrial.Verdict

        var name: String { "\(workflow) \(edit.pointer) \(edit.kind.rawValue)" }
    }

    @Test func `that changes its meaning is found`() async throws {
        let workflows = TestProject.workflows
        async let first = Self.tried(Array(workflows.prefix(3)))
        async let second = Self.tried(Array(workflows.dropFirst(3)))
        let all = try await first + second

        print(Self.table(all))
        let found = all.count { $0.verdict.isFound }
        let missed = all.filter { $0.verdict == .missed }
        for miss in missed { print("missed: \(miss.name) \(miss.edit.what)") }
        #expect(found > missed.count * 19, "\(found) of \(found + missed.count) are found")
        for miss in missed {
            #expect(EditExceptions.reason(miss.name) != nil, "\(miss.name) has no reason")
        }
    }

    @Test func `of each kind is made`() throws {
        let kinds = try TestProject.workflows.flatMap {
            DefinitionEdit.all(of: try TestProject.text($0)).map(\.kind)
        }

        #expect(Set(kinds) == Set(DefinitionEdit.Kind.allCases))
    }

    private static func tried(_ workflows: [String]) async throws -> [Tried] {
        var all: [Tried] = []
        for workflow in workflows {
            let trial = try await EditTrial(workflow, shuffledRuns: stride < 10 ? 24 : 6)
            let edits = DefinitionEdit.all(of: try TestProject.text(workflow))
            for (number, edit) in edits.enumerated() where number % stride == 14 % stride {
                all.append(
                    Tried(workflow: workflow, edit: edit, verdict: try await trial.verdict(edit)))
            }
        }
        return all
    }

    private static func table(_ all: [Tried]) -> String {
        let heads = ["tried"] + EditTrial.Verdict.allCases.map(\.rawValue)
        let width = DefinitionEdit.Kind.allCases.map(\.rawValue.count).max() ?? 0
        func line(_ name: String, _ cells: [String]) -> String {
            let padded = name.padding(toLength: width, withPad: " ", startingAt: 0)
            return padded
                + cells.map { String(repeating: " ", count: 9 - $0.count) + $0 }.joined()
        }
        func counts(_ some: [Tried]) -> [String] {
            [String(some.count)]
                + EditTrial.Verdict.allCases.map { verdict in
                    String(some.count { $0.verdict == verdict })
                }
        }
        var lines = [line("", heads)]
        for kind in DefinitionEdit.Kind.allCases {
            lines.append(line(kind.rawValue, counts(all.filter { $0.edit.kind == kind })))
        }
        return (lines + [line("all", counts(all))]).joined(separator: "\n")
    }
}
