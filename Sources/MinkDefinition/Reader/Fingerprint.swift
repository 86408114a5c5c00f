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
    let context: ReadingContext
    private(set) var bytes: [UInt8] = []

    init(context: ReadingContext) { self.context = context }

    /// Writes the root of a workflow, with the sections of the files that it uses.
    mutating func write(root: Node, including included: [Node]) {
        var members: [String: [Node]] = [:]
        for (name, value) in root.members where members[name] == nil { members[name] = [value] }
        for name in ["$schema", "owner", "use"] + Shape.everywhere { members[name] = nil }
        for section in ["commands", "events", "retryPolicies"] {
            for file in included {
                guard let value = file.member(section) else { continue }
                members[section, default: []].append(value)
            }
        }
        write(members.mapValues { Part.merged($0) })
    }

    private indirect enum Part {
        case node(Node)
        /// The members of several objects, as if they stood in one.
        case merged([Node])
    }

    private mutating func write(_ members: [String: Part]) {
        append("{")
        var isFirst = true
        for name in members.keys.sorted(by: { $0.precedesByBytes($1) }) {
            guard let part = members[name] else { continue }
            if !isFirst { append(",") }
            isFirst = false
            append(JSONText.quoted(name))
            append(":")
            switch part {
            case .node(let node): write(node)
            case .merged(let nodes): write(merged: nodes)
            }
        }
        append("}")
    }

    private mutating func write(merged nodes: [Node]) {
        guard nodes.count > 1, nodes.allSatisfy({ $0.kind == .object }) else {
            if let node = nodes.first { write(node) }
            return
        }
        write(nodes.reduce(into: [:]) { $0.merge(members(of: $1)) { first, _ in first } })
    }

    private mutating func write(_ node: Node) {
        if !context.references.isEmpty, let reference = node.member("$ref"),
            let target = context.references[reference.id]
        {
            return write(target)
        }
        switch node.kind {
        case .object:
            write(members(of: node))
        case .array:
            append("[")
            for (index, element) in node.elements.enumerated() {
                if index > 0 { append(",") }
                write(element)
            }
            append("]")
        case .string:
            append(JSONText.quoted(node.text ?? ""))
        case .number:
            append(node.json.numberToken ?? "0")
        case .bool:
            append(node.json.bool == true ? "true" : "false")
        case .null, .missing:
            append("null")
        }
    }

    /// The members that count: in objects whose keys the language knows, all but what is for people.
    private func members(of node: Node) -> [String: Part] {
        let isShaped = context.shaped.contains(node.id)
        var members: [String: Part] = [:]
        for (name, value) in node.members where members[name] == nil {
            if name == "$comment" || (isShaped && isForPeople(name, value)) { continue }
            members[name] = .node(value)
        }
        return members
    }

    private func isForPeople(_ name: String, _ value: Node) -> Bool {
        switch name {
        case "description": value.kind == .string
        case "allow": value.isExceptionList
        default: false
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
