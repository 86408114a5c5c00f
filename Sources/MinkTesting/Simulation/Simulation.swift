// A tiny runtime around the pure engine, driven by drawn numbers: a log, an outbox, timers, a
// clock and a person. It keeps what a store would keep, and nothing else passes from turn to turn.
package import MinkDefinition
package import MinkEngine
package import MinkExpression

/// One drawn life of an instance.
package struct Simulation {
    /// A command as the outbox keeps it.
    struct Row {
        let command: CommandRecord
        var attempts = 0
        var isInAttempt = false
        var isExhausted = false
        var isLastAttempt = false
    }

    /// A turn as the history keeps it.
    package struct Turn: Sendable {
        package let input: Input
        package let outstanding: [OutstandingCommand]
        package let now: Timestamp
        package let stored: [UInt8]?
        package let facts: [Fact]

        package init(
            input: Input, outstanding: [OutstandingCommand], now: Timestamp, stored: [UInt8]?,
            facts: [Fact]
        ) {
            self.input = input
            self.outstanding = outstanding
            self.now = now
            self.stored = stored
            self.facts = facts
        }
    }

    /// What a life is watched for.
    package struct Options: Sendable {
        /// Whether a person acts on the instance.
        package var hasOperator = true
        /// Whether every turn is kept, to be replayed and shown.
        package var keepsTurns = true
        /// Whether the rules are checked after every turn.
        package var audits = true

        package init() {}
    }

    let definition: Definition
    let id: InstanceID
    /// Draws the payload of an event.
    let payload: (String, inout Draw) -> Value
    var draw: Draw
    var now = Timestamp("2026-01-01T00:00:00Z") ?? .earliest
    package private(set) var instance: Instance?
    var outbox: [Row] = []
    var seen: Set<SeenValue> = []
    var sent: [EventRecord] = []
    var turns: [Turn] = []
    /// All facts so far, in order.
    package var facts: [Fact] = []
    /// The data before and after each event was judged for good, by its id.
    private(set) var dataAround: [String: (before: Value, after: Value)] = [:]
    package private(set) var audit = Audit()
    private let options: Options
    private let types: [String]
    private let starts: [String]

    package init(
        _ definition: Definition, seed: UInt64, options: Options = Options(),
        payload: @escaping (String, inout Draw) -> Value
    ) {
        self.definition = definition
        self.options = options
        self.payload = payload
        draw = Draw(seed: seed)
        types = definition.events.keys.sorted()
        starts = definition.start.keys.sorted()
        id = InstanceID(
            tenant: "", workflow: definition.identity.workflow, key: .string("k1"))
    }

    /// Lives for some steps, then lets everything come to rest.
    package mutating func run(steps: Int) {
        for _ in 0..<steps where audit.problems.isEmpty { step() }
        audit.replay(turns, definition, id)
    }

    mutating func step() {
        switch draw.below(100) {
        case 0..<30: sendEvent()
        case 30..<36: sendAgain()
        case 36..<75: deliver()
        case 75..<90: passTime()
        case 90..<97:
            if options.hasOperator { act() }
        default: now = now.adding(.seconds(draw.below(1_000))) ?? .latest
        }
    }

    mutating func sendEvent() {
        let type = instance?.state == nil && draw.chance(60) ? draw.pick(starts) : draw.pick(types)
        append(type, payload(type, &draw), causedBy: nil)
    }

    /// The sender sends an event again, under another id.
    private mutating func sendAgain() {
        guard !sent.isEmpty else { return }
        let event = draw.pick(sent)
        judge(
            EventRecord(
                id: "e\(sent.count)", type: event.type, data: event.data, metadata: event.metadata,
                time: now, position: Int64(sent.count + 1)))
    }

    mutating func append(_ type: String, _ data: Value, causedBy: String?) {
        judge(
            EventRecord(
                id: "e\(sent.count)", type: type, data: data.json,
                metadata: EventRecord.Metadata(causationID: causedBy), time: now,
                position: Int64(sent.count + 1)))
    }

    private mutating func judge(_ event: EventRecord) {
        sent.append(event)
        guard case .instance(_, let unique, let payload) = route(event, by: definition) else {
            return
        }
        let isSeen = instance != nil && unique.map(seen.contains) ?? false
        turn(.event(event, isSeen: isSeen), payload: payload)
    }

    /// Begins a delivery, or ends one that is under way.
    mutating func deliver() {
        let moment = now
        let ready = outbox.indices.filter {
            !outbox[$0].isExhausted && outbox[$0].command.due.map { $0 <= moment } ?? true
        }
        guard !ready.isEmpty else { return }
        let index = draw.pick(ready)
        guard outbox[index].isInAttempt else {
            outbox[index].isInAttempt = true
            return
        }
        outbox[index].isInAttempt = false
        outbox[index].attempts += 1
        let row = outbox[index]
        switch draw.below(10) {
        case 0..<6: accept(row)
        case 6..<8 where !row.isLastAttempt && row.attempts < 3: break  // Tried again later.
        default: exhaust(row)
        }
    }

    mutating func accept(_ row: Row) {
        audit.accepted.insert(row.command.id)
        outbox.removeAll { $0.command.id == row.command.id }
        turn(.outcome(Input.Outcome(of: row.command, result: .accepted(.null))))
        let template = definition.commands[row.command.name]
        let answers = draw.chance(70) ? template?.doneBy ?? [] : template?.failedBy ?? []
        let answer =
            row.command.name == "Item"
            ? draw.pick(["Done1", "Done1", "Failed1"]) : answers.isEmpty ? nil : draw.pick(answers)
        if let answer, draw.chance(80) {
            append(answer, payload(answer, &draw), causedBy: row.command.id)
        }
    }

    private mutating func exhaust(_ row: Row) {
        let exhaustion = Input.Exhaustion(
            code: draw.pick([.failed, .rejected, .timeout]), message: "down", attempts: row.attempts
        )
        turn(.outcome(Input.Outcome(of: row.command, result: .exhausted(exhaustion))))
    }

    /// Moves the clock to what is due next, and fires it if it is a timer.
    mutating func passTime() {
        let timers = instance?.runningTimers ?? []
        guard let timer = timers.min(by: { ($0.due, $0.kind) < ($1.due, $1.kind) }) else { return }
        now = max(now, timer.due)
        turn(.timer(number: timer.number))
    }

    private mutating func act() {
        let verb =
            instance?.pause != nil
            ? draw.pick([.resume, .resume, .retry, .skip, .markDone, .compensate, .cancel])
            : draw.pick(OperatorAction.Verb.scripted)
        if [.retry, .skip].contains(verb), draw.chance(50), let subject = subject(of: verb) {
            return turn(
                .action(OperatorAction(verb: verb, reason: "drawn", subject: subject)))
        }
        let edits = verb == .retry && draw.chance(30)
        turn(
            .action(
                OperatorAction(
                    verb: verb, reason: "drawn",
                    arguments: edits ? .object(["edited": .int(Int64(draw.below(99)))]) : nil)))
    }

    /// One thing that a person may decide about: a command or a held event.
    ///
    /// A step is never left out, because nothing but its answer may move the saga on.
    private mutating func subject(of verb: OperatorAction.Verb) -> OperatorAction.Subject? {
        let commands = outstanding.filter { verb == .retry || $0.command.role == .compensation }
        let held = instance?.held ?? []
        let all =
            commands.map { OperatorAction.Subject.command($0.id) }
            + held.map { OperatorAction.Subject.held($0.event.id) }
        return all.isEmpty ? nil : draw.pick(all)
    }

    /// Decides an input and keeps what a store would keep.
    mutating func turn(_ input: Input, payload: Value? = nil) {
        let outstanding = outstanding
        instance?.outstanding = outstanding
        let before = instance
        let decision = decide(
            definition, instance, id: id, input, payload: payload, at: now)
        if options.audits {
            audit.check(decision, input, before: before, outbox: outstanding, definition)
        }
        guard decision.refusal == nil else { return }
        apply(decision, input)
        facts += decision.facts
        if let before, let after = decision.instance {
            for case .event(let id, _, let judged, _) in decision.facts
            where judged == .handled || judged == .late {
                dataAround[id] = (before.data, after.data)
            }
        }
        instance = decision.instance
        if options.audits {
            audit.checkOutbox(decision.instance?.outstanding ?? [], self.outstanding)
        }
        guard options.keepsTurns else { return }
        let stored = decision.instance.flatMap { try? StoredEncoder.encode($0) }
        turns.append(
            Turn(
                input: input, outstanding: before?.outstanding ?? [], now: now, stored: stored,
                facts: decision.facts))
    }

    private mutating func apply(_ decision: Decision, _ input: Input) {
        if case .outcome(let outcome) = input, !decision.parked.contains(outcome.command.id) {
            outbox.removeAll { $0.command.id == outcome.command.id }
        }
        for index in outbox.indices {
            let id = outbox[index].command.id
            if decision.parked.contains(id) { outbox[index].isExhausted = true }
            if decision.lastAttempts.contains(id) { outbox[index].isLastAttempt = true }
            guard decision.redelivered.contains(id) else { continue }
            outbox[index].isExhausted = false
            outbox[index].attempts = 0
        }
        let gone = Set(decision.withdrawn + decision.released)
        outbox.removeAll { gone.contains($0.command.id) }
        outbox += decision.commands.map { Row(command: $0) }
        seen.formUnion(decision.seenValues)
        if decision.instance == nil { seen = [] }
    }

    /// The commands that were acknowledged, by their ids.
    package var acceptedCommands: Set<String> { audit.accepted }

    private var outstanding: [OutstandingCommand] {
        outbox.map {
            OutstandingCommand(
                $0.command, attempts: $0.attempts, isInAttempt: $0.isInAttempt,
                isExhausted: $0.isExhausted)
        }
    }

    /// The last turns, for people.
    package var trace: String {
        turns.suffix(14).map { turn in
            let what =
                switch turn.input {
                case .event(let event, let isSeen):
                    "\(event.type) \(event.id) \(event.data)\(isSeen ? " seen" : "")"
                case .timer(let number): "timer \(number)"
                case .unwritable(_, let why): "unwritable: \(why)"
                case .outcome(let outcome): "\(outcome.command.name) \(outcome.result)"
                case .action(let action): "\(action.verb)"
                }
            return "  \(what)\n"
                + turn.facts.map { "      \($0)".prefix(240) }.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
