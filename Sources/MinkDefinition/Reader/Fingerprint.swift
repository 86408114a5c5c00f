// The digest of what a file means: SHA-256 of its canonical form. Keys are sorted, numbers stay as
// written, `use` and `$ref` are replaced by what they stand for, and what is for people only is
// left out.
import MinkExpression

/// The digest of a workflow.
enum Fingerprint {
    /// 64 hexadecimal digits.
    static func of(_ draft: Draft, in context: ReadingContext) -> String {
        var form = CanonicalForm(context: context)
        form.write(root: draft.node, including: draft.included)
        return Digest.hexadecimal(Digest.sha256(form.bytes)[...])
    }
}

/// The text of a workflow in the one form that counts.
struct CanonicalForm {
    private let context: ReadingContext
    private let shaped: Set<Node.ID>
    private var writer = JSONWriter()

    init(context: ReadingContext) {
        self.context = context
        shaped = Set(context.shaped)
    }

    var bytes: [UInt8] { writer.bytes }

    /// Writes the root of a workflow, with the sections of the files that it uses.
    mutating func write(root: Node, including included: [Node]) {
        let forPeople = ["$schema", "owner", "use"] + Shape.everywhere
        var members: [Member] = []
        for (name, value) in root.members where !forPeople.contains(name) {
            members.append(Member(name: name, values: [value]))
        }
        for section in ["commands", "events", "retryPolicies"] {
            let further = included.compactMap { $0.member(section) }
            guard !further.isEmpty else { continue }
            if let index = members.firstIndex(where: { $0.name == section }) {
                members[index].values += further
            } else {
                members.append(Member(name: section, values: further))
            }
        }
        write(members)
    }

    /// A member; of several objects under one name the members count as if they stood in one.
    private struct Member {
        let name: String
        var values: [Node]
    }

    /// Writes members, sorted by their names; of those with one name the first.
    private mutating func write(_ members: [Member]) {
        let sorted = members.enumerated().sorted { left, right in
            left.element.name.hasSameBytes(as: right.element.name)
                ? left.offset < right.offset
                : left.element.name.precedesByBytes(right.element.name)
        }
        writer.beginObject()
        var last: String?
        for (_, member) in sorted where last?.hasSameBytes(as: member.name) != true {
            last = member.name
            writer.name(member.name)
            write(merged: member.values)
        }
        writer.endObject()
    }

    private mutating func write(merged nodes: [Node]) {
        if nodes.count > 1, nodes.allSatisfy({ $0.kind == .object }) {
            write(nodes.flatMap { members(of: $0) })
        } else if let node = nodes.first {
            write(node)
        }
    }

    private mutating func write(_ node: Node) {
        if !context.references.isEmpty, let reference = node.member("$ref"),
            let target = context.references[reference.id]
        {
            return write(target)
        }
        switch node.kind {
        case .object: write(members(of: node))
        case .array:
            writer.beginArray()
            for element in node.elements { write(element) }
            writer.endArray()
        case .string: writer.string(node.text ?? "")
        case .number: writer.token(node.json.numberToken ?? "0")
        case .bool: writer.bool(node.json.bool == true)
        case .null, .missing: writer.null()
        }
    }

    /// The members that count: in objects whose keys the language knows, all but what is for people.
    private func members(of node: Node) -> [Member] {
        let isShaped = shaped.contains(node.id)
        return node.members.compactMap { name, value in
            if name == "$comment" || (isShaped && isForPeople(name, value)) { return nil }
            return Member(name: name, values: [value])
        }
    }

    private func isForPeople(_ name: String, _ value: Node) -> Bool {
        switch name {
        case "description": value.kind == .string
        case "allow": value.isExceptionList
        default: false
        }
    }
}
