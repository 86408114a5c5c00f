// The engine in a service: handlers run side by side, time is real, and whoever appends an event
// wakes it.
//
// One task owns the loop. It takes what is ready, as much as fits into a step, and never waits for
// more: alone a turn costs one commit, under load a commit is shared. Deliveries are child tasks
// that only leave their receipts in the inbox; what follows from a receipt is decided and committed
// by the owner.
import MinkEngine
import MinkExpression
import MinkStore
import Synchronization

/// Drives an engine until its task is cancelled.
struct ConcurrentEngine {
    private typealias Deliveries = ThrowingDiscardingTaskGroup<any Error>

    private var loop: EngineLoop
    private let receiver: any CommandReceiver
    private let wakeUp: WakeUp
    private let control: EngineControl?
    /// The number of the catalog that the loop works by.
    private var catalogNumber = 0
    private let inbox = Inbox()
    private var dispatcher: Dispatcher
    private var pace: StepPace
    private var withoutReceiver: Set<String> = []
    /// When it is looked who owns what.
    private var nextTend = ContinuousClock.now
    /// What goes to another engine once none of its commands is under way.
    private var leaving: PartitionSet = .none
    /// When that is given up without waiting any longer.
    private var leavingUntil = ContinuousClock.now
    /// Whether the store was away: commands may have been written that nobody has handed out.
    private var hasLostStore = false
    /// When people's inputs are looked for again.
    private var nextLookAtActions: Timestamp = .earliest
    private let options: WorkflowEngine.Options

    /// How often people's inputs are looked for while there is other work.
    private static let actionInterval: Duration = .milliseconds(100)
    /// How long commands under way hold up a hand-over: they are delivered again then.
    private static let longestLeave: Duration = .seconds(2)
    /// How many commands one task begins: those behind wait for what a receiver computes.
    private static let bundleSize = 16

    init(
        loop: EngineLoop, receiver: any CommandReceiver, wakeUp: WakeUp,
        options: WorkflowEngine.Options, control: EngineControl? = nil
    ) {
        self.loop = loop
        self.receiver = receiver
        self.wakeUp = wakeUp
        self.control = control
        self.options = options
        dispatcher = Dispatcher(limit: options.maxConcurrentCommands)
        pace = StepPace(limit: options.batchLimit)
    }

    /// Works until the task is cancelled; a command under way then is delivered again next time.
    mutating func run() async throws {
        try await withThrowingDiscardingTaskGroup { deliveries in
            while !Task.isCancelled {
                if try await work(&deliveries) { continue }
                if let due = try await nextDue() { await rest(until: due) }
                nextLookAtActions = .earliest
            }
            _ = try await gatherReceipts(limit: .max)
            try await loop.flush()
            deliveries.cancelAll()
        }
    }

    /// Takes one step; `false` when there was nothing to do.
    private mutating func work(_ deliveries: inout Deliveries) async throws -> Bool {
        takeNewerCatalog()
        var worked = false
        do throws(StoreError) {
            if wakeUp.takesOwnersChanged() || .now >= nextTend { try await tend() }
            if hasLostStore {
                try await loop.refillOutgoing(except: inbox.takenBefore)
                hasLostStore = false
            }
            worked = try await takeStep()
            pace.didWrite()
            worked = try await handOut(in: &deliveries) || worked
            if !worked { try await loop.flushAcknowledged() }
        } catch {
            try await recover(from: error)
            return true
        }
        return worked
    }

    /// When something is due next; `nil` when the store is away, after some rest.
    private mutating func nextDue() async throws -> Timestamp? {
        do throws(StoreError) {
            return try await loop.store.nextDue() ?? .latest
        } catch {
            try await recover(from: error)
            return nil
        }
    }

    /// Works by newer definitions from here on: between two steps, never inside one.
    private mutating func takeNewerCatalog() {
        guard !hasLostStore else { return }
        let newer = control?.newerCatalog(
            judgedTo: loop.cursor, owning: loop.share.owned.count, than: &catalogNumber)
        if let newer { loop.catalog = newer }
    }

    /// Decides what is ready, as much as fits, and writes it.
    private mutating func takeStep() async throws(StoreError) -> Bool {
        var room = pace.limit
        room -= try await gatherReceipts(limit: room)
        room -= try await gatherActions(limit: room)
        let events = room > 0 ? try await loop.gatherEvents(limit: room) : 0
        // A timer fires only after the events that came before its moment were judged.
        let timers = events < room ? try await gatherTimers(limit: room - events) : 0
        try await loop.commitTurns()
        return pace.limit > room - events - timers
    }

    private mutating func gatherReceipts(limit: Int) async throws(StoreError) -> Int {
        let receipts = inbox.take(limit)
        for (place, entry) in receipts.enumerated() {
            do throws(StoreError) {
                guard loop.share.owned.contains(entry.pending.command.instance) else {
                    loop.abandon(entry.pending)
                    dispatcher.finish(entry.pending, isPostponed: false)
                    continue
                }
                let isPostponed = try await loop.gather(entry.pending, entry.receipt)
                if !entry.isAgain { dispatcher.finish(entry.pending, isPostponed: isPostponed) }
            } catch {
                inbox.putBack(receipts[place...])
                throw error
            }
        }
        if !receipts.isEmpty { CrashPoint.receiptsGathered.reach() }
        return receipts.count
    }

    private mutating func gatherActions(limit: Int) async throws(StoreError) -> Int {
        let now = loop.clock.now()
        guard limit > 0, now >= nextLookAtActions else { return 0 }
        let actions = try await loop.pendingActions(limit: limit)
        for action in actions { _ = try await loop.gather(action) }
        if !actions.isEmpty { CrashPoint.actionsGathered.reach() }
        nextLookAtActions = now.adding(Self.actionInterval) ?? .latest
        return actions.count
    }

    private mutating func gatherTimers(limit: Int) async throws(StoreError) -> Int {
        guard limit > 0, try await loop.mayHaveDueWork() else { return 0 }
        var request = ReadyRequest(after: loop.cursor, now: loop.clock.now())
        request.timers = limit
        let timers = try await loop.store.ready(request).timers
        for timer in timers { try await loop.gather(timer) }
        if !timers.isEmpty { CrashPoint.timersGathered.reach() }
        return timers.count
    }
}

// MARK: - When other engines come and go

extension ConcurrentEngine {
    /// Looks who owns what; gives up what others should have once its commands are settled.
    private mutating func tend() async throws(StoreError) {
        let held = leaving
        let isFree =
            !held.isEmpty
            && (.now >= leavingUntil || !dispatcher.isUnderWay { held.contains($0) })
        let lost = try await loop.tend(releasing: isFree ? held : .none)
        if !lost.isEmpty {
            for gone in dispatcher.forgetWaiting(where: { lost.contains($0) }) {
                loop.abandon(gone)
            }
        }
        try await leave(loop.share.surplus)
        nextTend = .now + (leaving.isEmpty ? loop.share.lookAgain : .milliseconds(20))
    }

    /// Hands out no more commands of what goes to another engine.
    private mutating func leave(_ surplus: PartitionSet) async throws(StoreError) {
        let kept = leaving.subtracting(surplus).intersection(loop.share.owned)
        if leaving.isEmpty, !surplus.isEmpty { leavingUntil = .now + Self.longestLeave }
        leaving = surplus
        if !surplus.isEmpty { dispatcher.forgetWaiting { surplus.contains($0) } }
        // What stays after all is handed out here again.
        if !kept.isEmpty { try await loop.refillOutgoing(except: inbox.takenBefore) }
    }
}

// MARK: - When a step can not be written

extension ConcurrentEngine {
    /// Finds the one input that can not be written and sets it aside; waits where the store is
    /// away.
    private mutating func recover(from error: StoreError) async throws {
        loop.undoStep()
        CrashPoint.stepUndone.reach()
        let undone = loop.takeUndone()
        inbox.putBack(
            undone.compactMap { work in
                guard case .receipt(let pending, let receipt) = work else { return nil }
                return Inbox.Entry(pending: pending, receipt: receipt, isAgain: true)
            }[...])
        switch error.code {
        case .occupied:
            throw error
        case .unavailable:
            loopFailed("the store can not be reached; trying again", error)
            hasLostStore = true
            control?.stand(.withoutStore)
            nextTend = .now
            await wakeUp.wait(atMost: pace.didLoseStore())
        case .conflict, .corrupt:
            guard !undone.isEmpty else { throw error }
            guard pace.didFail(inputs: undone.count) else { return }
            loopFailed("an input can not be written and is set aside", error)
            inbox.remove(undone)
            try await loop.setAside(undone, because: error.message)
            for case .receipt(let pending, _) in undone {
                dispatcher.finish(pending, isPostponed: false)
            }
        }
    }

    private func loopFailed(_ message: String, _ error: StoreError) {
        options.log(message, ["error": error.message])
    }
}

// MARK: - Commands

extension ConcurrentEngine {
    private mutating func handOut(
        in deliveries: inout Deliveries
    ) async throws(StoreError) -> Bool {
        dispatcher.remove(loop.takeBackCommands())
        let answered = inbox.takenBefore
        for pending in loop.takeOutgoing() where isHandedOut(pending) {
            if !answered.contains(pending.command.id) { dispatcher.add(pending) }
        }
        if try await loop.mayHaveDueWork() {
            var request = ReadyRequest(after: loop.cursor, now: loop.clock.now())
            request.commands = options.maxConcurrentCommands
            for pending in try await loop.store.ready(request).commands where pending.due != nil {
                guard isHandedOut(pending), !answered.contains(pending.command.id) else { continue }
                dispatcher.add(pending)
            }
        }
        var worked = false
        var bundle: [PendingCommand] = []
        while let pending = dispatcher.next() {
            worked = true
            if begins(pending) { bundle.append(pending) }
            if bundle.count == Self.bundleSize {
                deliver(bundle, in: &deliveries)
                bundle = []
            }
        }
        if !bundle.isEmpty { deliver(bundle, in: &deliveries) }
        return worked
    }

    private func isHandedOut(_ pending: PendingCommand) -> Bool {
        !withoutReceiver.contains(pending.command.id)
            && !leaving.contains(pending.command.instance)
    }

    /// Notes that a command goes out; `false` when it needs no receiver, or has none.
    private mutating func begins(_ pending: PendingCommand) -> Bool {
        let command = pending.command
        if command.delivery.destination == .events {
            loop.didBegin(pending)
            inbox.put(pending, .accepted(answers: [], result: .null))
            return false
        }
        guard receiver.takes(command) else {
            dispatcher.finish(pending, isPostponed: false)
            if withoutReceiver.insert(command.id).inserted { loop.observe(.noReceiver(command)) }
            return false
        }
        loop.didBegin(pending)
        CrashPoint.commandHandedOut.reach()
        return true
    }

    /// Hands some commands to the receiver, side by side.
    ///
    /// Most receivers answer soon, and starting a task on another thread takes longer than that: so
    /// one begins them all, each up to the point at which it waits.
    private func deliver(_ bundle: [PendingCommand], in deliveries: inout Deliveries) {
        deliveries.addTask { [receiver, inbox, wakeUp] in
            await withDiscardingTaskGroup { group in
                for pending in bundle {
                    group.addImmediateTask {
                        let receipt = await receiver.receive(
                            pending.command, attempt: pending.attempts + 1)
                        CrashPoint.commandTaken.reach()
                        // A stop of the engine is never a failure: the command stays in the outbox.
                        guard !Task.isCancelled else { return }
                        inbox.put(pending, receipt)
                        wakeUp.signal()
                    }
                }
            }
        }
    }

    private func rest(until due: Timestamp) async {
        var limit = min(due.since(loop.clock.now()), options.restMax)
        limit = min(limit, max(.zero, nextTend - .now))
        // What is due and was not worked on has no receiver here: looking again at once is no use.
        if limit <= .zero { limit = min(.milliseconds(50), options.restMax) }
        await wakeUp.wait(atMost: limit)
    }
}

/// Receipts on their way from deliveries to the owner of the loop.
private final class Inbox: Sendable {
    struct Entry: Sendable {
        let pending: PendingCommand
        let receipt: Receipt
        /// Whether it was taken before, in a step that could not be written.
        let isAgain: Bool
    }

    private let entries = Mutex<[Entry]>([])

    func put(_ pending: PendingCommand, _ receipt: Receipt) {
        entries.withLock {
            $0.append(Entry(pending: pending, receipt: receipt, isAgain: false))
        }
    }

    /// The oldest receipts.
    func take(_ limit: Int) -> [Entry] {
        entries.withLock { entries in
            defer { entries.removeFirst(min(limit, entries.count)) }
            return Array(entries.prefix(limit))
        }
    }

    /// The commands of receipts that were put back: they were delivered.
    var takenBefore: Set<String> {
        entries.withLock { entries in
            Set(entries.lazy.filter(\.isAgain).map(\.pending.command.id))
        }
    }

    /// Puts receipts back before all others, each once.
    func putBack(_ again: ArraySlice<Entry>) {
        entries.withLock { entries in
            let known = Set(entries.map(\.pending.command.id))
            entries = again.filter { !known.contains($0.pending.command.id) } + entries
        }
    }

    /// Forgets receipts that were settled in another way.
    func remove(_ work: [EngineStep.Work]) {
        var gone: Set<String> = []
        for case .receipt(let pending, _) in work { gone.insert(pending.command.id) }
        entries.withLock { entries in entries.removeAll { gone.contains($0.pending.command.id) } }
    }
}
