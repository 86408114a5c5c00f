// What must hold in every life of every workflow, whatever happens.
package import MinkDefinition
package import MinkEngine
import MinkExpression

/// Watches a life, and notes what must not be.
package struct Audit: Sendable {
    package private(set) var problems: [String] = []
    /// Commands that a receiver took.
    package var accepted: Set<String> = []
    private var commands: [String: CommandRecord] = [:]
    private var takenBack: Set<String> = []
    private var arrived: Set<String> = []
    private var finals: [String: Int] = [:]
    private var deadLetters: [String: Int] = [:]
    /// Frames that wait, the newest last; and the one in progress.
    private var ledger: [Int] = []
    private var inProgress: Int?
    private var settled: Set<Int> = []

    private mutating func expect(_ holds: Bool, _ rule: String) {
        if !holds { problems.append(rule) }
    }

    package init() {}

    /// Checks a decision against the instance and the outbox before it.
    package mutating func check(
        _ decision: Decision, _ input: Input, before: Instance?, outbox: [OutstandingCommand],
        _ definition: Definition
    ) {
        if decision.refusal != nil {
            expect(decision.facts.isEmpty && decision.commands.isEmpty, "a refusal does nothing")
            expect(decision.instance == before, "a refusal changes nothing")
            return
        }
        if case .event(let event, _) = input { arrived.insert(event.id) }
        for fact in decision.facts { follow(fact) }
        checkCommands(decision, input, outbox)
        checkStatus(before?.status, decision.instance)
        checkEvents(decision.instance)
        if let instance = decision.instance {
            check(instance)
            checkOffered(instance, definition)
        }
    }

    private mutating func follow(_ fact: Fact) {
        switch fact {
        case .event(let id, _, let judged, _):
            if judged != .early { finals[id, default: 0] += 1 }
        case .deadLetter(let id, _, _, _, _):
            deadLetters[id, default: 0] += 1
        case .pushed(let frame, _):
            ledger.append(frame)
        case .emitted(let command):
            if command.role == .compensation, inProgress == nil { inProgress = ledger.popLast() }
            expect(
                commands[command.id] == nil || commands[command.id]?.number == command.number,
                "command \(command.number) has the id of another one")
            if commands.updateValue(command, forKey: command.id) != nil {
                accepted.remove(command.id)  // A person sends it again.
            }
        case .settled(let frame, _, _):
            expect(
                frame == inProgress, "frame \(frame) is settled, \(inProgress ?? 0) is in progress")
            expect(settled.insert(frame).inserted, "frame \(frame) is settled twice")
            inProgress = nil
        case .withdrawn(let command, _), .cancelled(let command):
            expect(!accepted.contains(command.id), "\(command.name) was delivered and taken back")
            expect(takenBack.insert(command.id).inserted, "\(command.name) is taken back twice")
        default: break
        }
    }

    private mutating func checkCommands(
        _ decision: Decision, _ input: Input, _ outbox: [OutstandingCommand]
    ) {
        let rows = Dictionary(outbox.map { ($0.id, $0) }) { first, _ in first }
        for command in decision.commands {
            expect(rows[command.id] == nil, "\(command.name) is emitted and in the outbox")
            expect(
                decision.instance?.commandID(number: command.number) == command.id,
                "the id of \(command.name) is not derived")
            expect(
                !takenBack.contains(command.id), "\(command.name) is sent after it was taken back")
        }
        for id in decision.withdrawn {
            expect(rows[id] != nil, "a command is withdrawn that is not in the outbox")
            expect(rows[id]?.isInAttempt != true, "a command is withdrawn while it is under way")
        }
        for id in decision.lastAttempts {
            expect(rows[id]?.isInAttempt == true, "a last try is not under way")
        }
        var asked: OperatorAction.Subject?
        if case .action(let action) = input { asked = action.subject }
        for id in decision.redelivered {
            expect(
                rows[id]?.isExhausted == true
                    || asked == .command(id) && rows[id]?.isInAttempt == false,
                "a command is redelivered that is not exhausted")
        }
        for id in decision.parked { expect(rows[id] != nil, "a command is parked that is gone") }
    }

    /// What the engine believes about deliveries must be what the outbox says.
    package mutating func checkOutbox(
        _ believed: [OutstandingCommand], _ stored: [OutstandingCommand]
    ) {
        func lines(_ commands: [OutstandingCommand]) -> [String] {
            commands.map { "\($0.command.number) \($0.isExhausted) \($0.isInAttempt)" }.sorted()
        }
        expect(
            lines(believed) == lines(stored),
            "outstanding is \(lines(believed)), the outbox is \(lines(stored))")
    }

    private mutating func checkStatus(_ before: Instance.Status?, _ instance: Instance?) {
        let after = instance?.status
        let isLegal =
            switch (before, after) {
            case (nil, _), (.started, _): true
            case (.running, .running?), (.running, .completed?): true
            case (.completed, let after?): after == .completed
            case (.running, let after?), (.compensating, let after?), (.failed, let after?),
                (.compensated, let after?):
                after == .compensating || after == .compensated || after == .failed
            default: false
            }
        expect(
            isLegal, "\(before.map { "\($0)" } ?? "none") became \(after.map { "\($0)" } ?? "none")"
        )
        let isUndone = after == .compensating || after == .compensated
        expect(
            !isUndone || instance?.failure != nil,
            "\(after.map { "\($0)" } ?? "") without a failure")
    }

    /// Every event is in one place: judged, held, waiting behind a pause, or a dead letter.
    private mutating func checkEvents(_ instance: Instance?) {
        var places: [String: Int] = [:]
        for held in instance?.held ?? [] { places[held.event.id, default: 0] += 1 }
        for input in (instance?.pause.map { [$0.unjudged].compactMap { $0 } + $0.kept } ?? []) {
            if case .event(let event, _) = input { places[event.id, default: 0] += 1 }
        }
        for id in arrived {
            let judged = finals[id] ?? 0
            let total = (judged > 0 ? judged : deadLetters[id] ?? 0) + (places[id] ?? 0)
            expect(total == 1, "event \(id) is in \(total) places")
        }
    }

    private mutating func check(_ instance: Instance) {
        let pausing = instance.incidents.filter { $0.code.pauses }
        expect(
            pausing.isEmpty == (instance.pause == nil), "pausing incidents and no pause, or reverse"
        )
        if let pause = instance.pause {
            expect(
                pausing.contains { $0.number == pause.incident },
                "the incident of a pause is closed")
        }
        for held in instance.held {
            expect(
                instance.timers.contains { $0.kind == .heldExpiry && $0.due == held.until },
                "a held event without a timer")
        }
        for timer in instance.timers where timer.kind == .timeout || timer.kind == .reminder {
            expect(timer.visit == instance.visit && instance.isActive, "a timer of a left state")
        }
        let numbers = instance.ledger.map(\.number)
        if instance.isSealed && instance.compensation == nil || instance.status == .completed {
            ledger = []
        }
        expect(numbers == ledger, "the ledger is \(numbers), pushed and not run are \(ledger)")
        expect(
            instance.status != .compensating || instance.compensation?.current != nil,
            "being undone without a frame in progress")
        expect(instance.status?.isEnded != true || ledger.isEmpty, "ended with a ledger")
        expect(instance.status?.isEnded != true || instance.held.isEmpty, "ended with held events")
        expect(hasCause(instance), "nothing can happen any more")
    }

    /// What the state wants is never left among what is held.
    private mutating func checkOffered(_ instance: Instance, _ definition: Definition) {
        guard instance.pause == nil, let state = instance.state.flatMap(definition.state) else {
            return
        }
        for held in instance.held {
            let isWanted = definition.handler(of: held.event.type, in: state) != nil
            expect(!isWanted, "\(held.event.type) is held, and \(state.name) handles it")
        }
    }

    /// Whether something can still move an unfinished instance.
    private func hasCause(_ instance: Instance) -> Bool {
        guard let status = instance.status, !status.isEnded else { return true }
        if instance.pause != nil || !instance.incidents.isEmpty { return true }
        if !instance.timers.isEmpty || !instance.outstanding.isEmpty { return true }
        return instance.compensation?.current?.isAccepted ?? (instance.state != nil)
    }
}

extension Audit {
    /// The recorded inputs must lead to the same bytes again, from the stored form each time.
    package mutating func replay(
        _ turns: [Simulation.Turn], _ definition: Definition, _ id: InstanceID
    ) {
        var stored: [UInt8]?
        for (number, turn) in turns.enumerated() where problems.isEmpty {
            replay(turn, number: number, from: stored, definition, id)
            stored = turn.stored
        }
    }

    /// One turn must lead to the same bytes again, from the stored form.
    package mutating func replay(
        _ turn: Simulation.Turn, number: Int, from stored: [UInt8]?, _ definition: Definition,
        _ id: InstanceID, trace: TurnTrace? = nil
    ) {
        var instance = stored.flatMap {
            try? ValueDecoder.decode(Instance.self, from: Value(storedJSON: $0))
        }
        expect((stored == nil) == (instance == nil), "turn \(number) can not be read back")
        instance?.outstanding = turn.outstanding
        let decision = decide(
            definition, instance, id: id, turn.input, at: turn.now, trace: trace)
        let again = decision.instance.flatMap { try? StoredEncoder.encode($0) }
        expect(again == turn.stored, "turn \(number) replays to other bytes")
        expect(decision.facts == turn.facts, "turn \(number) replays to other facts")
    }
}
