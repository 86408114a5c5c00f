// Where things of a definition stand that the definition itself keeps no place of.
import MinkDefinition
import MinkExpression

/// Finds places of a workflow file by the names that lead to them.
struct FilePlaces {
    private let document: JSONDocument
    private let file: String

    init(of definition: Definition, source: [UInt8]) {
        document = JSONDocument(reading: source)
        file = definition.start.values.lazy.flatMap(\.transitions).first?.place.file ?? ""
    }

    /// The place of the last name that is there; of the whole file when none is.
    func place(of path: [String]) -> SourcePlace {
        var node = document.root
        var byte = 0
        for name in path {
            guard let member = node?.members.first(where: { $0.name == name }) else { break }
            byte = member.nameRange.lowerBound
            node = member.value
        }
        let position = document.position(ofByte: byte)
        return SourcePlace(
            file: file, line: position.line, column: position.column,
            pointer: path.map { "/" + $0 }.joined())
    }
}
