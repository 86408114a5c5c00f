// Reads one object of known shape: unknown keys, missing keys and wrong types are findings, and
// whatever is right is still read.
import MinkExpression

/// The members of an object whose shape is known.
struct ObjectReader {
    let node: Node
    let shape: Shape
    let context: ReadingContext
    /// What messages call the object, as in `workflow "Orders"`.
    let title: String
    /// The members, each name once; a handful, so that a look along them is faster than a hash.
    private var parts: [(name: String, value: Node)] = []
    /// Keys that a misspelt one probably means, which then are not missing too.
    private var misspelt: [String] = []
    /// Whether a key is not known, so that something may be meant that is not read.
    private(set) var hasUnknownKeys = false

    /// Checks the keys; `nil` when the node is no object, which is a finding then.
    init?(
        _ node: Node, as shape: Shape, in context: ReadingContext, called title: String? = nil
    ) {
        guard node.kind == .object else {
            context.report(
                .wrongType, "\(shape.noun) needs an object, found \(node.inWords)", at: node)
            return nil
        }
        self.node = node
        self.shape = shape
        self.context = context
        self.title = title ?? shape.noun
        context.shaped.append(node.id)
        var suggestions: NameSuggestions?
        let repeatsNames = node.json.repeatsNames
        var checksMore = shape.hasSchema
        parts.reserveCapacity(4)
        for member in node.json.members {
            let (name, value) = (member.name, node.node(of: member))
            if !repeatsNames || !has(name) { parts.append((name, value)) }
            if shape.keys.contains(name) { continue }
            if Shape.everywhere.contains(name) {
                checksMore = true
                continue
            }
            let names = suggestions ?? NameSuggestions(shape.keys + ["description"])
            suggestions = names
            hasUnknownKeys = true
            if let meant = report(unknown: name, value, suggestions: names) {
                misspelt.append(meant)
            }
        }
        if checksMore { checkEverywhereKeys() }
    }

    /// Says that a key is not known here; the key that is probably meant.
    private func report(
        unknown name: String, _ value: Node, suggestions: NameSuggestions
    ) -> String? {
        if let words = shape.words(ofMisplaced: name) {
            context.report(
                .keyNotHere, words, at: value, value.nameRange, help: "remove \"\(name)\" here")
            return nil
        }
        let nearest = suggestions.nearest(to: name)
        let span = context.span(value, value.nameRange)
        let fix = nearest.map { nearest in
            Fix(
                "write \"\(nearest)\"",
                edits: [.init(span: span, newText: JSONText.quoted(nearest))])
        }
        context.report(
            Finding(
                .unknownKey, "\(shape.noun) has no \"\(name)\"", at: span,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "remove \"\(name)\"",
                note: nearest == nil ? "it has \(shape.keys.joined(separator: ", "))" : nil,
                fix: fix))
        return nearest
    }

    private func checkEverywhereKeys() {
        if let value = self["description"], value.kind != .string {
            wrongType("description", "a text", value)
        }
        if shape.hasSchema, let value = self["$schema"], value.kind != .string {
            wrongType("$schema", "the address of a schema", value)
        }
        if let value = self["allow"] { context.readExceptions(value, around: node) }
    }

    /// The value under a key.
    subscript(key: String) -> Node? {
        for part in parts where part.name == key { return part.value }
        return nil
    }

    /// Whether the key is there.
    func has(_ key: String) -> Bool {
        for part in parts where part.name == key { return true }
        return false
    }

    /// Whether one of some keys is there.
    func hasAny(of keys: [String]) -> Bool {
        for part in parts where keys.contains(part.name) { return true }
        return false
    }

    /// Says that keys are missing, unless a mistake in the JSON text may have lost them.
    func require(_ keys: String..., because reason: String? = nil) {
        for key in keys where !has(key) && !misspelt.contains(key) {
            guard !context.isDamaged(node) else { return }
            let reason = reason.map { ": \($0)" } ?? ""
            context.report(
                .missingKey, "\(title) needs \"\(key)\"\(reason)", at: node, node.headRange)
        }
    }

    /// Says that only one of two keys can be there.
    func exclude(_ key: String, _ otherKey: String) {
        // Most objects have neither, and a list of keys takes a while.
        if has(key), has(otherKey) { exclude([key, otherKey]) }
    }

    /// Says that only one of several keys can be there.
    func exclude(_ keys: [String]) {
        // In the order of the file, as the members are.
        let present = parts.filter { keys.contains($0.name) }
        guard let first = present.first else { return }
        for other in present.dropFirst() {
            context.report(
                .exclusiveKeys,
                "\(shape.noun) can have \"\(first.name)\" or \"\(other.name)\", not both",
                at: other.value, other.value.nameRange,
                related: [
                    RelatedPlace(
                        "\"\(first.name)\" stands here",
                        at: context.span(first.value, first.value.nameRange))
                ])
        }
    }

    func wrongType(_ key: String, _ expected: String, _ found: Node) {
        context.report(
            .wrongType, "\"\(key)\" needs \(expected), found \(found.inWords)", at: found)
    }

    /// A text that is not empty.
    func text(_ key: String, as expected: String = "a text") -> Located<String>? {
        guard let value = self[key] else { return nil }
        guard let text = value.text else {
            wrongType(key, expected, value)
            return nil
        }
        guard !text.isEmpty else {
            context.report(
                .badValue, "\"\(key)\" needs \(expected), found an empty text", at: value)
            return nil
        }
        return Located(text, value)
    }

    func flag(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let flag = value.json.bool else {
            wrongType(key, "true or false", value)
            return nil
        }
        return flag
    }

    func wholeNumber(_ key: String, in range: ClosedRange<Int>) -> Located<Int>? {
        guard let value = self[key] else { return nil }
        guard let token = value.json.numberToken else {
            wrongType(key, "a whole number", value)
            return nil
        }
        guard let number = ExactDecimal(token)?.exactInt64.flatMap(Int.init(exactly:)),
            range.contains(number)
        else {
            context.report(
                .badValue,
                "\"\(key)\" needs a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound), found \(token)", at: value)
            return nil
        }
        return Located(number, value)
    }

    /// One of a few words.
    func choice<Word: RawRepresentable>(_ key: String, _ words: [Word]) -> Located<Word>?
    where Word.RawValue == String {
        guard let value = self[key] else { return nil }
        func known() -> String { words.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") }
        guard let text = value.text else {
            wrongType(key, "one of \(known())", value)
            return nil
        }
        guard let word = words.first(where: { $0.rawValue == text }) else {
            context.report(
                .badValue, "\"\(key)\" is one of \(known()), not \"\(text)\"", at: value,
                help: NameSuggestions(words.map(\.rawValue)).nearest(to: text)
                    .map { "did you mean \"\($0)\"?" })
            return nil
        }
        return Located(word, value)
    }

    /// A span of time, written out.
    func duration(_ key: String, allowsZero: Bool = false) -> Duration? {
        guard let value = self[key] else { return nil }
        guard value.kind == .string else {
            wrongType(key, "a duration such as \"30m\"", value)
            return nil
        }
        return context.duration(key, value, allowsZero: allowsZero)
    }

    /// The elements of a list; anything else stands for a list of one.
    func list(_ key: String) -> [Node] {
        guard let value = self[key] else { return [] }
        return value.kind == .array ? value.elements : [value]
    }

    /// Names in a list, or one alone.
    func names(_ key: String, of things: String) -> [Located<String>] {
        list(key).compactMap { element in
            guard let text = element.text else {
                wrongType(key, "names of \(things)", element)
                return nil
            }
            return Located(text, element)
        }
    }

    /// The members of an object that maps names to values; comments are left out.
    func map(_ key: String, of things: String) -> [(name: Located<String>, value: Node)] {
        guard let value = self[key] else { return [] }
        guard value.kind == .object else {
            wrongType(key, "an object of \(things)", value)
            return []
        }
        return value.namedMembers
    }
}

extension Node {
    /// The members of a map by name, each name once, without comments.
    var namedMembers: [(name: Located<String>, value: Node)] {
        var seen: Set<String> = []
        let repeatsNames = json.repeatsNames
        var members: [(name: Located<String>, value: Node)] = []
        for member in json.members {
            let name = member.name
            guard name != "$comment", !repeatsNames || seen.insert(name).inserted else { continue }
            let value = node(of: member)
            members.append((Located(name, value, range: value.nameRange), value))
        }
        return members
    }
}

extension ReadingContext {
    /// A span of time that a text names; `nil` with a finding when it names none.
    func duration(_ key: String, _ node: Node, allowsZero: Bool) -> Duration? {
        let text = node.text ?? ""
        guard let duration = DurationText.parse(text) else {
            let hint =
                !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
                ? "\"\(text)\" has no unit; write \"\(text)s\", \"\(text)m\", \"\(text)h\" or "
                    + "\"\(text)d\""
                : "\"\(text)\" is no duration; write it like \"30m\", \"1h30m\" or \"PT30M\""
            report(.badValue, hint, at: node)
            return nil
        }
        guard duration > .zero || (allowsZero && duration == .zero) else {
            report(.badValue, "\"\(key)\" needs a duration above zero, found \"\(text)\"", at: node)
            return nil
        }
        return duration
    }
}
