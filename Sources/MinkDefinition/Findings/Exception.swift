// Findings that a file accepts: `"allow": [{ "code": "MW7001", "because": "a person answers" }]`.
import MinkExpression

/// An accepted finding, and the part of the file in which it is accepted.
struct Exception {
    let rule: Rule
    let source: Int
    /// The bytes of the object that holds it, and of its name.
    let range: Range<Int>
    let node: Node
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
                    node: node))
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

    /// The findings that no exception accepts.
    func withoutAccepted() -> [Finding] {
        guard !exceptions.isEmpty else { return findings }
        var spans: [String: [(Rule, SourceSpan)]] = [:]
        for exception in exceptions {
            let text = sources[exception.source].text
            spans[text.file, default: []].append(
                (exception.rule, text.span(exception.range, pointer: "")))
        }
        return findings.filter { finding in
            !(spans[finding.span.file] ?? []).contains { rule, span in
                rule == finding.rule && span.contains(finding.span)
            }
        }
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
