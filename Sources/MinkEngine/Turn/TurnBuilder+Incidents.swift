// Incidents: a pausing one stops all judging until a person acts, a notice only tells.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Pauses the instance because an input could not be judged.
    mutating func pause(with trouble: Trouble, unjudged: Input) {
        open(trouble.code, trouble.message)
        let kept = current.pause?.kept ?? []
        current.pause = Pause(
            incident: current.counters.incidents, unjudged: unjudged, kept: kept)
    }

    /// Opens an incident. One that pauses also needs a ``Pause``, which the caller sets.
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
        note(
            .deadLetter(
                id: event.id, type: event.type, reason: reason, message: message, event: event))
    }

    mutating func judged(_ event: EventRecord, _ how: Fact.Judgement, why: String? = nil) {
        note(.event(id: event.id, type: event.type, judged: how, why: why))
    }
}
