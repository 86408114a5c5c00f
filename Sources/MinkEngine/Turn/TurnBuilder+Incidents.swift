// Incidents: a pausing one stops all judging until a person acts, a notice only tells.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Pauses the instance because an input could not be judged.
    ///
    /// What confirms a frame is judged although the instance is paused. If that fails, the event
    /// takes its place behind what waits, and shows its trouble when its turn comes.
    mutating func pause(with trouble: Trouble, unjudged: Input) {
        setAside(unjudged)
        guard current.pause == nil else {
            note(.noted("can not be judged yet: " + trouble.message))
            return addToPause(unjudged)
        }
        open(trouble.code, trouble.message)
        current.pause = Pause(incident: current.counters.incidents, unjudged: unjudged)
        rememberUnique(unjudged)
    }

    /// Lets an input wait until a person acted.
    mutating func addToPause(_ input: Input) {
        current.pause?.kept.append(input)
        rememberUnique(input)
    }

    /// A second event with the value of one that waits is a duplicate already.
    private mutating func rememberUnique(_ input: Input) {
        guard case .event(let event, _) = input, let unique = uniqueValue(of: event) else { return }
        current.pause?.unique.insert(unique.text)
    }

    /// Prepares an outcome for waiting: the delivery has ended, whatever is decided later.
    mutating func setAside(_ input: Input) {
        guard case .outcome(let outcome) = input else { return }
        switch outcome.result {
        case .accepted: current.outstanding.removeAll { $0.id == outcome.command.id }
        case .exhausted(let exhaustion): park(outcome.command, attempts: exhaustion.attempts)
        }
    }

    /// Leaves an exhausted command in the outbox until a person acts.
    mutating func park(_ command: CommandRecord, attempts: Int) {
        decision.parked.append(command.id)
        current.outstanding.removeAll { $0.id == command.id }
        let index = current.outstanding.firstIndex { $0.command.number > command.number }
        current.outstanding.insert(
            OutstandingCommand(command, attempts: attempts, isExhausted: true),
            at: index ?? current.outstanding.endIndex)
    }

    /// Opens an incident; one that pauses also needs a ``Pause``, which the caller sets.
    mutating func open(_ code: Incident.Code, _ message: String, command: String? = nil) {
        current.counters.incidents += 1
        let number = current.counters.incidents
        current.incidents.append(
            Incident(number: number, code: code, message: message, at: now, command: command))
        note(.incident(code: code, message: message, number: number))
    }

    mutating func close(incident number: Int) {
        current.incidents.removeAll { $0.number == number }
        note(.closed(incident: number))
    }

    /// Sets an event aside that nobody can use.
    mutating func bury(_ event: EventRecord, reason: String, message: String) {
        takesIn = false
        note(
            .deadLetter(
                id: event.id, type: event.type, reason: reason, message: message, event: event))
    }

    /// Sets an event aside that fitted when it came, and fits no more.
    mutating func buryMisfit(_ event: EventRecord) {
        bury(
            event, reason: "bad-event",
            message: "\(event.type) does not fit the definition any more")
    }

    mutating func judged(_ event: EventRecord, _ how: Fact.Judgement, why: String? = nil) {
        note(.event(id: event.id, type: event.type, judged: how, why: why))
    }
}
