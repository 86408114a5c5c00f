// Early events: held in the instance, offered again after every entry into a state, and set aside
// when nobody wants them in time.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Holds an event under its key until an instance appears.
    mutating func holdForAnInstance(_ event: EventRecord) {
        let rules = rules(of: event)
        if !exists {
            instance = Instance(
                id: id, definition: DefinitionReference(definition.identity), from: event)
        }
        guard current.held.count < definition.limits.held else {
            judged(event, .deadLetter, why: "\(definition.limits.held) events are held already")
            return bury(
                event, reason: "held",
                message: "\(definition.limits.held) events are held already for \(id.key)")
        }
        addHeld(event, rules, why: "no \(id.workflow) for \(id.key) yet")
    }

    /// Holds an event that a later state will want.
    mutating func hold(_ event: EventRecord, _ rules: EventRules) throws(Trouble) {
        let limit = definition.limits.held + current.counters.allowance.held
        guard current.held.count < limit else {
            throw .limit("\(limit) events are held, and no more are allowed")
        }
        addHeld(event, rules, why: "a later state handles it")
    }

    private mutating func addHeld(_ event: EventRecord, _ rules: EventRules, why: String) {
        takesIn = false
        if let before = reoffered, before.event.id == event.id { return insert(before) }
        let until = now.adding(rules.holdFor) ?? .latest
        let unique = definition.events[event.type]?.seenValue(in: payload)
        insert(HeldEvent(event: event, until: until, unique: unique))
        arm(.heldExpiry, due: until, visit: 0)
        judged(event, .early, why: why)
    }

    /// Puts an event at its place in log order.
    private mutating func insert(_ held: HeldEvent) {
        let index =
            current.held.lastIndex { $0.event.position <= held.event.position }
            .map { $0 + 1 } ?? 0
        current.held.insert(held, at: index)
    }

    /// The next held event to offer: the first in log order that was not offered since the last
    /// entry into a state.
    func nextHeldToOffer() -> HeldEvent? {
        guard offersHeld, status != nil else { return nil }
        return current.held.first { !offered.contains($0.event.id) }
    }

    /// Judges a held event again, as a turn of its own.
    mutating func offer(_ held: HeldEvent) {
        offered.insert(held.event.id)
        current.held.removeAll { $0.event.id == held.event.id }
        reoffered = held
        judgeKept(.event(held.event, isSeen: false))
        reoffered = nil
    }

    /// Sets aside what was held too long.
    mutating func expireHeld() {
        let moment = now
        let expired = current.held.filter { $0.until <= moment }
        current.held.removeAll { $0.until <= moment }
        for held in expired {
            let rules = rules(of: held.event)
            let wait = DurationText.format(rules.holdFor)
            let message =
                current.status == nil
                ? "held \(wait), no \(id.workflow) for \(id.key) appeared"
                : "held \(wait), no state of \(id.workflow) \(id.key) took it"
            if rules.early == .deadLetter {
                bury(held.event, reason: "held", message: message)
            } else {
                judged(held.event, .ignored, why: message)
            }
        }
    }

    /// Drops timers for held events that were taken meanwhile.
    mutating func dropIdleExpiryTimers() {
        guard exists, current.timers.contains(where: { $0.kind == .heldExpiry }) else {
            return
        }
        let wanted = Set(current.held.map(\.until))
        current.timers.removeAll { $0.kind == .heldExpiry && !wanted.contains($0.due) }
    }
}
