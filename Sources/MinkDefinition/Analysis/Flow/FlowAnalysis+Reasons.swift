// Failed and cancelled states that tell a reason, and steps into them that give none.
import MinkExpression

extension FlowAnalysis {
    /// A plain `goto` into a failed or cancelled state gives it no `failure.reason`.
    ///
    /// One that has to be a `fail` anyway is told apart.
    func checkReasons() {
        let skipped = Set(record.skipped.map(\.alternative))
        var said: Set<Int> = []
        for edge in record.edges {
            guard let number = edge.alternative, !skipped.contains(number),
                case .goto(let target) = model.alternatives[number].exit,
                let goto = model.alternatives[number].goto, model.states[target].isFinal,
                said.insert(target).inserted
            else { continue }
            for use in model.states[target].emissions { checkReason(of: model.uses[use], goto) }
        }
    }

    private func checkReason(of use: FlowUse, _ goto: Located<String>) {
        let overridden = Set(use.draft.overrides.map(\.name))
        let template = model.commands[use.command].reads.first {
            !overridden.contains($0.argument) && !$0.use.reasonReads.isEmpty
        }
        var found = template.map { ($0.expression, $0.use) }
        for member in use.draft.overrides {
            FlowBuilder.forEachExpression(in: member.value) { expression in
                guard let use = dataUses[expression.node.id], !use.reasonReads.isEmpty else {
                    return
                }
                found = found ?? (expression, use)
            }
        }
        guard let (expression, reading) = found, let range = reading.reasonReads.first else {
            return
        }
        let command = use.draft.command
        context.report(
            .maybeUnset,
            "\"\(command.value)\" needs failure.reason, which is not set after a \"goto\" to "
                + "\"\(goto.value)\"", at: command, help: ExpressionCompiler.presenceHelp,
            related: [
                related("this step gives no reason, as \"fail\" does", goto),
                RelatedPlace(
                    "it is read here",
                    at: context.span(expression.node, expression.bytes(of: range))),
            ])
    }
}
