// Tells an instance's story to the pure engine: inputs go in, names of commands come out.
import Glibc
import MinkDefinition
import MinkEngine
import MinkExpression
import Testing

/// An instance of a workflow, and what its turns did so far.
struct Story {
    fileprivate(set) var definition: Definition
    let id: InstanceID
    fileprivate(set) var instance: Instance?
    fileprivate(set) var decision: Decision
    private(set) var now = Timestamp("2026-01-01T00:00:00Z") ?? .earliest
    private var events = 0

    init(_ definition: Definition, key: String = "o1") {
        self.definition = definition
        id = InstanceID(
            tenant: "", workflow: definition.identity.workflow, key: .string(key))
        decision = Decision(instance: nil)
    }

    /// The commands of the last turn.
    var commands: [String] { decision.commands.map(\.name) }
    /// How the events of the last turn were judged, in order.
    var judgements: [Fact.Judgement] {
        decision.facts.compactMap {
            if case .event(_, _, let judged, _) = $0 { judged } else { nil }
        }
    }
    /// The arguments of the commands of the last turn.
    var arguments: [Value] { decision.commands.map(\.arguments) }
    /// The reasons of the dead letters of the last turn.
    var deadLetters: [String] {
        decision.facts.compactMap {
            if case .deadLetter(_, _, let reason, _, _) = $0 { reason } else { nil }
        }
    }
    var state: String? { instance?.state }
    var status: Instance.Status? { instance?.status }
    var held: [String] { instance?.held.map(\.event.id) ?? [] }
    /// Commands that are not settled, by name.
    var outstanding: [String] { instance?.outstanding.map(\.command.name) ?? [] }
    var incidents: [Incident.Code] { instance?.incidents.map(\.code) ?? [] }
    var ledger: [String] { instance?.ledger.map(\.command) ?? [] }

    mutating func input(_ input: Input) {
        decision = decide(definition, instance, id: id, input, at: now)
        if decision.refusal == nil { instance = decision.instance }
    }

    mutating func event(
        _ type: String, _ data: Value = [:], isSeen: Bool = false, causedBy: String? = nil
    ) {
        input(.event(make(type, data, causedBy: causedBy), isSeen: isSeen))
    }

    /// The next event of the log.
    mutating func make(
        _ type: String, _ data: Value = [:], causedBy: String? = nil
    ) -> EventRecord {
        events += 1
        var payload = data
        if data["k"] == nil, case .map(var map) = data {
            map["k"] = id.key.value
            payload = .map(map)
        }
        return EventRecord(
            id: "e\(events)", type: type, data: payload.json,
            metadata: EventRecord.Metadata(causationID: causedBy), time: now,
            position: Int64(events))
    }

    /// Lets time pass, firing the timers that are due on the way.
    mutating func wait(_ duration: Duration) {
        let end = now.adding(duration) ?? .latest
        while let timer = instance?.runningTimers.min(by: { ($0.due, $0.kind) < ($1.due, $1.kind) }
        ),
            timer.due <= end
        {
            now = max(now, timer.due)
            input(.timer(number: timer.number))
        }
        now = end
    }

    /// Lets time pass although timers are due, as if no engine were running.
    mutating func pass(_ duration: Duration) {
        now = now.adding(duration) ?? .latest
    }

    /// Pauses the instance, as an input does that can not be judged.
    mutating func pauseByHand() {
        guard var paused = instance else {
            Issue.record("there is nothing to pause")
            return
        }
        paused.counters.incidents += 1
        let number = paused.counters.incidents
        paused.incidents.append(
            Incident(number: number, code: .poisonedTurn, message: "a test", at: now))
        paused.pause = Pause(incident: number)
        instance = paused
    }

    /// Notes that a delivery of the oldest outstanding command of a name is under way.
    mutating func begin(_ name: String) {
        guard let index = instance?.outstanding.firstIndex(where: { $0.command.name == name })
        else {
            Issue.record("no command \(name) is outstanding")
            return
        }
        instance?.outstanding[index].isInAttempt = true
    }

    /// Acknowledges the oldest outstanding command of a name.
    mutating func accept(_ name: String, result: Value = .null) {
        settle(name, .accepted(result))
    }

    mutating func exhaust(
        _ name: String, _ message: String, code: Input.Exhaustion.Code = .failed, attempts: Int = 5
    ) {
        settle(
            name,
            .exhausted(Input.Exhaustion(code: code, message: message, attempts: attempts)))
    }

    /// Gives up the newest outstanding command of a name.
    mutating func settleLast(_ name: String) {
        guard let sent = instance?.outstanding.last(where: { $0.command.name == name }) else {
            Issue.record("no command \(name) is outstanding")
            return
        }
        let exhaustion = Input.Exhaustion(code: .failed, message: "down", attempts: 5)
        input(.outcome(Input.Outcome(of: sent.command, result: .exhausted(exhaustion))))
    }

    private mutating func settle(_ name: String, _ result: Input.Result) {
        guard let sent = instance?.outstanding.first(where: { $0.command.name == name }) else {
            Issue.record("no command \(name) is outstanding")
            return
        }
        input(.outcome(Input.Outcome(of: sent.command, result: result)))
    }

    mutating func act(
        _ verb: OperatorAction.Verb, with arguments: Value? = nil, incident: Int? = nil,
        endIn: String? = nil
    ) {
        input(
            .action(
                OperatorAction(
                    verb: verb, reason: "a test", arguments: arguments, incident: incident,
                    endIn: endIn)))
    }
}

extension Story {
    /// Moves the instance to another version, which decides the turn.
    mutating func migrate(to next: Definition) {
        let action = OperatorAction(
            verb: .migrate, reason: "a test", to: DefinitionReference(next.identity))
        decision = decide(next, instance, id: id, .action(action), at: now)
        guard decision.refusal == nil else { return }
        instance = decision.instance
        definition = next
    }
}

/// Reads definitions for tests, also those that a check would refuse: the engine has to do the
/// right thing with each that can be compiled.
enum Workflow {
    private static var reader: DefinitionReader {
        var options = DefinitionReader.Options()
        options.checks = false
        return DefinitionReader(options: options, files: Files())
    }

    /// A workflow of the project.
    static func project(_ name: String) throws -> Definition {
        let path = root + "/workflows/\(name).workflow.json"
        return try read(try #require(bytes(of: path)), file: name)
    }

    /// A workflow from text.
    static func text(_ json: String) throws -> Definition {
        try read(Array(json.utf8), file: "test")
    }

    /// A workflow from text that may be wrong.
    static func ifValid(_ json: String) -> Definition? {
        reader.read(
            DefinitionReader.Input(
                file: "test", path: "workflows/test.workflow.json", bytes: Array(json.utf8))
        ).definition
    }

    private static func read(_ bytes: [UInt8], file: String) throws -> Definition {
        let result = reader.read(
            DefinitionReader.Input(
                file: file, path: "workflows/\(file).workflow.json", bytes: bytes))
        for finding in result.findings where finding.severity == .error {
            Issue.record("\(finding.sentence) at \(finding.span.line):\(finding.span.column)")
        }
        return try #require(result.definition)
    }

    private struct Files: FileSource {
        func read(_ path: String) -> Result<[UInt8], FileProblem> {
            bytes(of: root + "/" + path).map { .success($0) } ?? .failure(.missing)
        }
    }

    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    private static func bytes(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            content += chunk[..<count]
        }
        return content
    }
}
