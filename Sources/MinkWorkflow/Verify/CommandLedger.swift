// What became of each command of a saga, from its history; and what has to stand in the outbox.
import MinkDefinition
import MinkEngine
import MinkExpression

/// The commands of one saga.
struct CommandLedger {
    private var emitted: [String: CommandRecord] = [:]
    private var takenBack: Set<String> = []
    private var accepted: Set<String> = []
    private var exhausted: Set<String> = []
    /// Commands that a person had delivered before their moment.
    private var hurried: Set<String> = []

    mutating func follow(_ input: Input) {
        if case .action(let action) = input, case .command(let id) = action.subject {
            hurried.insert(id)
        }
        guard case .outcome(let outcome) = input else { return }
        switch outcome.result {
        case .accepted: accepted.insert(outcome.command.id)
        case .exhausted: exhausted.insert(outcome.command.id)
        }
    }

    mutating func follow(_ fact: Fact) {
        switch fact {
        case .emitted(let command):
            emitted[command.id] = command
            // A person sends it again.
            for ids in [\CommandLedger.takenBack, \.accepted, \.exhausted] {
                self[keyPath: ids].remove(command.id)
            }
        case .withdrawn(let command, _), .cancelled(let command):
            takenBack.insert(command.id)
        default: break
        }
    }

    /// What does not fit between the history and the outbox, in sentences.
    ///
    /// - Parameters:
    ///   - instance: The saga, with what stands in the outbox.
    ///   - definition: The definition that it runs by.
    ///   - now: The present moment.
    /// - Returns: A sentence for each; none when all fits.
    func problems(_ instance: Instance, _ definition: Definition?, at now: Timestamp) -> [String] {
        let outbox = Dictionary(instance.outstanding.map { ($0.id, $0) }) { first, _ in first }
        return strangers(outbox) + losses(outbox, definition, at: now) + parked(instance, outbox)
            + misnamed(instance)
    }

    /// What stands in the outbox and should not.
    private func strangers(_ outbox: [String: OutstandingCommand]) -> [String] {
        outbox.values.sorted { $0.command.number < $1.command.number }.compactMap { sent in
            let name = "\(sent.command.name) (\(sent.id))"
            guard let known = emitted[sent.id] else {
                return "\(name) is in the outbox, and no turn has sent it"
            }
            if known != sent.command { return "\(name) is in the outbox with other content" }
            if takenBack.contains(sent.id) {
                return "\(name) is in the outbox, and a turn took it back"
            }
            return accepted.contains(sent.id)
                ? "\(name) is in the outbox, and its outcome was judged" : nil
        }
    }

    /// What should stand in the outbox and does not.
    ///
    /// A command whose outcome nobody waits for leaves no trace when it is settled: of those only
    /// the ones that were not due yet are sure.
    private func losses(
        _ outbox: [String: OutstandingCommand], _ definition: Definition?, at now: Timestamp
    ) -> [String] {
        emitted.values.sorted { $0.number < $1.number }.compactMap { command in
            guard outbox[command.id] == nil, !takenBack.contains(command.id),
                !accepted.contains(command.id), !exhausted.contains(command.id)
            else { return nil }
            let isAwaited =
                command.role == .compensation
                || command.role == .step && definition?.reacts(to: command.name) ?? false
            let isEarly =
                !hurried.contains(command.id) && command.due.map { $0 > now } ?? false
            guard isAwaited || isEarly else { return nil }
            return "\(command.name) (\(command.id)) is gone: neither in the outbox, nor settled, "
                + "nor taken back"
        }
    }

    /// Commands that wait for a person, and do not stand in the outbox.
    private func parked(
        _ instance: Instance, _ outbox: [String: OutstandingCommand]
    ) -> [String] {
        instance.incidents.filter {
            $0.code == .commandExhausted || $0.code == .compensationStuck && isExhausted(instance)
        }.compactMap(\.command).filter { outbox[$0] == nil }.map { id in
            "\(emitted[id]?.name ?? "a command") (\(id)) waits for a person, and is not in the "
                + "outbox"
        }
    }

    private func isExhausted(_ instance: Instance) -> Bool {
        if case .exhausted = instance.compensation?.current?.stuck { true } else { false }
    }

    /// Commands whose number or id is not the one that follows from the saga.
    private func misnamed(_ instance: Instance) -> [String] {
        var problems = emitted.values.sorted { $0.number < $1.number }.compactMap { command in
            instance.commandID(number: command.number) == command.id
                ? nil : "\(command.name) has the id \(command.id), which is not derived"
        }
        // The counter of a damaged store may be any number: it is never counted up to.
        let sent = Set(emitted.values.map(\.number))
        let first = (1...sent.count + 1).first { !sent.contains($0) }
        if let first, first <= instance.counters.commands {
            problems.append("command \(first) is counted, and no turn has sent it")
        }
        return problems
    }
}
