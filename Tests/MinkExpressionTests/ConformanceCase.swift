// One test of the official conformance suite, and how the product answers it.

import Foundation
@testable import MinkExpression

/// One line of the conformance data.
struct ConformanceCase: CustomStringConvertible {
    let id: String
    let file: String
    let expression: String
    let isChecked: Bool
    let isCheckOnly: Bool
    let hasMacros: Bool
    let needsContainer: Bool
    let declaresFunctions: Bool
    let variables: [String: ExpressionType]
    let bindings: [(name: String, value: Value)]
    let value: Value?
    let type: String?

    var description: String { id }

    init(_ node: JSONNode) {
        id = node["id"]?.text ?? ""
        file = node["file"]?.text ?? ""
        expression = node["expr"]?.text ?? ""
        isChecked = node["disable_check"]?.bool != true
        isCheckOnly = node["check_only"]?.bool == true
        hasMacros = node["disable_macros"]?.bool != true
        needsContainer = node["container"]?.text != nil
        var variables: [String: ExpressionType] = [:]
        var declaresFunctions = false
        for declaration in node["type_env"].map({ Array($0.elements) }) ?? [] {
            if let type = declaration["type"]?.text, let name = declaration["name"]?.text {
                variables[name] = Self.type(type)
            } else {
                declaresFunctions = true
            }
        }
        self.variables = variables
        self.declaresFunctions = declaresFunctions
        bindings = (node["bindings"].map { Array($0.members) } ?? []).map {
            ($0.name, Self.value($0.value))
        }
        value = node["expect"]?["value"].map(Self.value)
        type = node["expect"]?["type"]?.text
    }

    // MARK: Reading

    static func value(_ node: JSONNode) -> Value {
        let text = node["v"]?.text ?? ""
        switch node["t"]?.text {
        case "bool": return .bool(node["v"]?.bool ?? false)
        case "int": return .int(Int64(text) ?? 0)
        case "uint": return .uint(UInt64(text) ?? 0)
        case "double": return .double(DoubleText.parse(text) ?? 0)
        case "string": return .string(text)
        case "bytes": return .bytes(Data(base64Encoded: text).map { [UInt8]($0) } ?? [])
        case "type": return .type(text)
        case "timestamp": return Timestamp(text).map(Value.timestamp) ?? .null
        case "duration": return DurationText.parseGo(text).map(Value.duration) ?? .null
        case "list": return .list((node["v"].map { Array($0.elements) } ?? []).map(value))
        case "map":
            var map = ValueMap()
            for pair in node["v"].map({ Array($0.elements) }) ?? [] {
                let entry = Array(pair.elements).map(value)
                map[key(entry[0])] = entry[1]
            }
            return .map(map)
        default: return .null
        }
    }

    private static func key(_ value: Value) -> ValueKey {
        switch value {
        case .int(let number): .int(number)
        case .uint(let number): .uint(number)
        case .bool(let flag): .bool(flag)
        case .string(let text): .string(text)
        default: .string("?")
        }
    }

    private static func type(_ text: String) -> ExpressionType {
        let plain: [String: ExpressionType] = [
            "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
            "bytes": .bytes, "null_type": .null, "timestamp": .timestamp, "duration": .duration,
        ]
        if let type = plain[text] { return type }
        if text.hasPrefix("list("), text.hasSuffix(")") {
            return .list(type(String(text.dropFirst(5).dropLast())))
        }
        if text.hasPrefix("map("), let comma = text.firstIndex(of: ",") {
            let key = text[text.index(text.startIndex, offsetBy: 4)..<comma]
            let value = text[text.index(comma, offsetBy: 2)...].dropLast()
            return .map(key: type(String(key)), value: type(String(value)))
        }
        return .dynamic
    }
}

extension ConformanceCase {
    /// What went wrong; `nil` when the answer is the expected one.
    func failure() -> String? {
        let names = Set(variables.keys).union(bindings.map(\.name)).sorted()
        let layout = VariableLayout(names: names)
        var environment = ExpressionEnvironment(
            layout: layout,
            variables: variables.merging(bindings.map { ($0.name, .dynamic) }) {
                $1 == .dynamic ? $0 : $1
            },
            timeZones: TimeZoneData.read)
        environment.checksTypes = isChecked
        environment.expandsMacros = hasMacros
        let (expression, problems) = CompiledExpression.compile(expression, in: environment)
        guard let expression else {
            let messages = problems.map(\.message).joined(separator: "; ")
            return value == nil && type == nil ? nil : "refused: \(messages)"
        }
        if let type, Self.text(expression.type) != type {
            return "type \(Self.text(expression.type))"
        }
        if isCheckOnly { return nil }
        let scope = EvaluationScope(layout: layout)
        for (name, value) in bindings { scope.bind(name, value) }
        switch (scope.evaluate(expression), value) {
        case (.failure, nil): return nil
        case (.failure(let error), _?): return "failed: \(error.message)"
        case (.absent, _): return "absent"
        case (.value(let given), nil): return "no error, but \(given)"
        case (.value(let given), let wanted?):
            return Self.isSame(given, wanted) ? nil : "\(given)"
        }
    }

    /// The same value of the same kind; NaN is itself here.
    private static func isSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.double(let a), .double(let b)):
            a.isNaN && b.isNaN || a == b && a.sign == b.sign
        default: left == right
        }
    }

    /// The type as the suite writes it.
    private static func text(_ type: ExpressionType) -> String {
        switch type {
        case .dynamic, .open, .parameter: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .list(let element): "list(\(text(element)))"
        case .map(let key, let value): "map(\(text(key)), \(text(value)))"
        case .optional(let wrapped): "optional_type(\(text(wrapped)))"
        default: "\(type)"
        }
    }
}
