// Joins: several events in any order, or one branch for each item of a list.
//
// A join fires once: when enough succeeded, or when enough can no longer succeed. What is still
// under way then is counted when it comes, and undone or kept as the file says.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Sets up the parts or items of a state that is entered, and starts as many as may run.
    ///
    /// - Returns: What follows at once, where the join fires on entry; then nothing is started.
    mutating func begin(_ join: Join, in state: State) throws(Trouble) -> Step? {
        let items = try items(of: join)
        let need = try need(of: join, total: items.count)
        current.joins.removeAll { $0.state == state.name && !$0.outlivesItsVisit }
        current.joins.append(
            JoinProgress(state: state.name, visit: current.visit, items: items, need: need))
        let index = current.joins.count - 1
        if let step = try fire(join, at: index, in: state) { return step }
        try startItems(of: join, at: index)
        return nil
    }

    private mutating func items(of join: Join) throws(Trouble) -> [JoinProgress.Item] {
        switch join {
        case .waitFor(let gathering):
            return gathering.parts.map {
                JoinProgress.Item(key: $0.event, value: nil, status: .pending)
            }
        case .forEach(let fanOut):
            guard case .list(let values) = try value(of: fanOut.items) else {
                throw .expression(message: "needs a list", place: fanOut.items.place)
            }
            var items: [JoinProgress.Item] = []
            var keys: Set<String> = []
            for item in values {
                bind(fanOut.name, item)
                let key = try value(of: fanOut.key)?.comparable ?? "null"
                guard keys.insert(key).inserted else {
                    throw .duplicateItem("two items have the key \(key) (\(fanOut.key.place))")
                }
                items.append(JoinProgress.Item(key: key, value: item, status: .waiting))
            }
            unbind(fanOut.name)
            return items
        }
    }

    private func need(of join: Join, total: Int) throws(Trouble) -> Int {
        switch join.need {
        case .all: return total
        case .any: return 1
        case .count(let template):
            switch try fill(template) {
            case .int(let number): return Int(clamping: max(0, number))
            case let other:
                throw .expression(
                    message: "needs a whole number, found \(other?.json ?? "none")",
                    place: template.place)
            }
        }
    }

    /// Starts waiting items, as long as success is possible and not too many are under way.
    private mutating func startItems(of join: Join, at index: Int) throws(Trouble) {
        guard case .forEach(let fanOut) = join else { return }
        let limit = fanOut.maxConcurrent ?? .max
        while !current.joins[index].hasFired, current.joins[index].isPossible,
            current.joins[index].pending < limit,
            let position = current.joins[index].nextWaiting()
        {
            if let item = current.joins[index].items[position].value { bind(fanOut.name, item) }
            for emission in fanOut.emit {
                let sent = try emit(emission, visit: current.joins[index].visit)
                current.joins[index].sent(sent.id, for: position)
            }
            unbind(fanOut.name)
            current.joins[index].mark(position, .pending)
        }
    }

    /// Fires the join if enough succeeded, or no longer can.
    ///
    /// - Returns: The transition to take; `nil` while the join waits.
    private mutating func fire(
        _ join: Join, at index: Int, in state: State
    ) throws(Trouble) -> Step? {
        let progress = current.joins[index]
        guard !progress.hasFired, progress.shallFire(whenImpossible: join.whenImpossible) else {
            return nil
        }
        current.joins[index].hasFired = true
        current.joins[index].isSatisfied = progress.succeeded >= progress.need
        hideEventForJoin()
        bind("join", progress.value)
        guard let transition = try first(of: state.onJoin) else {
            throw .expression(
                message: "no alternative of \"onJoin\" in \"\(state.name)\" holds",
                place: state.onJoin.last?.place)
        }
        return Step(transition: transition, cause: .join)
    }

    private mutating func hideEventForJoin() {
        unbind("event")
        unbind("meta")
    }
}

extension TurnBuilder {
    /// Judges an event that is a part, or the answer for an item, of the state the saga is in.
    mutating func count(
        _ event: EventRecord, as part: JoinPart, of join: Join, succeeded: Bool, in state: State
    ) throws(Trouble) {
        guard let place = try place(of: event, in: join, state: state.name) else {
            return unexpected(event, why: "no item of \"\(state.name)\" fits it")
        }
        let progress = current.joins[place.join]
        guard progress.items[place.item].isOpen else {
            return try judgeLate(event, rules(of: event))
        }
        guard progress.visit == current.visit else {
            if try answerLater(event, part, at: place, succeeded: succeeded, of: join) { return }
            return unexpected(event, why: "its condition in \"\(state.name)\" does not hold")
        }
        bindItem(at: place, of: join)
        defer { unbindItem(of: join) }
        if let condition = part.when, try !holds(condition) {
            return unexpected(event, why: "its condition in \"\(state.name)\" does not hold")
        }
        didHandle()
        judged(event, .handled)
        try settle(part, at: place, succeeded: succeeded, of: join)
        if let step = try fire(join, at: place.join, in: state) {
            try take(step.transition, cause: step.cause)
        } else {
            try startItems(of: join, at: place.join)
        }
    }

    /// Counts an answer that comes after the join has fired, or its state was left.
    ///
    /// - Returns: Whether the event was such an answer, and is judged.
    mutating func answerEarlierJoin(_ event: EventRecord) throws(Trouble) -> Bool {
        guard !current.joins.isEmpty else { return false }
        for name in current.visited.reversed() {
            guard let state = definition.state(name), let join = state.join else { continue }
            let answer: (part: JoinPart, succeeded: Bool)
            switch state.handler(of: event.type) {
            case .part(let part, _): answer = (part, true)
            case .item(let part, let succeeded, _): answer = (part, succeeded)
            case .transitions, nil: continue
            }
            guard let place = try place(of: event, in: join, state: state.name),
                current.joins[place.join].items[place.item].status == .pending
            else { continue }
            return try answerLater(
                event, answer.part, at: place, succeeded: answer.succeeded, of: join)
        }
        return false
    }

    private mutating func answerLater(
        _ event: EventRecord, _ part: JoinPart, at place: JoinPlace, succeeded: Bool, of join: Join
    ) throws(Trouble) -> Bool {
        bindItem(at: place, of: join)
        defer { unbindItem(of: join) }
        if let condition = part.when, try !holds(condition) { return false }
        let isBeyondNeed = current.joins[place.join].isSatisfied
        if case .waitFor = join, current.isActive, !isBeyondNeed {
            return false  // The saga went on without it: an unused success, as any late one.
        }
        current.joins[place.join].mark(place.item, succeeded ? .done : .failed)
        guard current.isActive || (current.status == .completed && isBeyondNeed) else {
            try judgeLate(event, rules(of: event), undo: lateUndo(of: part))
            return true
        }
        didHandle()
        judged(event, .handled, why: "answers \"\(current.joins[place.join].state)\"")
        trace?.note(.counted(event: part.event, state: current.joins[place.join].state))
        bind("data", .map(try assigned(part.set, to: current.data)))
        try undoOrKeep(part, isBeyondNeed: isBeyondNeed, others: join.others)
        return true
    }

    /// Counts a part or an item, and pushes what would undo it.
    private mutating func settle(
        _ part: JoinPart, at place: JoinPlace, succeeded: Bool, of join: Join
    ) throws(Trouble) {
        let isBeyondNeed = current.joins[place.join].isSatisfied
        trace?.note(.counted(event: part.event, state: current.joins[place.join].state))
        try set(part.set)
        current.joins[place.join].mark(place.item, succeeded ? .done : .failed)
        try undoOrKeep(part, isBeyondNeed: isBeyondNeed, others: join.others)
    }

    private mutating func undoOrKeep(
        _ part: JoinPart, isBeyondNeed: Bool, others: Others
    ) throws(Trouble) {
        let captures = try capture(part.compensation)
        guard isBeyondNeed, others == .undo else {
            if current.status == .completed { remember(captures) } else { push(captures) }
            return
        }
        remember(captures)
        for capture in captures {
            trace?.note(.undone(capture.place))
            send(
                capture.command, capture.arguments, delivery: capture.delivery, role: .undoOther,
                visit: current.visit)
        }
    }
}

/// Which item of which join.
struct JoinPlace {
    let join: Int
    let item: Int
}

extension TurnBuilder {
    /// Finds the part or item that an event is about: by the command that caused it, else by
    /// what the file says, in the last visit.
    mutating func place(
        of event: EventRecord, in join: Join, state: String
    ) throws(Trouble) -> JoinPlace? {
        switch join {
        case .waitFor:
            guard let index = current.joins.lastIndex(where: { $0.state == state }) else {
                return nil
            }
            return current.joins[index].items.firstIndex { $0.key == event.type }
                .map { JoinPlace(join: index, item: $0) }
        case .forEach(let fanOut):
            if let cause = event.metadata.causationID, let place = placeCaused(by: cause) {
                return current.joins[place.join].state == state ? place : nil
            }
            guard let match = fanOut.matchEvent,
                let index = current.joins.lastIndex(where: { $0.state == state })
            else { return nil }
            let key = try value(of: match)?.comparable ?? "null"
            return current.joins[index].items.firstIndex { $0.key == key }
                .map { JoinPlace(join: index, item: $0) }
        }
    }

    private func placeCaused(by command: String) -> JoinPlace? {
        for (index, progress) in current.joins.enumerated().reversed() {
            if let item = progress.items.firstIndex(where: { $0.commands.contains(command) }) {
                return JoinPlace(join: index, item: item)
            }
        }
        return nil
    }

    mutating func bindItem(at place: JoinPlace, of join: Join) {
        guard case .forEach(let fanOut) = join,
            let value = current.joins[place.join].items[place.item].value
        else { return }
        bind(fanOut.name, value)
    }

    mutating func unbindItem(of join: Join) {
        guard case .forEach(let fanOut) = join else { return }
        unbind(fanOut.name)
    }
}

extension Join {
    var whenImpossible: WhenImpossible {
        switch self {
        case .waitFor: .waitForTheRest
        case .forEach(let fanOut): fanOut.whenImpossible
        }
    }
}

extension JoinProgress {
    func shallFire(whenImpossible: WhenImpossible) -> Bool {
        if succeeded >= need || items.isEmpty { return true }
        guard !isPossible else { return false }
        return whenImpossible == .now || pending == 0
    }

    /// What expressions see under `join`.
    var value: Value {
        .object([
            "total": .int(Int64(items.count)), "succeeded": .int(Int64(succeeded)),
            "failed": .int(Int64(failed)),
        ])
    }
}
