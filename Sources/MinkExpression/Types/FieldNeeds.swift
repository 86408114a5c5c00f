// Which fields an expression reads that may be absent, and which of them its own tests protect.
//
// `has(data.a) && data.a > 1` needs nothing: where the field is absent, the test is false already.

/// What an expression asks of fields that may be absent.
package struct FieldNeeds: Sendable {
    /// Reads that fail where the field is absent, each path once.
    package internal(set) var reads: [FieldRead] = []
    /// Paths that are there if the expression is a condition and holds.
    package internal(set) var whenTrue: [String] = []
    /// Paths that are there if the expression is a condition and does not hold.
    package internal(set) var whenFalse: [String] = []
}

/// A field that an expression reads and that may be absent.
package struct FieldRead: Sendable {
    /// The path as tests and reads share it, such as `event.note`.
    package let path: String
    /// The variable whose own field it is; `nil` for a field further inside.
    package let variable: String?
    /// The name of the field; empty where it is computed.
    package let field: String
    /// The place in the text, in UTF-8 bytes.
    package let range: Range<Int>
    /// Whether the type says that it may be absent, and not only the life of the saga.
    package let isOptional: Bool
    /// Whether an absent field stops the evaluation in any case.
    package internal(set) var isCertain: Bool
}

/// Walks through a checked expression once.
struct NeedFinder {
    let checked: CheckedExpression
    let text: String
    /// The variables of which every field may be absent.
    let uncertain: Set<String>
    var needs = FieldNeeds()
    private var known: [String] = []

    init(checked: CheckedExpression, text: String, uncertain: Set<String>) {
        self.checked = checked
        self.text = text
        self.uncertain = uncertain
    }

    static func find(
        in checked: CheckedExpression, text: String, uncertain: Set<String>
    ) -> FieldNeeds {
        var finder = NeedFinder(checked: checked, text: text, uncertain: uncertain)
        finder.visit(checked.root, isCertain: true)
        let type = checked.types[checked.root.id]
        if type == .bool || type.isDynamic {
            let facts = finder.facts(checked.root, countsReads: true)
            finder.needs.whenTrue = facts.whenTrue ?? []
            finder.needs.whenFalse = facts.whenFalse ?? []
        }
        return finder.needs
    }

    private mutating func visit(_ node: SyntaxNode, isCertain: Bool) {
        switch node.kind {
        case .literal, .name, .invalid: break
        case .select(let owner, let field, let isOptional):
            visit(owner, isCertain: isCertain)
            if !isOptional { read(field.text, of: owner, at: node, isCertain: isCertain) }
        case .has(let owner, _): visit(owner, isCertain: isCertain)
        case .index(let owner, let index, let isOptional):
            visit(owner, isCertain: isCertain)
            visit(index, isCertain: isCertain)
            guard !isOptional else { return }
            if case .literal(.string(let name)) = index.kind {
                read(name, of: owner, at: node, isCertain: isCertain)
            } else {
                readComputed(of: owner, at: node)
            }
        case .call(let name, let target, let arguments):
            if let target { visit(target, isCertain: isCertain) }
            let isLazy = target != nil && (name.text == "orValue" || name.text == "or")
            for argument in arguments { visit(argument, isCertain: isCertain && !isLazy) }
        case .negate(let operand), .not(let operand): visit(operand, isCertain: isCertain)
        case .binary(_, let left, let right):
            visit(left, isCertain: isCertain)
            visit(right, isCertain: isCertain)
        case .and(let parts): visit(parts, isCertain: isCertain) { $0.whenTrue }
        case .or(let parts): visit(parts, isCertain: isCertain) { $0.whenFalse }
        case .conditional(let condition, let yes, let no):
            visit(condition, isCertain: isCertain)
            let facts = facts(condition, countsReads: false)
            visit(yes, knowing: facts.whenTrue)
            visit(no, knowing: facts.whenFalse)
        case .list(let elements):
            for element in elements { visit(element.value, isCertain: isCertain) }
        case .map(let entries):
            for entry in entries {
                visit(entry.key, isCertain: isCertain)
                visit(entry.value, isCertain: isCertain)
            }
        case .comprehension(let loop): visit(loop, isCertain: isCertain)
        case .bind(_, let value, let body):
            visit(value, isCertain: isCertain)
            visit(body, isCertain: isCertain)
        case .optionalMap(let target, _, let body, _):
            visit(target, isCertain: isCertain)
            visit(body, isCertain: false)
        }
    }

    /// Parts of `&&` or `||`: an absent field is harmless where another part decides then.
    private mutating func visit(
        _ parts: [SyntaxNode], isCertain: Bool, _ side: (Facts) -> [String]?
    ) {
        let facts = parts.map { side(self.facts($0, countsReads: false)) }
        for (number, part) in parts.enumerated() {
            let before = known
            for (other, paths) in facts.enumerated() where other != number {
                known += paths ?? []
            }
            visit(part, isCertain: isCertain && parts.count == 1)
            known = before
        }
    }

    /// A part that is looked at only where these paths are there; `nil` is never looked at.
    private mutating func visit(_ node: SyntaxNode, knowing paths: [String]?) {
        guard let paths else { return }
        let before = known
        known += paths
        visit(node, isCertain: false)
        known = before
    }

    private mutating func visit(_ loop: Comprehension, isCertain: Bool) {
        visit(loop.range, isCertain: isCertain)
        if let condition = loop.condition { visit(condition, isCertain: false) }
        guard let transform = loop.transform else { return }
        let facts = loop.condition.map { self.facts($0, countsReads: false) }
        visit(transform, knowing: facts.map { $0.whenTrue ?? [] } ?? [])
    }

    /// Reads a field whose name is computed: it may be any, also one that may be absent.
    private mutating func readComputed(of owner: SyntaxNode, at node: SyntaxNode) {
        guard case .object(let object) = checked.types[owner.id] else { return }
        var isUncertain = false
        if case .name(let name, _) = owner.kind, case .variable = checked.resolutions[owner.id] {
            isUncertain = uncertain.contains(name.text)
        }
        let path = self.path(of: node)
        guard isUncertain || object.fields.contains(where: \.isOptional),
            !needs.reads.contains(where: { $0.path == path })
        else { return }
        needs.reads.append(
            FieldRead(
                path: path, variable: nil, field: "", range: node.range, isOptional: true,
                isCertain: false))
    }

    private mutating func read(
        _ field: String, of owner: SyntaxNode, at node: SyntaxNode, isCertain: Bool
    ) {
        let type = checked.types[owner.id]
        guard !type.isOptional else { return }
        if case .variable = checked.resolutions[node.id] { return }
        var variable: String?
        if case .name(let name, _) = owner.kind, case .variable = checked.resolutions[owner.id] {
            variable = name.text
        }
        var isOptional = false
        if case .object(let object) = type, object.field(field)?.isOptional == true {
            isOptional = true
        }
        guard isOptional || variable.map(uncertain.contains) == true else { return }
        let path = "\(self.path(of: owner)).\(field)"
        guard !known.contains(path) else { return }
        if let index = needs.reads.firstIndex(where: { $0.path == path }) {
            if isCertain { needs.reads[index].isCertain = true }
            return
        }
        needs.reads.append(
            FieldRead(
                path: path, variable: variable, field: field, range: node.range,
                isOptional: isOptional, isCertain: isCertain))
    }
}

// MARK: - What tests say

extension NeedFinder {
    /// What is there when a condition holds, and when it does not; `nil` where it never does.
    struct Facts {
        var whenTrue: [String]? = []
        var whenFalse: [String]? = []

        var swapped: Facts { Facts(whenTrue: whenFalse, whenFalse: whenTrue) }

        /// What holds where both hold.
        static func both(_ a: [String]?, _ b: [String]?) -> [String]? {
            guard let a, let b else { return nil }
            return a + b
        }

        /// What holds where one of them holds.
        static func either(_ a: [String]?, _ b: [String]?) -> [String]? {
            guard let a else { return b }
            guard let b else { return a }
            return a.filter(b.contains)
        }
    }

    /// What a condition says of fields.
    ///
    /// - Parameters:
    ///   - node: The condition.
    ///   - countsReads: Whether a field that was read without a mistake counts as tested.
    /// - Returns: The paths that are there then.
    func facts(_ node: SyntaxNode, countsReads: Bool) -> Facts {
        switch node.kind {
        case .literal(.bool(let value)):
            return value ? Facts(whenFalse: nil) : Facts(whenTrue: nil)
        case .not(let operand):
            return facts(operand, countsReads: countsReads).swapped
        case .and(let parts):
            let all = parts.map { facts($0, countsReads: countsReads) }
            return Facts(
                whenTrue: all.reduce([]) { Facts.both($0, $1.whenTrue) },
                whenFalse: all.reduce(nil) { Facts.either($0, $1.whenFalse) })
        case .or(let parts):
            let all = parts.map { facts($0, countsReads: countsReads) }
            return Facts(
                whenTrue: all.reduce(nil) { Facts.either($0, $1.whenTrue) },
                whenFalse: all.reduce([]) { Facts.both($0, $1.whenFalse) })
        case .conditional(let condition, let yes, let no):
            let test = facts(condition, countsReads: countsReads)
            let (a, b) = (
                facts(yes, countsReads: countsReads), facts(no, countsReads: countsReads)
            )
            return Facts(
                whenTrue: Facts.either(
                    Facts.both(test.whenTrue, a.whenTrue), Facts.both(test.whenFalse, b.whenTrue)),
                whenFalse: Facts.either(
                    Facts.both(test.whenTrue, a.whenFalse),
                    Facts.both(test.whenFalse, b.whenFalse)))
        default:
            var facts = test(node) ?? Facts()
            guard countsReads else { return facts }
            let reads = certainReads(node)
            facts.whenTrue = facts.whenTrue.map { $0 + reads }
            facts.whenFalse = facts.whenFalse.map { $0 + reads }
            return facts
        }
    }

    /// What `has()`, `hasValue()` and comparisons with nothing say.
    private func test(_ node: SyntaxNode) -> Facts? {
        switch node.kind {
        case .has(let owner, let field):
            return Facts(whenTrue: ["\(path(of: owner)).\(field.text)"])
        case .call(let name, let target?, let arguments)
        where name.text == "hasValue" && arguments.isEmpty:
            return optionalPath(target).map { Facts(whenTrue: [$0]) }
        case .binary(let operation, let left, let right)
        where operation == .equal || operation == .notEqual:
            guard let facts = equality(left, right) ?? equality(right, left) else { return nil }
            return operation == .equal ? facts : facts.swapped
        default:
            return nil
        }
    }

    /// What it says that a test is `true` or `false`, and that an optional is none.
    private func equality(_ left: SyntaxNode, _ right: SyntaxNode) -> Facts? {
        if case .literal(.bool(let value)) = right.kind {
            let facts = facts(left, countsReads: false)
            return value ? facts : facts.swapped
        }
        guard isNone(right) else { return nil }
        return optionalPath(left).map { Facts(whenFalse: [$0]) }
    }

    /// Whether it is `none` or `optional.none()`.
    private func isNone(_ node: SyntaxNode) -> Bool {
        if case .nothing = checked.resolutions[node.id] { return true }
        guard case .call(let name, .some(let target), let arguments) = node.kind,
            case .name(let library, _) = target.kind
        else { return false }
        return name.text == "none" && arguments.isEmpty && library.text == "optional"
    }

    /// The path of `data.?name`.
    private func optionalPath(_ node: SyntaxNode) -> String? {
        switch node.kind {
        case .select(_, _, true): path(of: node)
        case .index(_, let index, true):
            if case .literal(.string) = index.kind { path(of: node) } else { nil }
        default: nil
        }
    }

    private func certainReads(_ node: SyntaxNode) -> [String] {
        var finder = NeedFinder(checked: checked, text: text, uncertain: uncertain)
        finder.visit(node, isCertain: true)
        return finder.needs.reads.filter(\.isCertain).map(\.path)
    }

    /// A name for what a part leads to, the same for every way of writing it.
    private func path(of node: SyntaxNode) -> String {
        switch node.kind {
        case .name(let name, _):
            if case .local(let depth) = checked.resolutions[node.id] { return "#\(depth)" }
            return name.text
        case .select(let owner, let field, _):
            return "\(path(of: owner)).\(field.text)"
        case .index(let owner, let index, _):
            if case .literal(.string(let name)) = index.kind { return "\(path(of: owner)).\(name)" }
            return "\(path(of: owner))[\(sourceText(index.range))]"
        default:
            return sourceText(node.range)
        }
    }

    private func sourceText(_ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }
}
