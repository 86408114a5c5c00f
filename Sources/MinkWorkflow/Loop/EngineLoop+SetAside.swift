// What becomes of an input whose turn can not be written: it must not stop the others.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension EngineLoop {
    /// Takes what the last step was about that could not be written.
    mutating func takeUndone() -> [EngineStep.Work] {
        defer { undone = [] }
        return undone
    }

    /// Settles inputs that can not be written, in a way that can.
    ///
    /// An event or a timer pauses its instance; where even that is impossible, an event becomes a
    /// dead letter. An action is refused. A delivery counts as failed.
    mutating func setAside(
        _ work: [EngineStep.Work], because message: String
    ) async throws(StoreError) {
        for one in work {
            do throws(StoreError) {
                try await gatherAside(one, message)
                try await commit()
            } catch {
                guard case .event(let event, _) = one, error.code != .unavailable else {
                    throw error
                }
                step.begin(one)
                step.bury(
                    DeadLetter(
                        event: event, instance: nil, reason: "bad-event", message: message,
                        at: clock.now()))
                step.batch.cursor = event.position
                try await commit()
            }
        }
        undone = []
    }

    private mutating func gatherAside(
        _ work: EngineStep.Work, _ message: String
    ) async throws(StoreError) {
        switch work {
        case .event(let event, let scope):
            step.begin(work)
            for definition in catalog.definitions(listing: event.type) {
                guard case .instance(let id, _, _) = route(event, by: definition),
                    scope.contains(id)
                else { continue }
                let input = Input.event(event, isSeen: false)
                try await turn(id, .unwritable(input, why: message), at: clock.now())
            }
            step.batch.cursor = event.position
        case .timer(let due):
            step.begin(work)
            let input = Input.timer(number: due.timer.number)
            try await turn(due.instance, .unwritable(input, why: message), at: clock.now())
        case .action(let action):
            step.begin(work)
            let before = try await load(action.instance)?.instance
            step.judged(
                action, from: before, to: nil, refusal: "its turn can not be written: \(message)",
                at: clock.now())
        case .receipt(let pending, _):
            _ = try await gather(pending, .failed("its answer can not be written: \(message)"))
        }
    }
}
