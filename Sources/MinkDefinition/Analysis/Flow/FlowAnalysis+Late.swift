// Answers that come late and are ignored, as the file says, although what they tell of was done.
import MinkExpression

extension FlowAnalysis {
    /// A late answer that is ignored leaves its step done.
    func checkIgnoredAnswers() {
        // Answers for items are counted by their join, and never open.
        let items = Set(model.states.flatMap(\.itemEmissions).map { model.uses[$0].command })
        for event in draft.events.indices {
            guard let late = draft.events[event].rules.late ?? draft.eventRules.late,
                late.value == .ignore
            else { continue }
            for command in model.done[event] where model.commands[command].undo != .nothing {
                guard let cause = cause(before: event, of: command, items) else { continue }
                let name = draft.events[event].name.value
                context.report(
                    .lateSuccessKept,
                    "a late \(name) is ignored and keeps what "
                        + "\"\(model.commands[command].name)\" did (\(words(cause)))", at: late,
                    help: "write \"compensate\", or say \"undo\": \"none\" at the command",
                    related: related(cause))
            }
        }
    }

    /// What can make the saga fail while an answer has not come.
    private func cause(
        before event: Int, of command: Int, _ items: Set<Int>
    ) -> FlowFailures.Cause? {
        let fact = items.contains(command) ? FlowFacts.Kind.sent : .open
        for node in waitingNodes where node & 1 == 0 {
            guard solution[node]?.has(fact, command) ?? false else { continue }
            let list = model.states[node >> 1].lists.first {
                model.lists[$0].trigger.event == event
            }
            let found =
                list.map { failures.cause(in: node, before: $0, of: command) }
                ?? failures.cause(from: node, of: command)
            if let found { return found }
        }
        return nil
    }
}
