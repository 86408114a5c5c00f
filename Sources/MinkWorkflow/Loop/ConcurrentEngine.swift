// The engine in a service: handlers run side by side, time is real, and whoever appends an event
// wakes it.
//
// One task owns the loop. Deliveries are child tasks that only leave their receipts in the inbox;
// what follows from a receipt is decided and committed by the owner.
import MinkEngine
import MinkExpression
import MinkStore
import Synchronization

/// Drives an engine until its task is cancelled.
struct ConcurrentEngine {
    private var loop: EngineLoop
    private let receiver: any CommandReceiver
    private let wakeUp: WakeUp
    private let inbox = Inbox()
    private var dispatcher: Dispatcher
    private var withoutReceiver: Set<String> = []
    private let options: WorkflowEngine.Options

    init(
        loop: EngineLoop, receiver: any CommandReceiver, wakeUp: WakeUp,
        options: WorkflowEngine.Options
    ) {
        self.loop = loop
        self.receiver = receiver
        self.wakeUp = wakeUp
        self.options = options
        dispatcher = Dispatcher(limit: options.maxConcurrentCommands)
    }

    /// Works until the task is cancelled; a command under way then is delivered again next time.
    mutating func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while !Task.isCancelled {
                var worked = try await settleReceipts()
                try await loop.judgeActions()
                if try await loop.judgeEvents(limit: options.batchLimit) {
                    worked = true
                } else {
                    worked = try await fireDueTimers() || worked
                }
                worked = try await handOut(in: &group) || worked
                if worked { continue }
                try await loop.flush()
                await rest(until: try await loop.store.nextDue())
            }
            _ = try await settleReceipts()
            try await loop.flush()
            group.cancelAll()
        }
    }

    private mutating func settleReceipts() async throws(StoreError) -> Bool {
        let receipts = inbox.take()
        for (pending, receipt) in receipts {
            dispatcher.finish(pending)
            try await loop.settle(pending, receipt)
        }
        return !receipts.isEmpty
    }

    private mutating func fireDueTimers() async throws(StoreError) -> Bool {
        guard try await loop.mayHaveDueWork() else { return false }
        var request = ReadyRequest(after: loop.cursor, now: loop.clock.now())
        request.timers = options.batchLimit
        let timers = try await loop.store.ready(request).timers
        for timer in timers { try await loop.fire(timer) }
        return !timers.isEmpty
    }

    private mutating func handOut(
        in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws(StoreError) -> Bool {
        dispatcher.remove(loop.takeBackCommands())
        while let pending = loop.nextOutgoing() { dispatcher.add(pending) }
        if try await loop.mayHaveDueWork() {
            var request = ReadyRequest(after: loop.cursor, now: loop.clock.now())
            request.commands = options.maxConcurrentCommands
            for pending in try await loop.store.ready(request).commands where pending.due != nil {
                if !withoutReceiver.contains(pending.command.id) { dispatcher.add(pending) }
            }
        }
        var worked = false
        while let pending = dispatcher.next() {
            worked = true
            try await begin(pending, in: &group)
        }
        return worked
    }

    private mutating func begin(
        _ pending: PendingCommand, in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws(StoreError) {
        let command = pending.command
        if command.delivery.destination == .events {
            dispatcher.finish(pending)
            return try await loop.settle(pending, .accepted(answers: [], result: .null))
        }
        guard receiver.takes(command) else {
            dispatcher.finish(pending)
            if withoutReceiver.insert(command.id).inserted { loop.observe(.noReceiver(command)) }
            return
        }
        loop.didBegin(pending)
        group.addTask { [receiver, inbox, wakeUp] in
            let receipt = await receiver.receive(command, attempt: pending.attempts + 1)
            // A stop of the engine is never a failure: the command stays in the outbox.
            guard !Task.isCancelled else { return }
            inbox.put(pending, receipt)
            wakeUp.signal()
        }
    }

    private func rest(until due: Timestamp?) async {
        var limit = due.map { min($0.since(loop.clock.now()), options.restMax) } ?? options.restMax
        // What is due and was not worked on has no receiver here: looking again at once is no use.
        if limit <= .zero { limit = min(.milliseconds(50), options.restMax) }
        await wakeUp.wait(atMost: limit)
    }
}

/// Receipts on their way from deliveries to the owner of the loop.
private final class Inbox: Sendable {
    private let receipts = Mutex<[(PendingCommand, Receipt)]>([])

    func put(_ pending: PendingCommand, _ receipt: Receipt) {
        receipts.withLock { $0.append((pending, receipt)) }
    }

    func take() -> [(PendingCommand, Receipt)] {
        receipts.withLock { receipts in
            defer { receipts = [] }
            return receipts
        }
    }
}
