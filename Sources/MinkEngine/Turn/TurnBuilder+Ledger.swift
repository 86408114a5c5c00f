// The ledger: what would undo the saga, with the arguments as they were when the step was done.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// A frame before it has its number.
    struct Capture {
        let command: String
        let place: SourcePlace
        let arguments: Value
        let pending: [PendingValue]
        let signature: String
        let delivery: Delivery
        let confirmation: FrameConfirmation?
    }

    /// Computes the arguments of undo commands; what mentions the failure waits.
    func capture(_ uses: [CommandUse]) throws(Trouble) -> [Capture] {
        var captures: [Capture] = []
        for use in uses {
            guard let template = definition.commands[use.command] else {
                throw .expression(
                    message: "there is no command \"\(use.command)\"", place: use.place)
            }
            var pending: [PendingValue] = []
            let arguments = try capture(.object(use.arguments), at: [], &pending)
            captures.append(
                Capture(
                    command: use.command, place: use.place,
                    arguments: arguments ?? .map(ValueMap()),
                    pending: pending,
                    signature: signature(use.command, arguments ?? .null, pending),
                    delivery: template.delivery, confirmation: template.frameConfirmation))
        }
        return captures
    }

    private func capture(
        _ template: Template, at path: [PendingValue.PathStep], _ pending: inout [PendingValue]
    ) throws(Trouble) -> Value? {
        switch template {
        case .literal(let value):
            return value
        case .expression(let located):
            guard located.expression.mentions("failure") else { return try value(of: located) }
            pending.append(
                PendingValue(
                    path: path, expression: located.expression.text,
                    captured: captured(by: located.expression)))
            return .null
        case .list(let parts):
            var values: [Value] = []
            for part in parts {
                let step = PendingValue.PathStep.index(values.count)
                if let value = try capture(part, at: path + [step], &pending) {
                    values.append(value)
                }
            }
            return .list(values)
        case .object(let members):
            var map = ValueMap()
            for member in members {
                let step = PendingValue.PathStep.name(member.name)
                map[member.name] = try capture(member.value, at: path + [step], &pending)
            }
            return .map(map)
        }
    }

    /// The values that an expression reads, as of now, by variable.
    private func captured(by expression: CompiledExpression) -> Value {
        var roots = ValueMap()
        for reference in expression.references {
            guard let root = reference.path.first, root != "failure",
                let whole = boundValue(root)
            else { continue }
            if reference.path.count > 1, roots[root] != whole {
                var part = roots[root] ?? .map(ValueMap())
                if case .map(var members) = part {
                    members[reference.path[1]] = whole[reference.path[1]]
                    part = .map(members)
                }
                roots[root] = part
            } else {
                roots[root] = whole
            }
        }
        return .map(roots)
    }

    private func signature(
        _ command: String, _ arguments: Value, _ pending: [PendingValue]
    ) -> String {
        var text = command + "\n" + arguments.canonicalJSON
        for value in pending { text += "\n" + value.expression + value.captured.canonicalJSON }
        return Digest.hexadecimal(Digest.sha256(Array(text.utf8)).prefix(16))
    }

    /// Pushes frames; behind the point of no return they are only remembered.
    mutating func push(_ captures: [Capture]) {
        guard !current.isSealed else { return remember(captures) }
        for capture in captures {
            current.counters.frames += 1
            let frame = Frame(
                number: current.counters.frames, command: capture.command,
                arguments: capture.arguments, pending: capture.pending,
                delivery: capture.delivery, confirmation: capture.confirmation,
                signature: capture.signature)
            current.ledger.append(frame)
            current.signatures.insert(capture.signature)
            note(.pushed(frame: frame.number, command: frame.command))
            trace?.note(.pushed(frame: frame.number, capture.place))
        }
    }

    mutating func remember(_ captures: [Capture]) {
        for capture in captures { current.signatures.insert(capture.signature) }
    }

    /// Fills in what waited for the failure.
    func resolved(_ frame: Frame) throws(Trouble) -> Value {
        var arguments = frame.arguments
        for pending in frame.pending.reversed() {
            let value = try resolve(pending)
            arguments = arguments.replacing(at: pending.path[...], with: value)
        }
        return arguments
    }

    private func resolve(_ pending: PendingValue) throws(Trouble) -> Value? {
        var variables: ValueMap
        if case .map(let captured) = pending.captured {
            variables = captured
        } else {
            variables = ValueMap()
        }
        variables["failure"] = current.failure?.value
        switch StandaloneExpression.evaluate(pending.expression, variables) {
        case .value(let value): return value
        case .absent: return nil
        case .failure(let error):
            throw .expression(message: "\(error.message) in \"\(pending.expression)\"", place: nil)
        }
    }
}

/// Evaluates the text of an expression that outlived its definition.
enum StandaloneExpression {
    static func evaluate(_ text: String, _ variables: ValueMap) -> ExpressionResult {
        let names = variables.entries.compactMap { entry -> String? in
            if case .string(let name) = entry.key { name } else { nil }
        }
        let layout = VariableLayout(names: names)
        let environment = ExpressionEnvironment(
            layout: layout,
            variables: Dictionary(uniqueKeysWithValues: names.map { ($0, .dynamic) }))
        let compiled = CompiledExpression.compile(text, in: environment)
        guard let expression = compiled.expression else {
            return .failure(
                EvaluationError(
                    code: .noSuchOverload,
                    message: compiled.problems.first?.message ?? "can not be read", range: 0..<0))
        }
        let scope = EvaluationScope(layout: layout)
        for name in names { if let value = variables[name] { scope.bind(name, value) } }
        return scope.evaluate(expression)
    }
}

extension Value {
    /// The value with one part replaced; `nil` leaves the part out.
    func replacing(at path: ArraySlice<PendingValue.PathStep>, with part: Value?) -> Value {
        guard let step = path.first else { return part ?? .null }
        let rest = path.dropFirst()
        switch (self, step) {
        case (.map(var map), .name(let name)):
            guard let inner = map[name] else { return self }
            map[name] = rest.isEmpty ? part : inner.replacing(at: rest, with: part)
            return .map(map)
        case (.list(var list), .index(let index)) where list.indices.contains(index):
            if rest.isEmpty, part == nil {
                list.remove(at: index)
            } else {
                list[index] = list[index].replacing(at: rest, with: part)
            }
            return .list(list)
        default:
            return self
        }
    }
}

extension CommandTemplate {
    var frameConfirmation: FrameConfirmation? {
        confirmation.map {
            FrameConfirmation(
                event: $0.event, within: $0.within, failedBy: $0.failedBy,
                when: $0.when?.expression.text)
        }
    }
}

extension CompiledExpression {
    /// Whether the expression reads a variable.
    fileprivate func mentions(_ variable: String) -> Bool {
        references.contains { $0.path.first == variable }
    }
}
