// Late events: the event would have taken a step of a state that is behind us. What that step would
// have had to undo is undone now, once; an undo that was pushed before is not pushed again.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Judges an event whose time is over.
    ///
    /// What would undo it is given where it is known; `nil` looks for it in the states.
    mutating func judgeLate(
        _ event: EventRecord, _ rules: EventRules, undo: LateUndo? = nil
    ) throws(Trouble) {
        switch rules.late {
        case .ignore:
            return judged(event, .late, why: "ignored, as the file says")
        case .deadLetter:
            judged(event, .late, why: "set aside, as the file says")
            return bury(event, reason: "late", message: "\(event.type) came late")
        case .compensate:
            break
        }
        switch undo ?? lateUndo(of: event) {
        case .unknownItem:
            unexpected(event, why: "no item fits it")
        case .unclear(let why):
            judged(event, .late, why: why)
            tellUnclear(event, why)
        case .frames(let captures):
            let new = captures.filter { !current.signatures.contains($0.signature) }
            if new.isEmpty {
                let why = captures.isEmpty ? "nothing to undo" : "its undo was armed before"
                return judged(event, .late, why: why)
            }
            try undoLate(new, for: event)
        }
    }

    mutating func tellUnclear(_ event: EventRecord, _ why: String) {
        open(
            .lateUndoUnclear,
            "\(event.type) (\(event.id)) came late, and what would undo it is unclear: \(why)")
    }

    private mutating func undoLate(
        _ captures: [Capture], for event: EventRecord
    ) throws(Trouble) {
        let names = captures.map(\.command).joined(separator: ", ")
        switch current.status {
        case .compensating:
            judged(event, .late, why: "\(names) undoes it")
            pushUnsealed(captures)
            current.compensation?.hadFrames = true
        case .compensated, .failed:
            judged(event, .late, why: "\(names) undoes it")
            pushUnsealed(captures)
            try resumeCompensation()
        case .started, .running, .completed, nil:
            judged(event, .late, why: "\(names) would undo it; a person decides")
            open(
                .unexpectedSuccess,
                "\(event.type) (\(event.id)) came late although the saga goes on or is complete; "
                    + "\(names) would undo it, and nothing was sent")
        }
    }

    /// Pushes frames of a late event, which run whether or not the ledger was sealed.
    private mutating func pushUnsealed(_ captures: [Capture]) {
        let wasSealed = current.isSealed
        current.isSealed = false
        push(captures)
        current.isSealed = wasSealed
    }

    /// What a late event asks for.
    enum LateUndo {
        case frames([Capture])
        case unclear(String)
        case unknownItem
    }

    /// What would have to be undone: as the last visited state says, else as all states agree.
    private mutating func lateUndo(of event: EventRecord) -> LateUndo {
        if let last = current.visited.last(where: { handles(event.type, in: $0) }),
            let state = definition.state(last)
        {
            return evaluate(event, in: state)
        }
        var found: [Capture]?
        for state in definition.states(handling: event.type) {
            switch evaluate(event, in: state) {
            case .frames(let captures):
                if let found, found.map(\.signature) != captures.map(\.signature) {
                    return .unclear("the states that handle it undo different things")
                }
                found = captures
            case .unclear(let why):
                return .unclear(why)
            case .unknownItem:
                continue
            }
        }
        return found.map(LateUndo.frames) ?? .unknownItem
    }

    private mutating func evaluate(_ event: EventRecord, in state: State) -> LateUndo {
        defer { bindData() }
        do throws(Trouble) {
            switch definition.handler(of: event.type, in: state) {
            case .transitions(let transitions):
                guard let transition = try first(of: transitions) else { return .frames([]) }
                return try evaluate(transition.set, transition.compensation)
            case .part(let part, _):
                if let condition = part.when, try !holds(condition) { return .frames([]) }
                return try evaluate(part.set, part.compensation)
            case .item(let part, _, let fanOut):
                let join = Join.forEach(fanOut)
                guard let place = try place(of: event, in: join, state: state.name) else {
                    return .unknownItem
                }
                bindItem(at: place, of: join)
                defer { unbindItem(of: join) }
                if let condition = part.when, try !holds(condition) { return .frames([]) }
                return try evaluate(part.set, part.compensation)
            case nil:
                return .frames([])
            }
        } catch {
            return .unclear(error.explanation)
        }
    }

    /// What undoes an answer, as its own part says.
    mutating func lateUndo(of part: JoinPart) -> LateUndo {
        do throws(Trouble) {
            return try evaluate(part.set, part.compensation)
        } catch {
            return .unclear(error.explanation)
        }
    }

    /// Captures an undo on a scratch copy of the data.
    private mutating func evaluate(
        _ set: [Assignment], _ compensation: [CommandUse]
    ) throws(Trouble) -> LateUndo {
        bind("data", .map(try assigned(set, to: current.data)))
        return .frames(try capture(compensation))
    }
}
