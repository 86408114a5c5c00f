// What stands in the box of a state: what it means, what it sends, and what happens without
// leaving it.

extension PictureBuilder {
    func box(for state: State, isBehindNoReturn: Bool) -> Box {
        var box = Box(kind: state.outcome.map(Box.Kind.end) ?? .waiting, title: state.name)
        box.isBehindNoReturn = isBehindNoReturn
        if let description = state.description {
            box.lines.append(Line(.description, description.firstWords(70)))
        }
        box.lines += state.onEnter.compensation.map { Line(.undo, "⟲ \($0.command)") }
        box.lines += commands(state.onEnter.emit)
        if let join = state.join { box.lines += lines(of: join) }
        for (event, transitions) in state.handlers {
            box.lines += transitions.flatMap { lines(staying: $0, among: transitions, event) }
        }
        if let timeout = state.timeout {
            box.lines += timeout.transitions.flatMap {
                lines(staying: $0, among: timeout.transitions, timeout.words)
            }
        }
        if let remind = state.remind { box.lines += lines(of: remind) }
        return box
    }

    private func commands(_ emissions: [Emission]) -> [Line] {
        emissions.map { Line(.command, "→ \($0.words)") }
    }

    /// A transition that stays, as lines of its box.
    func lines(
        staying transition: Transition, among others: [Transition], _ name: String
    ) -> [Line] {
        guard transition.goto == nil, transition.fail == nil else { return [] }
        let effects = effects(of: transition)
        let isSilent = effects.isEmpty
        let nothing = transition.ignore ? " is ignored" : " is noted"
        return [Line(.event, name + (isSilent ? nothing : ""))]
            + condition(of: transition, among: others) + effects
    }

    private func lines(of remind: Reminder) -> [Line] {
        let times = remind.atMost.map { $0 == 1 ? ", once" : ", \($0) times" } ?? ""
        var lines = [Line(.event, "every \(remind.every.words)\(times)")] + commands(remind.emit)
        for transition in remind.then {
            lines += self.lines(staying: transition, among: remind.then, "then")
        }
        return lines
    }

    private func lines(of join: Join) -> [Line] {
        switch join {
        case .waitFor(let gathering):
            return [Line(.event, "waits for \(gathering.need.words) of")]
                + gathering.parts.flatMap { lines(of: $0, "✓") }
        case .forEach(let fanOut):
            let pace = fanOut.maxConcurrent.map { ", \($0) at a time" } ?? ""
            return [Line(.event, "for each \(fanOut.name) in \(fanOut.items.words)")]
                + commands(fanOut.emit)
                + fanOut.done.keys.sorted().flatMap { name in
                    fanOut.done[name].map { lines(of: $0, "✓") } ?? []
                }
                + fanOut.failed.keys.sorted().flatMap { name in
                    fanOut.failed[name].map { lines(of: $0, "✗") } ?? []
                } + [Line(.event, "needs \(fanOut.need.words)\(pace)")]
        }
    }

    private func lines(of part: JoinPart, _ mark: String) -> [Line] {
        [Line(.event, "\(mark) \(part.event)")]
            + (part.when.map { [Line(.condition, "[\($0.words)]")] } ?? [])
            + part.compensation.map { Line(.undo, "⟲ \($0.command)") }
    }
}
