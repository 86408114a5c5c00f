// Findings that a file accepts: `"allow": [{ "code": "MW7001", "because": "a person answers" }]`.
import MinkExpression

/// An accepted finding, and the part of the file in which it is accepted.
struct Exception {
    let rule: Rule
    let source: Int
    /// The bytes of the object that holds it, and of its name.
    let range: Range<Int>
    let node: Node
    /// The list that holds it, or itself, and the object around that.
    let list: Node
    let object: Node
}

/// A rule whose findings are accepted in a stretch of a file.
struct AcceptedSpan: Sendable {
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
            report(.badAllow, "\(rule.code) can not be accepted; it has to be repaired", at: code)
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
        report(.badAllow, "the exception ended on \(until.value)", at: until)
        return true
    }

    /// What the exceptions accept, in their order.
    var acceptedSpans: [AcceptedSpan] {
        exceptions.map { exception in
            AcceptedSpan(
                rule: exception.rule,
                span: sources[exception.source].text.span(exception.range, pointer: ""))
        }
    }

    /// The findings that no exception accepts, and a finding for each exception that accepts none.
    func settled() -> [Finding] {
        guard !exceptions.isEmpty else { return findings }
        let spans = acceptedSpans
        var isUsed = Array(repeating: false, count: spans.count)
        let left = findings.filter { finding in
            let accepting = spans.indices.filter { spans[$0].accepts(finding) }
            for index in accepting { isUsed[index] = true }
            return accepting.isEmpty
        }
        // What a mistake hides may still need its exception.
        guard !hidesParts else { return left }
        let unused = zip(exceptions, isUsed).filter { !$1 && isDecided($0.rule) }
        return left + unused.map { unusedFinding($0.0) }
    }

    /// Whether the findings of a rule all come from the reading of this file.
    private func isDecided(_ rule: Rule) -> Bool {
        switch rule {
        case .startClash: false
        case .unknownDestination: options.destinations != nil
        default: !rule.code.hasPrefix("MW8")
        }
    }

    private func unusedFinding(_ exception: Exception) -> Finding {
        let span = span(exception.node, exception.node.headRange)
        let removed = sources[exception.source].text.span(exception.removal, pointer: span.pointer)
        return Finding(
            .unusedAllow, "nothing here gives \(exception.rule.code) any more", at: span,
            help: "remove the exception",
            fix: Fix("remove the exception", edits: [.init(span: removed, newText: "")]))
    }
}

extension Exception {
    /// The bytes to remove so that it is gone, and the comma beside it.
    fileprivate var removal: Range<Int> {
        let parts = list.kind == .array ? list.elements.map(\.range) : []
        guard parts.count > 1, let index = parts.firstIndex(of: node.range) else {
            return Self.removal(
                of: list.range,
                among: object.members.map { name, value in
                    (value.nameRange?.lowerBound ?? value.range.lowerBound)..<value.range.upperBound
                })
        }
        return Self.removal(of: parts[index], among: parts)
    }

    private static func removal(of part: Range<Int>, among parts: [Range<Int>]) -> Range<Int> {
        guard let index = parts.firstIndex(where: { $0.upperBound == part.upperBound }) else {
            return part
        }
        if index + 1 < parts.count { return parts[index].lowerBound..<parts[index + 1].lowerBound }
        if index > 0 { return parts[index - 1].upperBound..<parts[index].upperBound }
        return parts[index]
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
            && entries.allSatisfy { entry in entry.members.contains { $0.name == "code" } }
    }
}
