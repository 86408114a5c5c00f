// Decides what one instance does next. Reads no clock, no store, no network.
//
//   Instance ──decide(input)──▶ Decision (instance, commands, facts)
//
// A decision is a plain value. The runtime writes it in one transaction, so a
// crash leaves all of it or none of it.
package import MinkDefinition
package import MinkExpression

/// Judges one input, and everything that follows from it at once: events that were held, inputs
/// that waited behind a pause.
///
/// - Parameters:
///   - definition: The definition that the instance runs by; the active one when it is new.
///   - instance: The instance as it is; `nil` when nothing is known under its name.
///   - id: The name of the instance.
///   - input: What happened.
///   - payload: The payload of an event, where this definition has read it already.
///   - now: The time of the turn.
///   - trace: Where to note what the turn goes through; `nil` notes nothing.
/// - Returns: The instance afterwards, and what to do. The same arguments give the same decision.
package func decide(
    _ definition: Definition, _ instance: Instance?, id: InstanceID, _ input: Input,
    payload: Value? = nil, at now: Timestamp, trace: TurnTrace? = nil
) -> Decision {
    var turn = TurnBuilder(
        definition: definition, instance: instance, id: id, now: now, trace: trace)
    turn.receive(input, payload)
    return turn.finish()
}

extension TurnBuilder {
    /// Takes in an input: judges it now, or keeps it behind a pause.
    mutating func receive(_ input: Input, _ payload: Value? = nil) {
        switch input {
        case .event(let event, let isSeen):
            guard arrive(event, payload, isSeen: isSeen) else { return }
            if keepsBehindPause(event) { return keep(input) }
            attempt(input)
        case .action(let action):
            obey(action)
        case .timer:
            guard !isPaused else { return }
            attempt(input)
        case .outcome:
            if isPaused { return keep(input) }
            attempt(input)
        case .unwritable(let input, let why):
            setAside(input, why)
        }
        judgeWhatFollows()
    }

    /// Judges an input; if that is impossible, undoes the whole turn and pauses.
    mutating func attempt(_ input: Input) {
        let before = checkpoint
        do throws(Trouble) {
            try judge(input)
        } catch {
            restore(before)
            if status == nil, case .event(let event, _) = input { create(from: event) }
            pause(with: error, unjudged: input)
        }
        forgetVariables()
    }

    private mutating func judge(_ input: Input) throws(Trouble) {
        if status != nil { bindAll(event: nil) }
        switch input {
        case .event(let event, _): try judge(event)
        case .timer(let number): try fire(timer: number)
        case .outcome(let outcome): try settle(outcome)
        case .action, .unwritable: preconditionFailure("these are never attempted")
        }
    }

    /// Pauses the instance for an input whose turn could not be written down.
    private mutating func setAside(_ input: Input, _ why: String) {
        if isPaused { return keep(input) }
        if status == nil, case .event(let event, _) = input { create(from: event) }
        guard exists else { return }
        pause(with: .unwritable(why), unjudged: input)
    }

    /// Judges what was held and what waited, until nothing is left or a pause begins.
    private mutating func judgeWhatFollows() {
        while !isPaused {
            if let held = nextHeldToOffer() {
                offer(held)
            } else if let input = waiting.popFirst() {
                judgeKept(input)
            } else {
                return
            }
        }
        for input in waiting { addToPause(input) }
        waiting = []
    }

    /// Judges an input that waited behind a pause.
    mutating func judgeKept(_ input: Input) {
        guard case .event(let event, _) = input else { return attempt(input) }
        guard let payload = payload(of: event) else { return buryMisfit(event) }
        self.payload = payload
        attempt(input)
    }
}

extension TurnBuilder {
    /// Whether an event has to wait behind a pause.
    ///
    /// What confirms or refuses the frame in progress does not: it may be what ends the pause.
    mutating func keepsBehindPause(_ event: EventRecord) -> Bool {
        guard isPaused else { return false }
        return !concernsFrameInProgress(event)
    }

    mutating func keep(_ input: Input) {
        setAside(input)
        addToPause(input)
    }
}
