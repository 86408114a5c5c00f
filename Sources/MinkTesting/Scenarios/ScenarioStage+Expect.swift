// What scenarios expect, and how a disappointment reads.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkSQLite
import MinkStore

extension ScenarioStage {
    /// The next command not yet expected has this name, and at least these arguments.
    mutating func expectCommand(
        _ name: String, with arguments: JSONNode?, at place: SourcePlace
    ) throws {
        guard expected < commands.count else {
            throw ScenarioResult.Failure(
                place: place, message: "expected command \(name), but no command came")
        }
        let command = commands[expected]
        guard command.name == name else {
            throw ScenarioResult.Failure(
                place: place, message: "expected command \(name)\n     found \(command.name)")
        }
        if let arguments {
            let differences = command.arguments.differences(from: arguments)
            guard differences.isEmpty else {
                throw ScenarioResult.Failure(
                    place: place,
                    message: "command \(name):\n" + differences.joined(separator: "\n"))
            }
        }
        expected += 1
    }

    /// Exactly these commands came since the last expectation.
    mutating func expectCommands(_ names: [String], at place: SourcePlace) throws {
        let found = commands.dropFirst(expected).map(\.name)
        guard found == names else {
            throw ScenarioResult.Failure(
                place: place,
                message: "expected commands \(Self.list(names))\n"
                    + "          found \(Self.list(found))")
        }
        expected = commands.count
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// The instance looks like this.
    func expect(_ expectation: ScenarioStep.Expectation, at place: SourcePlace) async throws {
        let letters = expectation.deadLetters == nil ? nil : try await deadLetterCount()
        let instance = expectation.isAboutInstance ? try await instance(at: place) : nil
        var differences = instance.map { self.differences($0, expectation) } ?? []
        differences += Self.difference(
            "dead letters", expectation.deadLetters.map(String.init), letters.map(String.init))
        guard differences.isEmpty else {
            throw ScenarioResult.Failure(
                place: place, message: differences.joined(separator: "\n"))
        }
    }

    /// How many dead letters there are.
    ///
    /// Never inlined: the optimiser of Swift 6.3 crashes on what it would make of it.
    @inline(never)
    func deadLetterCount() async throws -> Int {
        try await store.deadLetters(after: 0, limit: 10_000).count
    }

    private static func difference(
        _ name: String, _ expected: String?, _ found: String?
    ) -> [String] {
        guard let expected, expected != found else { return [] }
        return ["expected \(name) \(expected)\n   found \(name) \(found ?? "none")"]
    }

    /// Where an instance is not as it is expected to be.
    private func differences(
        _ instance: Instance, _ expectation: ScenarioStep.Expectation
    ) -> [String] {
        var all = Self.difference(
            "status", expectation.status?.rawValue, instance.status?.rawValue)
        all += Self.difference("state", expectation.state, instance.state)
        all += Self.difference(
            "outcome", expectation.outcome?.rawValue, outcome(of: instance)?.rawValue)
        all += Self.difference(
            "held", expectation.held.map(String.init), String(instance.held.count))
        all += Self.difference(
            "ledger", expectation.ledger.map(Self.list),
            Self.list(instance.ledger.map(\.command)))
        if let incident = expectation.incident {
            let open = instance.incidents.map(\.code)
            if incident.map({ !open.contains($0) }) ?? !open.isEmpty {
                all += Self.difference(
                    "incident", incident?.rawValue ?? "none", Self.list(open.map(\.rawValue)))
            }
        }
        if let data = expectation.data {
            all += instance.data.differences(from: data, at: "data")
        }
        return all
    }

    private func outcome(of instance: Instance) -> Outcome? {
        guard instance.status?.isEnded ?? false else { return nil }
        return instance.state.flatMap(definition.state)?.outcome
    }
}

extension ScenarioStep.Expectation {
    /// Whether it says anything about the instance, and not only about dead letters.
    fileprivate var isAboutInstance: Bool {
        status != nil || state != nil || outcome != nil || data != nil || incident != nil
            || held != nil || ledger != nil
    }
}

extension Value {
    /// Where this value is not what a JSON text expects of it; members that the text leaves out
    /// do not matter.
    fileprivate func differences(from expected: JSONNode, at path: String = "") -> [String] {
        if expected.kind == .object, case .map(let map) = self {
            return expected.members.flatMap { member -> [String] in
                let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
                guard let found = map[member.name] else {
                    return member.value.kind == .null
                        ? [] : ["expected \(inner) \(member.value.source)\n   found none"]
                }
                return found.differences(from: member.value, at: inner)
            }
        }
        if expected.kind == .array, case .list(let list) = self {
            let elements = Array(expected.elements)
            if elements.count == list.count {
                return zip(list, elements).enumerated().flatMap { index, pair in
                    pair.0.differences(from: pair.1, at: "\(path)[\(index)]")
                }
            }
        }
        guard !means(expected) else { return [] }
        return ["expected \(path) \(expected.source)\n   found \(path) \(json)"]
    }

    /// Whether a JSON text writes this value: 100 is also the decimal 100.00.
    private func means(_ expected: JSONNode) -> Bool {
        switch self {
        case .decimal(let decimal):
            let written = expected.decimal ?? expected.text.flatMap { ExactDecimal($0) }
            return written.map { CompiledExpression.isEqual(.decimal($0), .decimal(decimal)) }
                ?? false
        case .timestamp, .duration:
            return expected.text.map { .string($0) == self.plain } ?? false
        default:
            return CompiledExpression.isEqual(self, expected.value)
        }
    }

    /// The value as JSON would hold it.
    private var plain: Value {
        let text = json
        return JSONDocument(reading: Array(text.utf8), limits: .library).root?.value ?? self
    }
}
