// What people decided, and timers that are due.
import MinkEngine
package import MinkStore

extension EngineLoop {
    /// Judges what a person decided.
    ///
    /// - Returns: Why the action was refused; `nil` when it was carried out.
    package mutating func judge(_ action: PendingAction) async throws(StoreError) -> String? {
        let refusal = try await gather(action)
        try await commit()
        return refusal
    }

    /// Judges what people decided while no engine was running.
    package mutating func judgeActions() async throws(StoreError) {
        for action in try await pendingActions(limit: .max) { _ = try await judge(action) }
    }

    /// What people decided and nobody has judged.
    mutating func pendingActions(limit: Int) async throws(StoreError) -> [PendingAction] {
        var request = ReadyRequest(after: cursor, now: clock.now())
        request.actions = limit
        return try await store.ready(request).actions
    }

    /// Decides an action, as a part of the step.
    mutating func gather(_ action: PendingAction) async throws(StoreError) -> String? {
        step.begin(.action(action))
        let now = clock.now()
        let before = try await load(action.instance)?.instance
        let input = Input.action(try await withKnowledge(action))
        let refusal = try await turn(action.instance, input, at: now)
        let after = cache[action.instance]?.instance
        step.judged(action, from: before, to: after, refusal: refusal, at: now)
        return refusal
    }

    /// Fires a timer that is due.
    package mutating func fire(_ due: DueTimer) async throws(StoreError) {
        try await gather(due)
        try await commit()
    }

    /// Decides a timer, as a part of the step, unless an earlier turn has ended it.
    mutating func gather(_ due: DueTimer) async throws(StoreError) {
        step.begin(.timer(due))
        let number = due.timer.number
        guard let entry = try await load(due.instance),
            entry.instance.runningTimers.contains(where: { $0.number == number })
        else { return }
        try await turn(due.instance, .timer(number: number), at: clock.now())
    }
}
