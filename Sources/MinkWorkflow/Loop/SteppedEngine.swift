// The engine driven step by step on a clock that is moved by hand: `run`, `test` and fixtures use
// it. The loop and the store are the real ones; only time and the order of deliveries are given,
// so the same input gives the same transcript.
import MinkEngine
package import MinkExpression
package import MinkStore

/// Drives an engine to rest, one step after the other.
package struct SteppedEngine {
    package var loop: EngineLoop
    private let clock: ManualClock
    private let receiver: any CommandReceiver

    /// An engine at rest, whose receiver takes every command.
    package init(loop: EngineLoop, clock: ManualClock, receiver: any CommandReceiver) {
        self.loop = loop
        self.clock = clock
        self.receiver = receiver
    }

    /// Works until nothing more can be done without moving the clock.
    ///
    /// Commands go before events, so that all commands of a turn are handed out before their
    /// answers are judged.
    package mutating func settle() async throws(StoreError) {
        while true {
            if try await deliverNext() { continue }
            if try await loop.judgeEvents(limit: 1) { continue }
            if try await workOnDue() { continue }
            return
        }
    }

    /// Moves the clock to a moment, doing what is due on the way, in order.
    package mutating func advance(to target: Timestamp) async throws(StoreError) {
        while try await advance(towards: target) {}
    }

    /// Moves the clock to the next moment at which something is due, and does it.
    ///
    /// - Returns: Whether there was one before the target; if not, the clock stands at the target.
    package mutating func advance(towards target: Timestamp) async throws(StoreError) -> Bool {
        try await settle()
        if let due = try await loop.store.nextDue(), due <= target {
            clock.move(to: due)
            try await settle()
            return true
        }
        clock.move(to: target)
        try await settle()
        return false
    }

    /// Hands out the next command that can be delivered at once.
    private mutating func deliverNext() async throws(StoreError) -> Bool {
        guard let pending = loop.nextOutgoing() else { return false }
        try await deliver(pending)
        return true
    }

    private mutating func deliver(_ pending: PendingCommand) async throws(StoreError) {
        let command = pending.command
        if command.delivery.destination == .events {
            return try await loop.settle(pending, .accepted(answers: [], result: .null))
        }
        let receipt = await receiver.receive(command, attempt: pending.attempts + 1)
        loop.stagedNotes.merge(receiver.notes) { _, new in new }
        try await loop.settle(pending, receipt)
    }

    /// Works on the first thing that is due: by moment, then kind, then order.
    private mutating func workOnDue() async throws(StoreError) -> Bool {
        guard try await loop.mayHaveDueWork() else { return false }
        var request = ReadyRequest(after: loop.cursor, now: clock.now())
        request.timers = 1
        request.commands = 1
        let work = try await loop.store.ready(request)
        let timer = work.timers.first
        let command = work.commands.first { $0.due != nil }
        switch (timer, command) {
        case (let timer?, let command?):
            if timer.goesBefore(command) {
                try await loop.fire(timer)
            } else {
                try await deliver(command)
            }
        case (let timer?, nil): try await loop.fire(timer)
        case (nil, let command?): try await deliver(command)
        case (nil, nil): return false
        }
        return true
    }
}

extension DueTimer {
    /// Delayed commands and retries stand between the timers of one moment and the expiry of what
    /// is held.
    fileprivate func goesBefore(_ command: PendingCommand) -> Bool {
        let due = command.due ?? timer.due
        return timer.due == due ? timer.kind != .heldExpiry : timer.due < due
    }
}
