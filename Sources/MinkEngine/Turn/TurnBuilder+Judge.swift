// How one event is judged: the first description that fits.
//
//   arrive: bad payload ─▶ dead letter · seen before ─▶ duplicate
//   judge:  no instance ─▶ start, or held as early
//           waiting     ─▶ handled, early, late, unexpected
//           being undone, or over ─▶ late, unexpected
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Receives an event: its payload must fit, and its `uniqueBy` value must be new.
    ///
    /// - Returns: Whether it is to be judged; otherwise it was settled here.
    mutating func arrive(_ event: EventRecord, _ known: Value?, isSeen: Bool) -> Bool {
        guard let declared = definition.events[event.type] else {
            unexpected(event, why: "version \(definition.identity.version) does not list it")
            return false
        }
        switch known.map(Result.success) ?? declared.type.read(json: event.data) {
        case .failure(let mismatch):
            judged(event, .deadLetter, why: mismatch.description)
            bury(event, reason: "bad-event", message: mismatch.description)
            return false
        case .success(let value):
            payload = value
        }
        if let unique = declared.seenValue(in: payload), isSeen || isWaiting(unique) {
            judged(event, .duplicate, why: "\(unique.event) with this value was seen before")
            return false
        }
        return true
    }

    /// Whether an event with this value is held, or waits behind a pause.
    private func isWaiting(_ value: SeenValue) -> Bool {
        guard exists else { return false }
        return current.held.contains { $0.unique == value }
            || current.pause?.unique.contains(value.text) ?? false
    }

    /// The payload of an event that was received before; it fitted then.
    func payload(of event: EventRecord) -> Value? {
        guard let declared = definition.events[event.type],
            case .success(let value) = declared.type.read(json: event.data)
        else { return nil }
        return value
    }

    /// The value of an event that must not come twice.
    func uniqueValue(of event: EventRecord) -> SeenValue? {
        guard let declared = definition.events[event.type], declared.uniqueBy != nil else {
            return nil
        }
        return declared.seenValue(in: payload(of: event))
    }

    /// Judges an event that was received.
    ///
    /// Its `uniqueBy` value counts as seen once the instance took the event in: what became a dead
    /// letter can be sent again.
    mutating func judge(_ event: EventRecord) throws(Trouble) {
        self.event = event
        takesIn = true
        defer { self.event = nil }
        bindEvent(event)
        let unique = definition.events[event.type]?.seenValue(in: payload)
        try judgeByStatus(event)
        if takesIn, let unique { decision.seenValues.append(unique) }
    }

    private mutating func judgeByStatus(_ event: EventRecord) throws(Trouble) {
        switch status {
        case nil:
            try judgeWithoutInstance(event)
        case .started, .running:
            try judgeWhileWaiting(event)
        case .compensating:
            if try confirmFrame(with: event) { return }
            judgeAfterwards(event)
        case .completed, .failed, .compensated:
            judgeAfterwards(event)
        }
    }

    private mutating func judgeWithoutInstance(_ event: EventRecord) throws(Trouble) {
        guard let handler = definition.start[event.type] else {
            return holdForAnInstance(event)
        }
        let before = instance
        create(from: event)
        guard try start(with: handler, event) else {
            instance = before
            return unexpected(event, why: "no condition under \"start\" holds")
        }
    }

    /// Takes the first step; `false` when no condition holds.
    private mutating func start(
        with handler: StartHandler, _ event: EventRecord
    ) throws(Trouble) -> Bool {
        bindSaga()
        bindData()
        guard let transition = try first(of: handler.transitions) else { return false }
        if let deadline = definition.deadline {
            arm(.deadline, due: (current.startedAt ?? now).adding(deadline.after), visit: 0)
        }
        judged(event, .started)
        try take(transition, cause: .event(event.type))
        return true
    }

    /// After a start that failed and then is none, only what is held under the key remains.
    private mutating func forgetStart() {
        current.status = nil
        current.startedAt = nil
        current.data = .map(ValueMap())
    }

    private mutating func judgeWhileWaiting(_ event: EventRecord) throws(Trouble) {
        if let handler = definition.start[event.type] {
            if current.state == nil {
                guard try start(with: handler, event) else {
                    forgetStart()
                    return unexpected(event, why: "no condition under \"start\" holds")
                }
                return
            }
            if !handler.deliversToExisting {
                return judged(event, .duplicate, why: "\(id.key) has started already")
            }
        }
        guard let name = current.state, let state = definition.state(name) else {
            throw .expression(
                message: "version \(definition.identity.version) has no state "
                    + "\"\(current.state ?? "")\"", place: nil)
        }
        if let handler = definition.handler(of: event.type, in: state) {
            return try handle(event, with: handler, in: state)
        }
        if try answerEarlierJoin(event) { return }
        try judgeElsewhereHandled(event, in: name)
    }

    private mutating func judgeElsewhereHandled(
        _ event: EventRecord, in state: String
    ) throws(Trouble) {
        let rules = rules(of: event)
        let canStillCome = definition.canStillHandle(event.type, after: state)
        let wasVisited = current.visited.contains { handles(event.type, in: $0) }
        switch (canStillCome, wasVisited) {
        case (true, false): try hold(event, rules)
        case (true, true) where rules.ambiguous != .late: try hold(event, rules)
        case (_, true): try judgeLate(event, rules)
        case (false, false):
            unexpected(event, why: "no state that can come, or came, handles it")
        }
    }

    /// Judges an event while the saga is being undone, or is over; this never pauses it.
    private mutating func judgeAfterwards(_ event: EventRecord) {
        let before = checkpoint
        do throws(Trouble) {
            try judgeAfterwardsIfClear(event)
        } catch {
            restore(before)
            judged(event, .late, why: error.explanation)
            tellUnclear(event, error.explanation)
        }
    }

    private mutating func judgeAfterwardsIfClear(_ event: EventRecord) throws(Trouble) {
        if let handler = definition.start[event.type], !handler.deliversToExisting {
            return judged(event, .duplicate, why: "\(id.key) has started already")
        }
        if try answerEarlierJoin(event) { return }
        guard definition.states.contains(where: { handles(event.type, in: $0.name) }) else {
            return unexpected(event, why: "no state handles it")
        }
        try judgeLate(event, rules(of: event))
    }

    func handles(_ event: String, in state: String) -> Bool {
        definition.state(state).map { definition.handler(of: event, in: $0) != nil } ?? false
    }

    /// Judges an event that the state, or the part of it that holds everywhere, waits for.
    private mutating func handle(
        _ event: EventRecord, with handler: EventHandler, in state: State
    ) throws(Trouble) {
        switch handler {
        case .transitions(let transitions):
            guard let transition = try first(of: transitions) else {
                return unexpected(event, why: "no condition in \"\(state.name)\" holds")
            }
            guard !transition.ignore else {
                trace?.note(.taken(transition.place))
                return judged(event, .ignored)
            }
            didHandle()
            judged(event, .handled)
            try take(transition, cause: .event(event.type))
        case .part(let part, let gathering):
            try count(event, as: part, of: .waitFor(gathering), succeeded: true, in: state)
        case .item(let part, let succeeded, let fanOut):
            try count(event, as: part, of: .forEach(fanOut), succeeded: succeeded, in: state)
        }
    }

    /// The first event that is handled after the start makes the saga running.
    mutating func didHandle() {
        if current.status == .started { current.status = .running }
    }

    func rules(of event: EventRecord) -> EventRules {
        definition.events[event.type]?.rules ?? EventRules()
    }

    mutating func unexpected(_ event: EventRecord, why: String) {
        let rules = rules(of: event)
        judged(event, .unexpected, why: why)
        switch rules.unexpected {
        case .deadLetter:
            let place = exists ? current.state.map { " in \"\($0)\"" } ?? "" : ""
            bury(
                event, reason: "unexpected",
                message: "\(event.type) was not expected\(place): \(why)")
        case .incident where status != nil:
            open(.unexpectedEvent, "\(event.type) (\(event.id)) was not expected: \(why)")
        case .incident:
            bury(event, reason: "unexpected", message: "\(event.type) was not expected: \(why)")
        case .ignore:
            break
        }
    }
}

extension EventDefinition {
    /// The value that must not come twice; `nil` where none is asked for, or it is absent.
    func seenValue(in payload: Value?) -> SeenValue? {
        guard let uniqueBy, let value = payload?[uniqueBy], value != .null else { return nil }
        return SeenValue(event: name, value: value.comparable)
    }
}
