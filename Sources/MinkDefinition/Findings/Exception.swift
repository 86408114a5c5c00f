// Findings that a file accepts: `"allow": [{ "code": "MW7001", "because": "a person answers" }]`.
import MinkExpression

/// An accepted finding, and the part of the file in which it is accepted.
struct Exception {
    let rule: Rule
    let source: Int
    /// The bytes of the object that holds it, and of its name.
    let range: Range<Int>
    let node: Node
    /// What stands under `allow`, and the object in which it stands.
    let list: Node
    let object: Node
}

/// A rule that is accepted in a stretch of a file.
struct AcceptedStretch: Sendable {
    let rule: Rule
    let span: SourceSpan

    func accepts(_ finding: Finding) -> Bool {
        rule == finding.rule && span.file == finding.span.file && span.contains(finding.span)
    }
}

extension ReadingContext {
    /// Reads the exceptions of an object; each that is not right is a finding and accepts nothing.
    func readExceptions(_ list: Node, around object: Node) {
        for node in list.kind == .array ? list.elements : [list] {
            guard let rule = readException(node) else { continue }
            // What is said of a named object often stands at its name.
            let start = object.nameRange?.lowerBound ?? object.range.lowerBound
            exceptions.append(
                Exception(
                    rule: rule, source: object.source, range: start..<object.range.upperBound,
                    node: node, list: list, object: object))
        }
    }

    private func readException(_ node: Node) -> Rule? {
        guard let object = ObjectReader(node, as: .exception, in: self) else { return nil }
        object.require("code")
        guard let code = object.text("code", as: "the code of a finding") else { return nil }
        guard let rule = Rule(rawValue: code.value) else {
            report(.badValue, "there is no finding \"\(code.value)\"", at: code)
            return nil
        }
        guard rule.canBeAccepted else {
            report(
                .badAllow, "\(rule.code) can not be accepted; it has to be repaired", at: code,
                help: "remove this exception")
            return nil
        }
        guard object.text("because", as: "a reason")?.value.contains(where: { $0 != " " }) == true
        else {
            report(
                .badAllow, "this exception gives no reason", at: node, node.headRange,
                help: "write \"because\": why is \(rule.code) fine here?")
            return nil
        }
        return isExpired(object) ? nil : rule
    }

    private func isExpired(_ object: ObjectReader) -> Bool {
        guard let until = object.text("until", as: "a date such as \"2027-06-30\"") else {
            return false
        }
        guard DataType.isDate(until.value) else {
            report(
                .badValue, "\"\(until.value)\" is no date; write it like \"2027-06-30\"", at: until)
            return true
        }
        guard let today = options.today, until.value.precedesByBytes(today) else { return false }
        report(
            .badAllow, "the exception ended on \(until.value)", at: until,
            help: "repair what it accepts, or write a later date")
        return true
    }

    /// Where which rules are accepted.
    var acceptedStretches: [AcceptedStretch] {
        exceptions.map { exception in
            let text = sources[exception.source].text
            return AcceptedStretch(
                rule: exception.rule, span: text.span(exception.range, pointer: ""))
        }
    }

    /// The findings that no exception accepts, and the exceptions that accept nothing.
    func withoutAccepted() -> [Finding] {
        guard !exceptions.isEmpty else { return findings }
        let stretches = acceptedStretches
        let findings = findings.without(stretches)
        guard !hidesParts else { return findings }
        let unused = zip(exceptions, stretches).filter { exception, stretch in
            exception.source == 0 && canJudge(exception.rule)
                && !self.findings.contains(where: stretch.accepts)
        }
        return findings + unused.map { unusedException($0.0) }.without(stretches)
    }

    /// Whether this reading would have found what a rule is about.
    private func canJudge(_ rule: Rule) -> Bool {
        switch rule {
        case .startClash, .unusedAllow: false
        case .unknownDestination: options.destinations != nil
        default: !rule.code.hasPrefix("MW8")
        }
    }

    private func unusedException(_ exception: Exception) -> Finding {
        let range =
            exception.list.elements.count > 1
            ? exception.list.rangeOfElement(exception.node)
            : exception.object.rangeOfMember(exception.list)
        let text = sources[exception.source].text
        return Finding(
            .unusedAllow,
            "nothing here gives \(exception.rule.code) any more; remove the exception",
            at: span(exception.node, exception.node.headRange),
            fix: Fix(
                "remove the exception",
                edits: [.init(span: text.span(range, pointer: ""), newText: "")]))
    }
}

extension [Finding] {
    /// The findings that no stretch accepts.
    func without(_ accepted: [AcceptedStretch]) -> [Finding] {
        guard !accepted.isEmpty else { return self }
        return filter { finding in !accepted.contains { $0.accepts(finding) } }
    }
}

extension SourceSpan {
    /// Whether another stretch begins inside this one.
    func contains(_ other: SourceSpan) -> Bool {
        (line, column) <= (other.line, other.column)
            && (other.line, other.column) < (endLine, endColumn)
    }
}

extension Node {
    /// Whether it can only be a list of exceptions.
    var isExceptionList: Bool {
        let entries = kind == .array ? elements : [self]
        return !entries.isEmpty
            && entries.allSatisfy { entry in entry.hasMember("code") }
    }
}

extension Node {
    /// The bytes to take out with an element of this list: its own, and those up to its neighbour.
    fileprivate func rangeOfElement(_ element: Node) -> Range<Int> {
        Self.range(of: element.range, among: elements.map(\.range))
    }

    /// The bytes to take out with a member of this object.
    fileprivate func rangeOfMember(_ member: Node) -> Range<Int> {
        func whole(_ node: Node) -> Range<Int> {
            (node.nameRange ?? node.range).lowerBound..<node.range.upperBound
        }
        return Self.range(of: whole(member), among: members.map { whole($0.value) })
    }

    private static func range(of part: Range<Int>, among parts: [Range<Int>]) -> Range<Int> {
        if let next = parts.first(where: { $0.lowerBound >= part.upperBound }) {
            return part.lowerBound..<next.lowerBound
        }
        if let previous = parts.last(where: { $0.upperBound <= part.lowerBound }) {
            return previous.upperBound..<part.upperBound
        }
        return part
    }
}
