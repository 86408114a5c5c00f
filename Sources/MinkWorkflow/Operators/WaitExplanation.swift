// Why a saga is where it is: the event, timer, command or incident that it waits for, in sentences
// for people.
package import MinkDefinition
package import MinkEngine
import MinkExpression
package import MinkStore

/// What a saga waits for.
package struct WaitExplanation: Sendable, Hashable {
    /// One sentence for each thing, the one that holds up the others first.
    package let sentences: [String]

    /// Explains an instance.
    ///
    /// - Parameters:
    ///   - instance: The instance as it is stored.
    ///   - definition: The definition that it runs by; `nil` when it is not kept any more.
    ///   - commands: Its commands that are not settled.
    package init(
        of instance: Instance, by definition: Definition?, commands: [PendingCommand]
    ) {
        var sentences: [String] = []
        if let pause = instance.pause {
            sentences.append(Self.pause(pause, of: instance))
        }
        if let running = instance.compensation?.current {
            sentences.append(Self.frame(running))
        }
        sentences += commands.map(Self.command)
        sentences += Self.events(instance, definition)
        if instance.pause == nil {
            sentences += instance.timers.sorted { $0.due < $1.due }.map(Self.timer)
        }
        if !instance.held.isEmpty {
            let names = Set(instance.held.map(\.event.type)).sorted().joined(separator: ", ")
            sentences.append("holds \(instance.held.count) that came early: \(names)")
        }
        if let status = instance.status, status.isEnded {
            sentences.insert("has ended: \(status.rawValue)", at: 0)
        }
        self.sentences = sentences
    }

    private static func pause(_ pause: Pause, of instance: Instance) -> String {
        let incident = instance.incidents.first { $0.number == pause.incident }
        let code = incident?.code.rawValue ?? "an incident"
        let kept = pause.kept.isEmpty ? "" : "; \(pause.kept.count) inputs wait behind it"
        return "is paused by incident \(pause.incident), \(code): \(incident?.message ?? "")\(kept)"
    }

    private static func frame(_ running: RunningFrame) -> String {
        let name = running.frame.command
        switch running.stuck {
        case .exhausted(let error): return "its undo \(name) was given up: \(error)"
        case .refused(let event): return "its undo \(name) was refused by \(event)"
        case .unconfirmed: return "its undo \(name) was not confirmed in time"
        case .unclear(let message):
            return "the arguments of its undo \(name) can not be computed: \(message)"
        case nil: break
        }
        if running.isAccepted, let confirmation = running.frame.confirmation {
            return "waits for \(confirmation.event), which confirms the undo \(name)"
        }
        return "waits until the undo \(name) is accepted"
    }

    private static func command(_ pending: PendingCommand) -> String {
        let name = pending.command.name
        let error = pending.lastError.map { ": \($0)" } ?? ""
        let tries = pending.attempts == 1 ? "one try" : "\(pending.attempts) tries"
        switch (pending.attempts, pending.due) {
        case (0, nil): return "its command \(name) waits to be delivered"
        case (0, let due?): return "its command \(name) is to be delivered at \(due)"
        case (_, let due?):
            return "its command \(name) is tried again at \(due), after \(tries)\(error)"
        case (_, nil): return "its command \(name) failed in \(tries)\(error)"
        }
    }

    private static func events(_ instance: Instance, _ definition: Definition?) -> [String] {
        guard instance.isActive, instance.pause == nil, let name = instance.state,
            let state = definition?.state(name)
        else { return [] }
        var names = Set(state.on.keys)
        if let always = definition?.anyState, always.holds(in: state) {
            names.formUnion(always.on.keys)
        }
        switch state.join {
        case .waitFor(let gathering): names.formUnion(gathering.parts.map(\.event))
        case .forEach(let fanOut): names.formUnion(Set(fanOut.done.keys).union(fanOut.failed.keys))
        case nil: break
        }
        guard !names.isEmpty else { return [] }
        return ["waits in \(name) for \(names.sorted().joined(separator: ", "))"]
    }

    private static func timer(_ timer: Timer) -> String {
        switch timer.kind {
        case .deadline: "its deadline is \(timer.due)"
        case .timeout: "its state times out at \(timer.due)"
        case .confirmation: "the confirmation has to come before \(timer.due)"
        case .reminder: "it is reminded at \(timer.due)"
        case .heldExpiry: "what it holds is wanted until \(timer.due)"
        }
    }
}
