// What a value with holes means, in a form that can be compared: expressions by their words, objects
// whatever the order of their keys.
import MinkExpression

/// The meaning of a template.
indirect enum TemplateMeaning: Hashable {
    case literal(Value)
    case expression([String])
    case list([TemplateMeaning])
    case object([String: TemplateMeaning])

    init(_ template: Template) {
        switch template {
        case .literal(let value): self = .literal(value)
        case .expression(let located): self = .expression(located.expression.words)
        case .list(let elements): self = .list(elements.map(TemplateMeaning.init))
        case .object(let members): self = .object(Self.members(members))
        }
    }

    static func members(_ members: [Member]) -> [String: TemplateMeaning] {
        Dictionary(
            members.map { ($0.name, TemplateMeaning($0.value)) }, uniquingKeysWith: { a, _ in a })
    }
}

extension Template {
    /// Whether two templates mean the same.
    func means(_ other: Template) -> Bool { TemplateMeaning(self) == TemplateMeaning(other) }

    /// The template in a few words.
    var inWords: String {
        switch self {
        case .literal(.duration(let duration)): DurationText.format(duration)
        case .literal(.string(let text)): "\"\(text)\""
        case .literal(let value): value.inWords
        case .expression(let located): "= \(located.expression.trimmedText)"
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// The duration that is written out; `nil` when it is computed.
    var writtenDuration: Duration? {
        if case .literal(.duration(let duration)) = self { return duration }
        return nil
    }
}

extension CompiledExpression {
    /// The text without spaces around it.
    var trimmedText: String { text.trimmingSpaces }
}

extension LocatedExpression? {
    /// Whether two conditions ask the same.
    func asks(_ other: LocatedExpression?) -> Bool {
        self?.expression.words == other?.expression.words
    }
}
