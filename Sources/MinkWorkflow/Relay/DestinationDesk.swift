// Gathers the messages of one destination into batches. There is no task of its own: of those who
// wait for a message, one carries the next batch out for all that are in it.
import MinkStore
import Synchronization

/// Hands messages to the publisher of one destination.
final class DestinationDesk: Sendable {
    private struct Entry: Sendable {
        let message: OutboxMessage
        let limit: Duration
        let slip: OutcomeSlip
    }

    private let publisher: any Publisher
    private let queue: Mutex<BatchQueue<Entry>>

    init(_ publisher: any Publisher, batchLimit: Int = 100, concurrencyLimit: Int = 64) {
        self.publisher = publisher
        queue = Mutex(BatchQueue(batchLimit: batchLimit, concurrencyLimit: concurrencyLimit))
    }

    /// Publishes a message, perhaps together with others.
    ///
    /// A cancelled task ends the batch that it carries out.
    func publish(_ message: OutboxMessage, within limit: Duration) async -> PublishOutcome {
        let slip = OutcomeSlip()
        queue.withLock {
            $0.add(Entry(message: message, limit: limit, slip: slip), key: message.key)
        }
        // Whoever sends in the same moment is in the same batch.
        await Task.yield()
        return await withTaskCancellationHandler {
            while true {
                await carryOut(until: slip)
                callNext()
                guard let outcome = await slip.wait() else { continue }
                callNext()
                return outcome
            }
        } onCancel: {
            slip.settle(.failed("it was stopped"))
        }
    }

    /// Carries batches out until a message has its outcome, or nothing may go out now.
    private func carryOut(until slip: OutcomeSlip) async {
        while !slip.isSettled, let batch = queue.withLock({ $0.next() }) {
            let limit = batch.map(\.item.limit).min() ?? .zero
            let outcomes = await publisher.publish(batch.map(\.item.message), within: limit)
            for (index, entry) in batch.enumerated() {
                let outcome =
                    outcomes.indices.contains(index)
                    ? outcomes[index] : .failed("the destination did not say what became of it")
                entry.item.slip.settle(outcome)
            }
            queue.withLock { $0.finish(batch) }
        }
    }

    /// Calls the first one that still waits to carry out the next batch, where there is one.
    private func callNext() {
        let next = queue.withLock { $0.isReady ? $0.items : [] }
        _ = next.first { $0.slip.wake() }
    }

    func stop() async { await publisher.stop() }
}

/// Where one message finds its outcome.
private final class OutcomeSlip: Sendable {
    private struct State {
        var outcome: PublishOutcome?
        var waiting: CheckedContinuation<PublishOutcome?, Never>?
        /// Whether it is to carry out a batch before it waits again.
        var isCalled = false
    }

    private let state = Mutex(State())

    var isSettled: Bool { state.withLock { $0.outcome != nil } }

    /// Notes the outcome; the first one counts.
    func settle(_ outcome: PublishOutcome) {
        let waiting = state.withLock { state -> CheckedContinuation<PublishOutcome?, Never>? in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: outcome)
    }

    /// Calls whoever waits here to carry out a batch; `false` when nobody does any more.
    func wake() -> Bool {
        let (isThere, waiting) = state.withLock {
            state -> (Bool, CheckedContinuation<PublishOutcome?, Never>?) in
            guard state.outcome == nil else { return (false, nil) }
            if state.waiting == nil { state.isCalled = true }
            defer { state.waiting = nil }
            return (true, state.waiting)
        }
        waiting?.resume(returning: nil)
        return isThere
    }

    /// Waits for the outcome; `nil` when a batch is to be carried out first.
    func wait() async -> PublishOutcome? {
        await withCheckedContinuation { waiting in
            let ready: PublishOutcome?? = state.withLock { state in
                if let outcome = state.outcome { return .some(outcome) }
                if state.isCalled {
                    state.isCalled = false
                    return .some(nil)
                }
                state.waiting = waiting
                return nil
            }
            if let ready { waiting.resume(returning: ready) }
        }
    }
}
