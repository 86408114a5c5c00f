// `eval`: one expression over given variables, or many, line by line.
import MinkDefinition
import MinkExpression
import MinkWorkflow

extension Verb {
    static let eval = Verb(
        name: "eval",
        summary: "evaluates an expression over given variables",
        operands: "EXPR | --jsonl [FILE|-]",
        details: """
            Prints the value and its type, or what is wrong, with exit code 1. The data file
            is one JSON object; its members are the variables:

              echo '{"data": {"total": 20}}' |
                mink-workflow eval 'data.total > 10' --data -

            With --jsonl each line is {"expr": …, "bindings": {NAME: VALUE, …}}, and each
            answer is {"value": VALUE} or {"error": [MESSAGE, …]}. These values keep their
            types: {"t": "int", "v": "7"}. "disable_check": true in a line leaves out the
            check of types, "disable_macros": true the macros.
            """,
        options: [
            Option(
                name: "--data", value: "FILE",
                summary: "a JSON object of variables; - is standard input"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"]),
            Option(
                name: "--jsonl", value: nil,
                summary: "evaluates the lines of a file or of standard input"),
        ],
        perform: { arguments throws(UsageError) in
            if arguments.has("--jsonl") { return try EvaluatedLines(arguments).run() }
            let text = try arguments.onlyOperand("eval needs one expression, in quotes")
            return try EvaluatedExpression(text, arguments).run()
        })
}

private struct EvaluatedExpression {
    private let text: String
    private let variables: [(name: String, value: Value)]
    private let isJSON: Bool

    init(_ text: String, _ arguments: Arguments) throws(UsageError) {
        // In a file a value that is an expression begins so; people copy it from there.
        self.text = text.hasPrefix("=") && !text.hasPrefix("==") ? String(text.dropFirst()) : text
        variables = try arguments.value("--data").map(Self.variables) ?? []
        isJSON = arguments.value("--format") == "json"
    }

    private static func variables(
        _ path: String
    ) throws(UsageError) -> [(name: String, value: Value)] {
        let content = path == "-" ? FileSystem.readStandardInput() : FileSystem.read(path)
        guard case .success(let bytes) = content else {
            throw UsageError(message: "the data file \"\(path)\" can not be read")
        }
        let document = JSONDocument(reading: bytes, limits: .event)
        guard let root = document.root, !document.hasErrors, root.kind == .object else {
            let problem = document.problems.first { $0.severity == .error }
            let place = problem.map { document.position(ofByte: $0.range.lowerBound) }
            throw UsageError(
                message: "the data file \"\(path)\" has to be one JSON object of variables"
                    + (place.map { "; see line \($0.line), column \($0.column)" } ?? ""))
        }
        return root.members.map { ($0.name, $0.value.value) }
    }

    func run() -> ExitCode {
        switch Trial(text, variables: variables, timeZones: SystemTime.timeZone) {
        case .value(let value): show(value.json, value.typeName)
        case .absent: show(nil, "absent")
        case .failure(let error): return complain([ExpressionMessage(error)])
        case .mistakes(let problems): return complain(problems.map { ExpressionMessage($0) })
        }
        return .ok
    }

    private func show(_ value: String?, _ type: String) {
        if isJSON {
            let value = value.map { "\"value\":\($0)," } ?? ""
            Output.line("{\(value)\"type\":\(Value.string(type).json)}")
        } else {
            Output.line([value, "type: \(type)"].compactMap(\.self).joined(separator: "\n"))
        }
    }

    private func complain(_ messages: [ExpressionMessage]) -> ExitCode {
        if isJSON {
            let errors = messages.map { message -> Value in
                let (line, column) = message.position(in: text)
                return [
                    "message": .string(message.message), "line": .int(Int64(line)),
                    "column": .int(Int64(column)),
                ]
            }
            Output.line(Value.object(["errors": .list(errors)]).json)
        } else {
            Output.message(messages.map { $0.picture(of: text) }.joined(separator: "\n"))
        }
        return .negative
    }
}

private struct EvaluatedLines {
    private let file: String

    init(_ arguments: Arguments) throws(UsageError) {
        guard arguments.operands.count <= 1, arguments.value("--data") == nil else {
            throw UsageError(
                message: "eval --jsonl reads one file or standard input; "
                    + "each line holds its own expression and bindings")
        }
        file = arguments.operands.first ?? "-"
    }

    func run() throws(UsageError) -> ExitCode {
        var source: LineSource
        switch LineSource.open(file) {
        case .success(let opened): source = opened
        case .failure(let error): throw UsageError(message: error.message)
        }
        var code = ExitCode.ok
        while let line = source.next() {
            guard !line.isBlank else { continue }
            guard let answer = answer(line.bytes) else {
                let words = "line \(line.number) is no object with \"expr\" and \"bindings\""
                Output.line(Self.errors([words]))
                code = .negative
                continue
            }
            Output.line(answer)
        }
        return code
    }

    /// The answer to a line; `nil` when it can not be read.
    private func answer(_ bytes: [UInt8]) -> String? {
        let document = JSONDocument(reading: bytes, limits: .event)
        guard let root = document.root, !document.hasErrors, let text = root["expr"]?.text else {
            return nil
        }
        var variables: [(name: String, value: Value)] = []
        for member in root["bindings"].map({ Array($0.members) }) ?? [] {
            guard let value = Value(tagged: member.value) else { return nil }
            variables.append((member.name, value))
        }
        let trial = Trial(
            text, variables: variables, checksTypes: root["disable_check"]?.bool != true,
            expandsMacros: root["disable_macros"]?.bool != true, timeZones: SystemTime.timeZone)
        switch trial {
        case .value(let value): return Value.object(["value": value.tagged]).json
        case .absent: return Value.object(["value": ["t": "optional"]]).json
        case .failure(let error): return Self.errors([error.message])
        case .mistakes(let problems): return Self.errors(problems.map(\.message))
        }
    }

    private static func errors(_ messages: [String]) -> String {
        Value.object(["error": .list(messages.map(Value.string))]).json
    }
}
