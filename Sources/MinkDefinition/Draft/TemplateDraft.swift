// Values with holes, before their expressions are compiled.
import MinkExpression

/// The text of an expression, and the string that holds it.
struct ExpressionDraft {
    let node: Node
    let text: String
    /// How many bytes of the string's decoded text stand before the expression.
    let lead: Int

    /// The expression that a whole string is, as in `when`; a leading `=` is allowed.
    init?(condition node: Node) {
        guard let text = node.text else { return nil }
        if text.beginsExpression {
            self.init(node, lead: 1, of: text)
        } else {
            self.init(node, lead: 0, of: text)
        }
    }

    /// The expression behind a leading `=`; `nil` for plain text.
    init?(value node: Node) {
        guard let text = node.text, text.beginsExpression, text.hasPrefix("=") else { return nil }
        self.init(node, lead: 1, of: text)
    }

    private init(_ node: Node, lead: Int, of text: String) {
        self.node = node
        self.lead = lead
        self.text = String(decoding: text.utf8.dropFirst(lead), as: UTF8.self)
    }

    /// The bytes of the file that show this stretch of the expression.
    func bytes(of range: Range<Int>) -> Range<Int> {
        let length = text.utf8.count
        let first = min(max(0, range.lowerBound), length)
        let last = min(max(first, range.upperBound), length)
        let start = node.json.sourceByte(ofDecodedByte: lead + first)
        let end = node.json.sourceByte(ofDecodedByte: lead + last)
        // A mistake at the end of the text still needs a character to stand at.
        return start..<max(end, min(start + 1, node.range.upperBound))
    }
}

/// A value of the file that may hold expressions.
indirect enum TemplateDraft {
    case literal(Node)
    case expression(ExpressionDraft)
    case list([TemplateDraft], Node)
    case object([MemberDraft], Node)

    init(_ node: Node) {
        switch node.kind {
        case .string:
            self = ExpressionDraft(value: node).map(TemplateDraft.expression) ?? .literal(node)
        case .array:
            self = .list(node.elements.map(TemplateDraft.init), node)
        case .object:
            self = .object(MemberDraft.all(of: node), node)
        default:
            self = .literal(node)
        }
    }

    var node: Node {
        switch self {
        case .literal(let node), .list(_, let node), .object(_, let node): node
        case .expression(let expression): expression.node
        }
    }
}

/// A named part of an object template.
struct MemberDraft {
    let name: String
    let value: TemplateDraft

    /// The members of an object, but for comments; of a repeated name the first counts.
    static func all(of node: Node) -> [MemberDraft] {
        node.namedMembers.map { name, value in
            MemberDraft(name: name.value, value: TemplateDraft(value))
        }
    }
}

extension String {
    /// Whether a single "=" stands in front, which makes an expression of a text.
    fileprivate var beginsExpression: Bool {
        var bytes = utf8.makeIterator()
        return bytes.next() == UInt8(ascii: "=") && bytes.next() != UInt8(ascii: "=")
    }
}

extension Node {
    /// The text of a literal: a leading `==` stands for `=`.
    var literalText: String? {
        text.map { text in
            text.utf8.first == UInt8(ascii: "=") && text.hasPrefix("==")
                ? String(decoding: text.utf8.dropFirst(), as: UTF8.self) : text
        }
    }
}
