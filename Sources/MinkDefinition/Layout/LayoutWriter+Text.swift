// Spaces, commas, and what the layout asks of a value.
import MinkExpression

func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

extension JSONNode.Member {
    /// The name as it is written, and what stands before the value.
    var lead: String { "\(nameNode.source): " }
}

extension LayoutKind {
    /// Whether an empty line stands between two neighbours.
    func separates(
        _ first: LayoutWriter.Piece, _ second: LayoutWriter.Piece, at name: String
    ) -> Bool {
        switch self {
        case .root: name != "scenarios" && (first.isBlock || second.isBlock)
        case .names(.states): first.isBlock || second.isBlock
        default: false
        }
    }

    /// Whether a value may stand in one column with its neighbours.
    func aligns(_ value: JSONNode) -> Bool {
        switch self {
        case .table, .names, .values: true
        default: value.kind == .object
        }
    }
}

extension JSONNode {
    var isComposed: Bool { kind == .object || kind == .array }

    var isEmpty: Bool {
        switch kind {
        case .object: !members.contains { _ in true }
        case .array: !elements.contains { _ in true }
        default: false
        }
    }

    /// How many levels of brackets there are; 0 for a value without parts.
    var height: Int {
        switch kind {
        case .object: 1 + (members.map(\.value.height).max() ?? 0)
        case .array: (elements.map(\.height).max() ?? 0)
        default: 0
        }
    }

    /// Whether a transition does so much that each part deserves a line.
    var isLongStep: Bool {
        kind == .object
            && members.count {
                [
                    "when", "otherwise", "set", "compensation", "pointOfNoReturn", "emit", "goto",
                    "fail",
                ].contains($0.name)
            } > 2
    }
}
