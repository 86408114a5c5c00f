// Turns what an engine did into lines of a transcript.
import MinkDefinition
import MinkEngine
package import MinkExpression
package import MinkStore

/// Makes the lines of a transcript.
package struct TranscriptRecorder: Sendable {
    /// Whether personal data is shown instead of masked.
    package var showsPersonal = false
    private let catalog: Catalog

    package init(catalog: Catalog, showsPersonal: Bool = false) {
        self.catalog = catalog
        self.showsPersonal = showsPersonal
    }

    /// The lines for one thing that the engine did; often none.
    package func lines(for observation: Observation) -> [TranscriptLine] {
        switch observation {
        case .turn(let turn):
            return turn.decision.facts.compactMap { fact in
                line(for: fact, in: turn).map {
                    TranscriptLine(
                        at: turn.at, tenant: turn.id.tenant, workflow: turn.id.workflow,
                        key: turn.id.key, fact: $0)
                }
            }
        case .delivered(let command, let attempt, let receipt, let at):
            let outcome: SentCommand.Outcome =
                if case .accepted = receipt { .accepted } else { .failed }
            let sent = sent(command, attempt: attempt, outcome)
            return [
                TranscriptLine(
                    at: at, tenant: command.instance.tenant, workflow: command.instance.workflow,
                    key: command.instance.key, fact: .command(sent))
            ]
        case .deadLetter(let letter):
            return lines(for: letter)
        case .notListed(let event, let at):
            return [
                line(event, at: at, .ignored, why: "no workflow lists \(event.type)")
            ]
        case .notAppended(let event, let appended, let at):
            let isDuplicate = appended == .duplicate
            let why =
                isDuplicate
                ? "an event with this id is known"
                : "another event has this id; nothing was changed"
            return [line(event, at: at, isDuplicate ? .duplicate : .refused, why: why)]
        case .noReceiver:
            return []
        }
    }

    /// The lines for a turn of a history: also what it emitted, and what a person decided.
    package func history(of turn: MinkStore.Turn) -> [TranscriptLine] {
        turn.decision.facts.compactMap { fact in
            let told: TranscriptLine.Fact? =
                switch fact {
                case .emitted(let command): .command(sent(command, attempt: 0, .emitted))
                case .action(let verb, let reason): .action(verb: verb.rawValue, reason: reason)
                default: line(for: fact, in: turn)
                }
            return told.map {
                TranscriptLine(
                    at: turn.at, tenant: turn.id.tenant, workflow: turn.id.workflow,
                    key: turn.id.key, fact: $0)
            }
        }
    }

    /// The line that tells how an instance stands at the end.
    package func line(for row: InstanceRow, at: Timestamp) -> TranscriptLine {
        let instance = row.instance
        let pausing = instance.incidents.first { $0.number == instance.pause?.incident }
        let summary = InstanceSummary(
            version: instance.definition.version, status: instance.status, state: instance.state,
            data: masked(instance), ledger: instance.ledger.map(\.command),
            failureReason: instance.failure?.reason,
            incident: (pausing ?? instance.incidents.last)?.code.rawValue,
            held: instance.held.count)
        return TranscriptLine(
            at: at, tenant: instance.id.tenant, workflow: instance.id.workflow,
            key: instance.id.key, fact: .instance(summary))
    }
}

extension TranscriptRecorder {
    private func line(for fact: MinkEngine.Fact, in turn: MinkStore.Turn) -> TranscriptLine.Fact? {
        switch fact {
        case .event(let id, let type, let judged, let why):
            return .event(id: id, type: type, judged: judged, why: why)
        case .transition(let from, let to, let cause):
            let trigger = cause.trigger(failure: turn.decision.instance?.failure)
            return .transition(from: from, to: to, trigger: trigger)
        case .withdrawn(let command, let attempts):
            return .command(sent(command, attempt: attempts, .withdrawn))
        case .cancelled(let command):
            return .command(sent(command, attempt: 0, .cancelled))
        case .incident(let code, let message, _):
            return .incident(code: code.rawValue, message: message)
        case .deadLetter(let id, let type, let reason, _, _):
            return .deadLetter(id: id, type: type, reason: reason)
        case .pushed, .failed, .emitted, .settled, .closed, .action, .noted:
            return nil
        }
    }

    private func lines(for letter: DeadLetter) -> [TranscriptLine] {
        let event = letter.event
        let judged = line(event, at: letter.at, .deadLetter, why: letter.message)
        let buried = TranscriptLine(
            at: letter.at, tenant: event.metadata.tenant, workflow: letter.instance?.workflow,
            key: letter.instance?.key,
            fact: .deadLetter(id: event.id, type: event.type, reason: letter.reason))
        return [judged, buried]
    }

    private func line(
        _ event: EventRecord, at: Timestamp, _ judged: MinkEngine.Fact.Judgement, why: String
    ) -> TranscriptLine {
        var id: InstanceID?
        if let definition = catalog.definitions(listing: event.type).first,
            case .instance(let found, _, _) = route(event, by: definition)
        {
            id = found
        }
        return TranscriptLine(
            at: at, tenant: event.metadata.tenant, workflow: id?.workflow, key: id?.key,
            fact: .event(id: event.id, type: event.type, judged: judged, why: why))
    }

    private func sent(
        _ command: CommandRecord, attempt: Int, _ outcome: SentCommand.Outcome
    ) -> SentCommand {
        SentCommand(
            name: command.name, id: command.id,
            arguments: masked(command.arguments, command.personalArguments),
            isCompensation: command.role != .step, attempt: attempt, outcome: outcome)
    }

    private func masked(_ instance: Instance) -> Value {
        let definition = catalog.definition(for: instance.definition)
        let personal = definition?.data.filter(\.isPersonal).map(\.name) ?? []
        return masked(instance.data, Set(personal))
    }

    private func masked(_ value: Value, _ names: Set<String>) -> Value {
        guard !showsPersonal, !names.isEmpty, case .map(var map) = value else { return value }
        for name in names where map[name] != nil { map[name] = "‹personal›" }
        return .map(map)
    }
}

extension MinkEngine.Fact.Cause {
    /// The event or the timer behind a transition.
    ///
    /// The step into the final state after an undoing is put down to what began the undoing.
    fileprivate func trigger(failure: FailureRecord?) -> TranscriptLine.Trigger {
        switch self {
        case .event(let name): .event(name)
        case .timer(let name): .timer(name)
        case .join: .event("join")
        case .outcome(let name): .event(name)
        case .action(let verb): .event(verb)
        case .compensation:
            failure?.event.map(TranscriptLine.Trigger.event) ?? .timer("compensation")
        }
    }
}
