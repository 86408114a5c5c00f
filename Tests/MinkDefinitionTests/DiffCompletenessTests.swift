// Nothing that changes what a workflow means escapes the comparison: of each file every part is taken
// out once, and wherever the meaning changes something has to be said.
import Foundation
import MinkExpression
import Testing

@testable import MinkDefinition

@Suite("The comparison of versions")
struct DiffCompletenessTests {
    private static let folder = TestFiles.package.appending(path: "workflows")
    static let names = TestFiles.names(in: folder, ending: ".workflow.json")

    /// Parts that say what holds without them too.
    private static let defaults: Set<String> = [
        "/states/FindingHotel/forEach/others",
        "/commands/Pack/answers/failed", "/states/Shipping/waitFor/others",
        "/retryPolicies/patient/multiplyBy", "/retryPolicies/patient/jitter",
        "/eventRules/early/holdFor", "/eventRules/early/then", "/eventRules/early",
        "/eventRules/late", "/eventRules", "/events/Refused/rules/early/then",
        "/states/Packing/forEach/need", "/migrate/timers", "/migrate/from/0", "/migrate/from/1",
    ]

    private func compile(_ text: [UInt8], _ name: String) -> Definition? {
        DefinitionReader(files: FolderFiles(root: TestFiles.package)).compilePublished(
            .init(file: name, path: "workflows/\(name)", bytes: text)
        ).definition
    }

    @Test(arguments: names)
    func `finds no difference between a file and itself`(name: String) throws {
        let bytes = try TestFiles.bytes(Self.folder.appending(path: name))
        let definition = try #require(compile(bytes, name))

        #expect(DefinitionDiff(from: definition, to: definition).changes.isEmpty)
    }

    @Test(arguments: ["group-booking.workflow.json", "everything"])
    func `says something of each part that is taken out`(name: String) throws {
        let bytes =
            name == "everything"
            ? Array(Samples.everything.utf8)
            : try TestFiles.bytes(Self.folder.appending(path: name))
        let old = try #require(compile(bytes, name))
        let root = try #require(JSONDocument(reading: bytes).root)
        var silent: [String] = []
        var count = 0
        for part in Part.all(of: root) {
            var text = bytes
            text.removeSubrange(part.range)
            guard let new = compile(text, name),
                new.identity.fingerprint != old.identity.fingerprint
            else { continue }
            count += 1
            let told = DefinitionDiff(from: old, to: new).changes.filter {
                $0.rule != .changedWithoutVersion
            }
            if told.isEmpty { silent.append(part.pointer) }
        }

        #expect(count > 30)
        // The last alternative needs no "otherwise", and items tell that a type is a list.
        let isPlain = { (pointer: String) in
            !pointer.hasSuffix("/otherwise") && !pointer.hasSuffix("/type")
        }
        #expect(silent.filter(isPlain).filter { !Self.defaults.contains($0) } == [])
    }
}

/// A member or an element, with the comma that goes with it.
private struct Part {
    let pointer: String
    let range: Range<Int>

    static func all(of node: JSONNode, _ pointer: String = "") -> [Part] {
        let children: [(pointer: String, range: Range<Int>, value: JSONNode)]
        switch node.kind {
        case .object:
            children = node.members.map {
                (
                    "\(pointer)/\($0.name)",
                    $0.nameRange.lowerBound..<$0.value.range.upperBound, $0.value
                )
            }
        case .array:
            children = node.elements.enumerated().map { ("\(pointer)/\($0)", $1.range, $1) }
        default: children = []
        }
        var parts: [Part] = []
        for (index, child) in children.enumerated() {
            var range = child.range
            if index + 1 < children.count {
                range = range.lowerBound..<children[index + 1].range.lowerBound
            } else if index > 0 {
                range = children[index - 1].range.upperBound..<range.upperBound
            }
            parts.append(Part(pointer: child.pointer, range: range))
            parts += all(of: child.value, child.pointer)
        }
        return parts
    }
}
