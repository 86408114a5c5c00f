// Where something of a definition stands in its file.
import MinkExpression

/// A place in a file, as messages name it.
///
/// Lines, columns and pointers are looked up when somebody asks: most places are never shown.
package struct SourcePlace: Sendable {
    private enum Place {
        case written(file: String, line: Int, column: Int, pointer: String)
        case value(JSONNode, SourceText)
    }

    private let place: Place

    /// A place in words.
    package init(file: String, line: Int, column: Int, pointer: String) {
        place = .written(file: file, line: line, column: column, pointer: pointer)
    }

    /// The place of a value of a file.
    init(of node: JSONNode, in text: SourceText) {
        place = .value(node, text)
    }

    /// The file as it was named when it was read.
    package var file: String {
        switch place {
        case .written(let file, _, _, _): file
        case .value(_, let text): text.file
        }
    }

    /// The line, counted from 1.
    package var line: Int {
        switch place {
        case .written(_, let line, _, _): line
        case .value(let node, let text): text.position(ofByte: node.range.lowerBound).line
        }
    }

    /// The column in Unicode scalars, counted from 1.
    package var column: Int {
        switch place {
        case .written(_, _, let column, _): column
        case .value(let node, let text): text.position(ofByte: node.range.lowerBound).column
        }
    }

    /// The JSON pointer of the value.
    package var pointer: String {
        switch place {
        case .written(_, _, _, let pointer): pointer
        case .value(let node, _): node.pointer
        }
    }
}

extension SourcePlace: Hashable {
    package static func == (left: SourcePlace, right: SourcePlace) -> Bool {
        left.line == right.line && left.column == right.column && left.file == right.file
            && left.pointer == right.pointer
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(file)
        hasher.combine(line)
        hasher.combine(column)
    }
}

extension SourcePlace: CustomStringConvertible {
    package var description: String { "\(file):\(line):\(column)" }
}
