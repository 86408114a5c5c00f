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
    /// - Returns: The event; `nil` when it was settled here.
    mutating func arrive(_ event: EventRecord, isSeen: Bool) -> EventRecord? {
        guard let declared = definition.events[event.type] else { return nil }
        switch declared.type.read(json: event.data) {
        case .failure(let mismatch):
            judged(event, .deadLetter, why: mismatch.description)
            bury(event, reason: "bad-event", message: mismatch.description)
            return nil
        case .success(let value):
            payload = value
        }
        if let seen = declared.seenValue(in: payload) {
            if isSeen || decision.seenValues.contains(seen) {
                judged(event, .duplicate, why: "\(seen.event) with this value was seen before")
                return nil
            }
            decision.seenValues.append(seen)
        }
        return event
    }

    /// The payload of an event that was received before; it fitted then.
    mutating func payload(of event: EventRecord) -> Value? {
        guard let declared = definition.events[event.type],
            case .success(let value) = declared.type.read(json: event.data)
        else { return nil }
        return value
    }

    /// Judges an event that was received.
    mutating func judge(_ event: EventRecord) throws(Trouble) {
        self.event = event
        defer { self.event = nil }
        bindEvent(event)
        switch instance?.status {
        case nil:
            try judgeWithoutInstance(event)
        case .started, .running:
            try judgeWhileWaiting(event)
        case .compensating:
            if try confirmFrame(with: event) { return }
            try judgeAfterwards(event)
        case .completed, .failed, .compensated:
            try judgeAfterwards(event)
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
            arm(.deadline, due: now.adding(deadline.after), visit: 0)
        }
        judged(event, .started)
        try take(transition, cause: .event(event.type))
        return true
    }

    private mutating func judgeWhileWaiting(_ event: EventRecord) throws(Trouble) {
        if let handler = definition.start[event.type] {
            if current.state == nil {
                guard try start(with: handler, event) else {
                    instance = nil
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
        let rules = definition.events[event.type]?.rules ?? EventRules()
        let canStillCome = definition.canStillHandle(event.type, after: state)
        let wasVisited = current.visited.contains { handles(event.type, in: $0) }
        switch (canStillCome, wasVisited) {
        case (true, false): hold(event, rules)
        case (true, true) where rules.ambiguous != .late: hold(event, rules)
        case (_, true): try judgeLate(event, rules)
        case (false, false):
            unexpected(event, why: "no state that can come, or came, handles it")
        }
    }

    private mutating func judgeAfterwards(_ event: EventRecord) throws(Trouble) {
        if let handler = definition.start[event.type], !handler.deliversToExisting {
            return judged(event, .duplicate, why: "\(id.key) has started already")
        }
        if try answerEarlierJoin(event) { return }
        guard definition.states.contains(where: { handles(event.type, in: $0.name) }) else {
            return unexpected(event, why: "no state handles it")
        }
        try judgeLate(event, definition.events[event.type]?.rules ?? EventRules())
    }

    func handles(_ event: String, in state: String) -> Bool {
        definition.state(state).map { definition.handler(of: event, in: $0) != nil } ?? false
    }

    /// Judges an event that the state, or the part of it that holds everywhere, waits for.
    private mutating func handle(
        _ event: EventRecord, with handler: EventHandler, in state: State
    ) throws(Trouble) {
        bindSaga()
        bindData()
        switch handler {
        case .transitions(let transitions):
            guard let transition = try first(of: transitions) else {
                return unexpected(event, why: "no condition in \"\(state.name)\" holds")
            }
            didHandle()
            judged(event, transition.ignore ? .ignored : .handled)
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

    mutating func unexpected(_ event: EventRecord, why: String) {
        let rules = definition.events[event.type]?.rules ?? EventRules()
        judged(event, .unexpected, why: why)
        switch rules.unexpected {
        case .deadLetter:
            let place = instance?.state.map { " in \"\($0)\"" } ?? ""
            bury(
                event, reason: "unexpected",
                message: "\(event.type) was not expected\(place): \(why)")
        case .incident where instance?.status != nil:
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
