// Moves an instance to another version of its workflow. The turn is decided by the new version; what
// does not fit there is refused with a sentence, and the instance stays as it is.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Moves the instance to the version that decides this turn.
    ///
    /// - Returns: Why that is impossible; `nil` when it was done.
    mutating func migrate() throws(Trouble) -> String? {
        let old = current.definition.version
        let new = definition.identity.version
        guard current.definition != DefinitionReference(definition.identity) else {
            return "\(id.key) runs by version \(new) already"
        }
        guard let migration = definition.migration, migration.from.contains(old) else {
            return "version \(new) does not take sagas of version \(old); name it under "
                + "\"migrate\" with \"from\": [\(old)]"
        }
        if current.status == .compensating {
            return "\(id.key) is being undone; it ends by version \(old)"
        }
        guard current.isActive else { return "\(id.key) has ended in \"\(current.state ?? "")\"" }
        let before = current.state
        if let obstacle = moveState(by: migration) { return obstacle }
        if let obstacle = try moveData(by: migration) { return obstacle }
        current.definition = DefinitionReference(definition.identity)
        bindAll(event: nil)
        try moveTimers(by: migration)
        offered = []
        offersHeld = true
        noteMove(from: old, before)
        return nil
    }

    private mutating func noteMove(from old: Int, _ before: String?) {
        var words = "moved from version \(old) to version \(definition.identity.version)"
        if let before, let state = current.state, before != state {
            words += "; \"\(before)\" is \"\(state)\" there"
        }
        if let pause = current.pause {
            words += "; still paused by incident \(pause.incident): resume it"
        }
        note(.noted(words))
    }
}

// MARK: - States

extension TurnBuilder {
    /// Finds the state to stand in, and those that were visited; why there is none.
    private mutating func moveState(by migration: Migration) -> String? {
        let version = definition.identity.version
        if let name = current.state {
            guard let target = target(of: name, by: migration) else {
                return "\(id.key) stands in \"\(name)\", for which version \(version) has no "
                    + "state; name one under \"migrate\" in \"states\""
            }
            guard !target.isFinal else {
                return "\(id.key) stands in \"\(name)\", which leads to \"\(target.name)\", and "
                    + "that is final"
            }
            if let obstacle = moveJoin(of: name, to: target) { return obstacle }
            current.state = target.name
        }
        var visited: [String] = []
        for name in current.visited {
            let moved = target(of: name, by: migration)?.name ?? name
            visited.removeAll { $0 == moved }
            visited.append(moved)
        }
        current.visited = visited
        return nil
    }

    private func target(of name: String, by migration: Migration) -> State? {
        definition.state(migration.states[name] ?? name)
    }

    /// Takes over how far the parts or items are; why that is impossible.
    private mutating func moveJoin(of name: String, to target: State) -> String? {
        let visit = current.visit
        let open = current.joins.lastIndex { $0.state == name && $0.visit == visit }
        let isSame: Bool
        switch (target.join, open.map { current.joins[$0] }) {
        case (nil, _): isSame = true
        case (_, nil): isSame = false
        case (.waitFor(let gathering), let progress?):
            let parts = Set(gathering.parts.map(\.event))
            isSame =
                parts == Set(progress.items.map(\.key))
                && progress.items.allSatisfy { $0.value == nil }
        case (.forEach, let progress?):
            isSame = progress.items.allSatisfy { $0.value != nil }
        }
        guard isSame else {
            return "\(id.key) waits in \"\(name)\" for answers that \"\(target.name)\" gathers in "
                + "another way; map \"\(name)\" to another state"
        }
        for index in current.joins.indices where current.joins[index].state == name {
            current.joins[index] = current.joins[index].moved(to: target.name)
        }
        return nil
    }
}

// MARK: - Data

extension TurnBuilder {
    /// Fits the data to the new types, after what the migration sets; why that is impossible.
    private mutating func moveData(by migration: Migration) throws(Trouble) -> String? {
        guard case .map(let old) = current.data else { return "the data is no object" }
        var map = ValueMap()
        for field in definition.data { map[field.name] = old[field.name] ?? field.initial }
        current.data = .map(map)
        bindData()
        try set(migration.set)
        guard case .map(var moved) = current.data else { return "the data is no object" }
        for field in definition.data {
            guard let value = moved[field.name] else { continue }
            if value == .null, field.isOptional {
                moved[field.name] = nil
                continue
            }
            switch field.type.fit(value) {
            case .success(let fitted): moved[field.name] = fitted
            case .failure(let mismatch):
                return "\"\(field.name)\" of \(id.key) does not fit version "
                    + "\(definition.identity.version): \(mismatch.description); give it under "
                    + "\"migrate\" in \"set\""
            }
        }
        current.data = .map(moved)
        return missingField(in: moved)
    }

    /// A field that the new state counts on and the instance lacks, in words.
    private func missingField(in data: ValueMap) -> String? {
        guard let state = current.state else { return nil }
        let missing = definition.fieldsSurelySet(in: state).filter { data[$0] == nil }
        return missing.min().map {
            "\(id.key) has no \"\($0)\", which \"\(state)\" of version "
                + "\(definition.identity.version) counts on; give it under \"migrate\" in \"set\""
        }
    }
}

// MARK: - Timers

extension TurnBuilder {
    /// Keeps what remains of the timers, or starts them anew, as the new version says.
    private mutating func moveTimers(by migration: Migration) throws(Trouble) {
        let restarts = migration.timers == .restart
        let state = current.state.flatMap(definition.state)
        moveDeadline(restarts)
        let visit = current.visit
        func isKept(_ kind: Timer.Kind) -> Bool {
            !restarts && current.timers.contains { $0.kind == kind && $0.visit == visit }
        }
        let keepsTimeout = state?.timeout != nil && isKept(.timeout)
        let keepsReminder = state?.remind != nil && isKept(.reminder)
        let sent = current.timers.last { $0.kind == .reminder && $0.visit == visit }?.reminders
        current.timers.removeAll {
            $0.kind == .timeout && !keepsTimeout || $0.kind == .reminder && !keepsReminder
        }
        guard let state else { return }
        try armTimers(of: state, timeout: !keepsTimeout, reminder: !keepsReminder, sent: sent ?? 0)
    }

    /// The deadline counts from the start event, whenever the instance is moved.
    private mutating func moveDeadline(_ restarts: Bool) {
        let running = current.timers.contains { $0.kind == .deadline }
        guard let deadline = definition.deadline, let start = current.startedAt else {
            return current.timers.removeAll { $0.kind == .deadline }
        }
        guard current.state != nil, restarts || !running else { return }
        current.timers.removeAll { $0.kind == .deadline }
        arm(.deadline, due: start.adding(deadline.after), visit: 0)
    }
}
