// A JSON value, the file it stands in, and the name that it has there.
import MinkExpression

/// A JSON node with its file.
struct Node {
    let json: JSONNode
    /// The number of the file in the reading.
    let source: Int
    /// Whether a member of an object holds this value.
    var isMember = false

    /// Where the name of the member stands that holds this value; `nil` in lists and at the top.
    var nameRange: Range<Int>? { isMember ? json.nameRange : nil }

    /// Which node it is, among all of a reading.
    struct ID: Hashable {
        let source: Int
        let start: Int
    }

    var id: ID { ID(source: source, start: range.lowerBound) }
    var range: Range<Int> { json.range }
    var kind: JSONKind { json.kind }
    var text: String? { json.text }
    var elements: [Node] {
        var nodes: [Node] = []
        for element in json.elements { nodes.append(Node(json: element, source: source)) }
        return nodes
    }

    /// The members of an object, in the order of the file; empty for other kinds.
    var members: [(name: String, value: Node)] {
        var members: [(name: String, value: Node)] = []
        for member in json.members { members.append((member.name, node(of: member))) }
        return members
    }

    /// The value of a member of this object.
    func node(of member: JSONNode.Member) -> Node {
        Node(json: member.value, source: source, isMember: true)
    }

    /// The value of the first member with a name; `nil` when there is none.
    func member(_ name: String) -> Node? { json.member(name).map(node) }

    func hasMember(_ name: String) -> Bool { json.member(name) != nil }

    /// The bytes that best name the whole: the member's name, else the opening bracket.
    var headRange: Range<Int> {
        if let nameRange { return nameRange }
        switch kind {
        case .object, .array: return range.lowerBound..<min(range.lowerBound + 1, range.upperBound)
        default: return range
        }
    }

    /// The node as messages name what was found.
    var inWords: String {
        switch kind {
        case .null: "null"
        case .bool: json.value.inWords
        case .number: "the number \(json.numberToken ?? "")"
        case .string: json.value.inWords
        case .missing: "nothing"
        case .array: "a list of \(elements.count)"
        case .object: "an object"
        }
    }
}
