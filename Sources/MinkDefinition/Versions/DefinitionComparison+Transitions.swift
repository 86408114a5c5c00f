// Compares steps: which alternative belongs to which, and what each of them does.
import MinkExpression

extension DefinitionComparison {
    /// Compares the alternatives of one handler.
    ///
    /// Those with the same condition belong together, the others by their order.
    mutating func compare(_ was: [Transition], _ now: [Transition], where place: String) {
        let pairs = Self.pairs(was, now)
        let isOne = was.count <= 1 && now.count <= 1
        for (number, transition) in now.enumerated() {
            let (before, step) = (pairs[number], isOne ? "" : "/\(number)")
            let words = isOne ? place : "\(place), alternative \(number + 1)"
            let outer = pointer
            pointer += step
            if let before {
                compare(was[before], transition, where: words)
            } else {
                note(.newOnly, "\(words) is new: \(describe(transition))")
            }
            pointer = outer
        }
        let kept = Set(pairs.compactMap { $0 })
        for (number, transition) in was.enumerated() where !kept.contains(number) {
            note(
                .newOnly, "\(place): one way less (\(describe(transition)))",
                rule: transition.compensation.isEmpty ? nil : .undoChanged,
                help: transition.compensation.isEmpty
                    ? nil : "sagas that took it keep its undo, \(names(transition.compensation))")
        }
        let order = pairs.compactMap { $0 }
        if order != order.sorted() {
            note(.newOnly, "\(place): the alternatives stand in another order")
        }
    }

    /// For each new alternative the old one that it was; `nil` for those that are new.
    private static func pairs(_ was: [Transition], _ now: [Transition]) -> [Int?] {
        var pairs = [Int?](repeating: nil, count: now.count)
        var free = Array(was.indices)
        for (number, transition) in now.enumerated() {
            guard let place = free.firstIndex(where: { was[$0].when.asks(transition.when) })
            else { continue }
            pairs[number] = free.remove(at: place)
        }
        for number in now.indices where pairs[number] == nil && !free.isEmpty {
            pairs[number] = free.removeFirst()
        }
        return pairs
    }

    private mutating func compare(_ was: Transition, _ now: Transition, where place: String) {
        if !was.when.asks(now.when) {
            let (before, after) = (was.when?.expression, now.when?.expression)
            note(
                .newOnly,
                "\(place): asks for \(after?.trimmedText ?? "nothing") instead of "
                    + (before?.trimmedText ?? "nothing"), at: "/when")
        }
        compare(was.set, now.set, where: place)
        compareUndo(was.compensation, now.compensation, where: place)
        if was.pointOfNoReturn != now.pointOfNoReturn {
            note(
                .newOnly,
                "\(place): \(now.pointOfNoReturn ? "is a point of no return now" : "is no point of no return any more")",
                at: "/pointOfNoReturn")
        }
        compare(was.emit, now.emit, where: place)
        switch (was.fail, now.fail) {
        case (let before?, let after?): compare(before, after, where: place)
        case (nil, nil):
            let target = was.goto.map { renamed[$0] ?? $0 }
            if target != now.goto {
                note(
                    .newOnly, "\(place): \(way(now)) instead of \(way(was))", at: "/goto")
            }
        default: note(.newOnly, "\(place): \(way(now)) instead of \(way(was))")
        }
        if was.ignore != now.ignore {
            note(.newOnly, "\(place): is \(now.ignore ? "ignored now" : "not ignored any more")")
        }
    }

    // MARK: Parts of a step

    mutating func compare(_ was: [Assignment], _ now: [Assignment], where place: String) {
        for assignment in now {
            let before = was.first { $0.field == assignment.field }
            guard before?.value.means(assignment.value) != true else { continue }
            note(
                .newOnly, "\(place): sets \"\(assignment.field)\" to \(assignment.value.inWords)",
                at: "/set/\(assignment.field.pointerStep)")
        }
        for assignment in was where !now.contains(where: { $0.field == assignment.field }) {
            note(.newOnly, "\(place): sets \"\(assignment.field)\" no more", at: "/set")
        }
    }

    /// What undoes a step: sagas that took it keep what was pushed then.
    mutating func compareUndo(_ was: [CommandUse], _ now: [CommandUse], where place: String) {
        guard was.count != now.count || !zip(was, now).allSatisfy({ isSame($0, $1) }) else {
            return
        }
        let sameNames = was.map(\.command) == now.map(\.command)
        note(
            .newOnly,
            sameNames
                ? "\(place): is undone by \(names(now)) with other arguments"
                : "\(place): is undone by \(names(now)) instead of \(names(was))",
            at: "/compensation", rule: .undoChanged,
            help: "sagas that took this step keep the old undo")
    }

    mutating func compare(_ was: [Emission], _ now: [Emission], where place: String) {
        guard was.map(\.use.command) == now.map(\.use.command) else {
            return note(
                .newOnly,
                "\(place): sends \(names(now.map(\.use))) instead of \(names(was.map(\.use)))",
                at: "/emit")
        }
        for (before, after) in zip(was, now) {
            let command = after.use.command
            if !isSame(before.use, after.use) {
                note(.newOnly, "\(place): sends \(command) with other arguments", at: "/emit")
            }
            let delays = (
                before.delay.map(TemplateMeaning.init), after.delay.map(TemplateMeaning.init)
            )
            if delays.0 != delays.1 {
                note(
                    .newOnly,
                    "\(place): sends \(command) "
                        + (after.delay.map { "after \($0.inWords)" } ?? "at once"),
                    at: "/emit")
            }
            if before.keep != after.keep {
                note(
                    .newOnly,
                    "\(place): \(command) is \(after.keep ? "kept" : "cancelled") when the state is left",
                    at: "/emit")
            }
        }
    }

    mutating func compare(_ was: Failure, _ now: Failure, where place: String) {
        if !was.reason.means(now.reason) {
            note(.newOnly, "\(place): fails with the reason \(now.reason.inWords)", at: "/fail")
        }
        if was.endIn != now.endIn {
            note(
                .newOnly,
                "\(place): ends in " + (now.endIn.map { "\"\($0)\"" } ?? "the usual failed state"),
                at: "/endIn")
        }
    }

    private func isSame(_ was: CommandUse, _ now: CommandUse) -> Bool {
        guard was.command == now.command else { return false }
        let told = changedArguments[now.command] ?? []
        let before = TemplateMeaning.members(was.arguments).filter { !told.contains($0.key) }
        return before == TemplateMeaning.members(now.arguments).filter { !told.contains($0.key) }
    }

    // MARK: Words

    func names(_ uses: [CommandUse]) -> String {
        uses.isEmpty ? "nothing" : uses.map(\.command).joined(separator: ", ")
    }

    private func way(_ transition: Transition) -> String {
        if let failure = transition.fail { return "fails with \(failure.reason.inWords)" }
        return transition.goto.map { "goes to \"\($0)\"" } ?? "stays"
    }

    private func describe(_ transition: Transition) -> String {
        let condition = transition.when.map { "if \($0.expression.trimmedText) " } ?? ""
        return condition + (transition.ignore ? "ignored" : way(transition))
    }
}
