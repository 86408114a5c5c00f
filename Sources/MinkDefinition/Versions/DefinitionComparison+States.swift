// Compares states: those that are gone, those that are new, and what happens in the others.
import MinkExpression

extension DefinitionComparison {
    // MARK: Names

    /// Finds states that only changed their names: by `migrate`, else because all else is the same.
    mutating func findRenamedStates() {
        let gone = old.states.filter { new.state($0.name) == nil }
        var added = new.states.filter { old.state($0.name) == nil }
        for state in gone {
            if let target = migration?.states[state.name] {
                guard let place = added.firstIndex(where: { $0.name == target }) else { continue }
                renamed[state.name] = target
                added.remove(at: place)
            }
        }
        // A search of each among each has to stay small.
        guard gone.count * added.count <= 1_000 else { return }
        for state in gone where renamed[state.name] == nil && migration?.states[state.name] == nil {
            guard let place = added.firstIndex(where: { isSame(state, $0) }) else { continue }
            renamed[state.name] = added.remove(at: place).name
        }
    }

    private func isSame(_ was: State, _ now: State) -> Bool {
        guard was.isFinal == now.isFinal, was.description == now.description || was.isFinal
        else { return false }
        var trial = DefinitionComparison(old: old, new: new)
        trial.renamed = renamed
        trial.renamed[was.name] = now.name
        trial.changedArguments = changedArguments
        trial.compare(was, now)
        return trial.changes.isEmpty
    }

    // MARK: Start

    mutating func compareStart() {
        for event in new.start.keys.sorted() {
            guard let now = new.start[event] else { continue }
            pointer = "/start/\(event.pointerStep)"
            guard let was = old.start[event] else {
                note(.newOnly, "\(event) begins a saga")
                continue
            }
            compare(was.transitions, now.transitions, where: "start by \(event)")
            if was.deliversToExisting != now.deliversToExisting {
                note(
                    .newOnly,
                    "\(event) for a saga that exists is "
                        + (now.deliversToExisting ? "handed to its state" : "recorded only"),
                    at: "/onExisting")
            }
        }
        pointer = "/start"
        for event in old.start.keys.sorted() where new.start[event] == nil {
            note(.newOnly, "\(event) begins no saga any more")
        }
    }

    mutating func compareAnyState() {
        pointer = "/anyState"
        compareHandlers(old.anyState?.on ?? [:], new.anyState?.on ?? [:], of: "any state")
        let (was, now) = (old.anyState?.except ?? [], new.anyState?.except ?? [])
        if Set(was.map { renamed[$0] ?? $0 }) != now {
            let names = now.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            note(
                .newOnly,
                "what holds in any state holds in all but \(names.isEmpty ? "none" : names)",
                at: "/except")
        }
    }

    // MARK: States

    mutating func compareStates() {
        let origins = Dictionary(
            renamed.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        for state in new.states {
            pointer = "/states/\(state.name.pointerStep)"
            let origin = origins[state.name] ?? state.name
            guard let was = old.state(origin) else {
                note(.newOnly, "state \"\(state.name)\" is new")
                continue
            }
            compare(was, state)
        }
    }

    /// Whether `migrate` says where sagas of this old state go.
    func isMapped(_ state: State) -> Bool { migration?.states[state.name] != nil }

    private mutating func compare(_ was: State, _ now: State) {
        let name = "\"\(now.name)\""
        if was.description != now.description {
            note(.safe, "\(name): the description reads otherwise", at: "/description")
        }
        if was.isFinal != now.isFinal {
            let words = now.isFinal ? "ends the saga now" : "waits now and does not end the saga"
            return note(
                now.isFinal ? .needsMapping : .newOnly, "\(name) \(words)", at: "/final",
                rule: now.isFinal && !isMapped(was) ? .stateRemoved : nil,
                help: now.isFinal ? "say under \"migrate\" where running sagas go" : nil)
        }
        if was.outcome != now.outcome {
            note(.newOnly, "\(name): ends as \(now.outcome?.rawValue ?? "")", at: "/final")
        }
        let outer = pointer
        pointer = outer + "/onEnter"
        compare(was.onEnter.set, now.onEnter.set, where: "\(name), on entry")
        compareUndo(
            was.onEnter.compensation, now.onEnter.compensation, where: "\(name), on entry")
        compare(was.onEnter.emit, now.onEnter.emit, where: "\(name), on entry")
        pointer = outer
        compareHandlers(was.handlersByName, now.handlersByName, of: name)
        compareTimes(was, now, of: name)
        compareJoins(was, now, of: name)
    }

    private mutating func compareHandlers(
        _ was: [String: [Transition]], _ now: [String: [Transition]], of name: String
    ) {
        let outer = pointer
        for event in Set(was.keys).union(now.keys).sorted() {
            pointer = "\(outer)/on/\(event.pointerStep)"
            let place = "\(name) on \(event)"
            switch (was[event], now[event]) {
            case (let before?, let after?): compare(before, after, where: place)
            case (nil, _?): note(.newOnly, "\(name) handles \(event) now")
            case (let before?, nil):
                let undo = before.flatMap(\.compensation)
                note(
                    .newOnly, "\(name) does not handle \(event) any more",
                    rule: undo.isEmpty ? nil : .undoChanged,
                    help: undo.isEmpty ? nil : "sagas that took this step keep its undo")
            case (nil, nil): break
            }
        }
        pointer = outer
    }

    // MARK: Times

    private mutating func compareTimes(_ was: State, _ now: State, of name: String) {
        let outer = pointer
        pointer = outer + "/timeout"
        switch (was.timeout, now.timeout) {
        case (let before?, let after?):
            compare(before.due, after.due, of: name)
            compare(before.transitions, after.transitions, where: "\(name), timeout")
        case (nil, _?): note(.newOnly, "\(name) has a timeout now")
        case (_?, nil): note(.newOnly, "\(name) has no timeout any more")
        case (nil, nil): break
        }
        pointer = outer + "/remind"
        switch (was.remind, now.remind) {
        case (let before?, let after?):
            if !before.every.means(after.every) || before.atMost != after.atMost {
                let times = after.atMost.map { ", at most \($0) times" } ?? ""
                note(.newOnly, "\(name): reminds every \(after.every.inWords)\(times)")
            }
            compare(before.emit, after.emit, where: "\(name), reminder")
            compare(before.then, after.then, where: "\(name), after the last reminder")
        case (nil, _?): note(.newOnly, "\(name) reminds now")
        case (_?, nil): note(.newOnly, "\(name) reminds no more")
        case (nil, nil): break
        }
        pointer = outer
    }

    private mutating func compare(_ was: Timeout.Due, _ now: Timeout.Due, of name: String) {
        switch (was, now) {
        case (.after(let before), .after(let after)):
            guard !before.means(after) else { return }
            // A timeout that starts again is due after its new length, not at once.
            let keeps = migration?.timers == .keep
            let isShorter: Bool? = before.writtenDuration.flatMap { before in
                after.writtenDuration.map { $0 < before }
            }
            note(
                .newOnly,
                "\(name): the timeout was \(before.inWords) and is \(after.inWords)", at: "/after",
                rule: keeps && isShorter == true ? .timeoutShorter : nil,
                help: "sagas that are moved may time out at once")
        case (.at(let before), .at(let after)):
            guard !before.means(after) else { return }
            note(.newOnly, "\(name): times out at another moment", at: "/at")
        case (.after, .at), (.at, .after):
            note(.newOnly, "\(name): times out at another moment")
        }
    }
}

extension State {
    /// All that stands under `on`, by the names as written.
    fileprivate var handlersByName: [String: [Transition]] {
        Dictionary(
            handlers.map { ($0.name, $0.transitions) }, uniquingKeysWith: { first, _ in first })
    }
}
