// Small mistakes that a person might make in a workflow file, one at a time.
import MinkExpression

/// One edit of a workflow file.
struct DefinitionEdit: Sendable {
    let kind: Kind
    /// Where it was made, as a JSON pointer.
    let pointer: String
    /// What stands there now, in short.
    let what: String
    /// The whole file afterwards.
    let text: String

    enum Kind: String, CaseIterable, Sendable {
        case deleteKey = "delete a key"
        case renameState = "rename a state"
        case otherTarget = "other target"
        case swapType = "swap a type"
        case dropOtherwise = "drop an otherwise"
        case dropElement = "drop an element"
        case reverseList = "reverse a list"
        case shiftTime = "shift a time"
        case misspell = "misspell a field"
        case otherField = "other field"
        case flipCondition = "flip a condition"
        case shiftNumber = "shift a number"
        case otherCommand = "other command"
        case swapAlternatives = "swap alternatives"
    }

    /// All edits of a file, in the order of the file.
    static func all(of text: String) -> [DefinitionEdit] {
        guard let root = JSONDocument(reading: Array(text.utf8)).root?.value else { return [] }
        var writer = EditWriter(root: root)
        writer.visit(root, at: [])
        return writer.edits
    }
}

/// Walks through a file and makes each edit that fits a place.
private struct EditWriter {
    let root: Value
    private let states: [String]
    private let commands: [String]
    /// The names of data fields by their types.
    private let fields: [String: [String]]
    var edits: [DefinitionEdit] = []

    /// What people read, and what only masks or keeps.
    private static let untold: Set<String> = [
        "$schema", "$comment", "description", "owner", "allow", "personal", "retain", "version",
        "workflow",
    ]
    private static let times: Set<String> = ["after", "delay", "every", "within", "holdFor"]

    init(root: Value) {
        self.root = root
        states = root["states"]?.names ?? []
        commands = root["commands"]?.names ?? []
        fields = Dictionary(
            grouping: root["data"]?.names ?? [],
            by: { root["data"]?[$0].map(EditWriter.typeWord) ?? "" })
    }

    private static func typeWord(_ type: Value) -> String {
        if case .string(let word) = type { return word }
        return type["type"].map(typeWord) ?? ""
    }

    private mutating func add(
        _ kind: DefinitionEdit.Kind, at path: [Step], _ what: String, _ change: (Value) -> Value?
    ) {
        let changed = root.editing(path[...], change) ?? .null
        edits.append(
            DefinitionEdit(
                kind: kind, pointer: path.map { "/\($0)" }.joined(), what: what,
                text: changed.json))
    }

    mutating func visit(_ value: Value, at path: [Step]) {
        switch value {
        case .map(let map):
            for entry in map.entries {
                guard case .string(let name) = entry.key, !Self.untold.contains(name) else {
                    continue
                }
                visit(entry.value, named: name, at: path + [.name(name)])
            }
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                visit(element, inListAt: path, index, of: elements)
            }
            visitList(elements, at: path)
        case .string(let text):
            visitText(text, at: path)
        default: break
        }
    }

    private mutating func visit(_ value: Value, named name: String, at path: [Step]) {
        add(.deleteKey, at: path, name) { _ in nil }
        if path.count == 2, path[0] == .name("states") { rename(name, at: path) }
        if ["goto", "endIn"].contains(name), case .string(let target) = value {
            let other = states.following(target)
            add(.otherTarget, at: path, "→ \(other)") { _ in .string(other) }
        }
        if isType(path) { swapType(value, at: path) }
        if Self.times.contains(name), case .string(let text) = value,
            let duration = DurationText.parse(text)
        {
            for longer in [duration * 2, duration / 2] {
                add(.shiftTime, at: path, Value.duration(longer).json) { _ in
                    .string(DurationText.format(longer))
                }
            }
        }
        visit(value, at: path)
    }

    private mutating func rename(_ state: String, at path: [Step]) {
        add(.renameState, at: [path[0]], state) { states in
            guard case .map(let map) = states else { return states }
            var renamed = ValueMap()
            for entry in map.entries {
                let isMeant = entry.key == .string(state)
                renamed[isMeant ? .string(state + "2") : entry.key] = entry.value
            }
            return .map(renamed)
        }
    }

    private func isType(_ path: [Step]) -> Bool {
        path.count == 2 && path[0] == .name("data")
            || path.count == 4 && path[0] == .name("events") && path[2] == .name("fields")
    }

    private mutating func swapType(_ value: Value, at path: [Step]) {
        let other = Self.typeWord(value) == "string" ? "integer" : "string"
        add(.swapType, at: path, other) { value in
            guard case .map(var map) = value else { return .string(other) }
            map["type"] = .string(other)
            return .map(map)
        }
    }

    private mutating func visit(
        _ element: Value, inListAt path: [Step], _ index: Int, of elements: [Value]
    ) {
        let place = path + [.index(index)]
        if elements.count > 1 {
            let isLast = element["otherwise"] != nil
            add(isLast ? .dropOtherwise : .dropElement, at: place, "") { _ in nil }
        }
        visit(element, at: place)
    }

    private mutating func visitList(_ elements: [Value], at path: [Step]) {
        guard elements.count > 1 else { return }
        let areAlternatives = elements.contains { $0["when"] != nil || $0["otherwise"] != nil }
        add(areAlternatives ? .swapAlternatives : .reverseList, at: path, "") { value in
            guard case .list(let list) = value else { return value }
            return .list(list.reversed())
        }
    }

    private mutating func visitText(_ text: String, at path: [Step]) {
        guard let last = path.last(where: { $0.isName }) else { return }
        if [.name("emit"), .name("compensation"), .name("command"), .name("undo")].contains(last),
            commands.contains(text)
        {
            let other = commands.following(text)
            add(.otherCommand, at: path, other) { _ in .string(other) }
        }
        let isCondition = last == .name("when")
        guard isCondition || text.hasPrefix("= ") else { return }
        visitFields(text, at: path)
        if isCondition { visitCondition(text, at: path) }
    }

    private mutating func visitFields(_ text: String, at path: [Step]) {
        for root in ["data.", "event."] {
            guard let range = text.firstRange(of: root) else { continue }
            let name = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber }
            guard !name.isEmpty else { continue }
            let misspelled = text.replacing(
                root + name, with: root + name + "x", maxReplacements: 1)
            add(.misspell, at: path, misspelled) { _ in .string(misspelled) }
            guard root == "data.",
                let siblings = fields.values.first(where: { $0.contains(String(name)) }),
                siblings.count > 1
            else { continue }
            let other = siblings.following(String(name))
            let changed = text.replacing(root + name, with: root + other, maxReplacements: 1)
            add(.otherField, at: path, changed) { _ in .string(changed) }
        }
    }

    private static let flips = [
        (" >= ", " > "), (" <= ", " < "), (" > ", " >= "), (" < ", " <= "), (" == ", " != "),
        (" && ", " || "), (" || ", " && "),
    ]

    private mutating func visitCondition(_ text: String, at path: [Step]) {
        for (sign, other) in Self.flips where text.contains(sign) {
            let changed = text.replacing(sign, with: other, maxReplacements: 1)
            add(.flipCondition, at: path, changed) { _ in .string(changed) }
        }
        guard let range = text.firstRange(of: #/ \d+/#), let number = Int(text[range].dropFirst())
        else { return }
        let changed = text.replacingCharacters(in: range, with: " \(number + 1)")
        add(.shiftNumber, at: path, changed) { _ in .string(changed) }
    }
}

/// One step into a JSON value.
private enum Step: Equatable, CustomStringConvertible {
    case name(String)
    case index(Int)

    var isName: Bool {
        if case .name = self { true } else { false }
    }

    var description: String {
        switch self {
        case .name(let name): name
        case .index(let index): String(index)
        }
    }
}

extension Value {
    fileprivate var names: [String] {
        guard case .map(let map) = self else { return [] }
        return map.entries.compactMap { entry in
            if case .string(let name) = entry.key { name } else { nil }
        }
    }

    /// The value with the part at a path changed; `nil` takes the part away.
    fileprivate func editing(
        _ path: ArraySlice<Step>, _ change: (Value) -> Value?
    ) -> Value? {
        guard let step = path.first else { return change(self) }
        switch (self, step) {
        case (.map(var map), .name(let name)):
            map[name] = map[name].flatMap { $0.editing(path.dropFirst(), change) }
            return .map(map)
        case (.list(var list), .index(let index)):
            let changed = list[index].editing(path.dropFirst(), change)
            if let changed { list[index] = changed } else { list.remove(at: index) }
            return .list(list)
        default:
            return self
        }
    }
}

extension [String] {
    /// The element behind this one; behind the last the first.
    fileprivate func following(_ element: String) -> String {
        let index = (firstIndex(of: element) ?? -1) + 1
        return self[index % count]
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
