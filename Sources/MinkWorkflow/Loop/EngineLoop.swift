// The engine loop: gathers what is ready, decides it, commits, and only then hands out commands.
//
//   events · actions · timers · outcomes ─▶ decide ─▶ step ─▶ commit ─▶ commands
//                                                               ▲          │
//                                                               └─ answers ┘
//
// One owner drives it, a step at a time; every step leaves the store in a state from which a
// process that was killed goes on. When a step can not be written, nothing of it has happened.
import MinkDefinition
package import MinkEngine
import MinkExpression
package import MinkStore

/// Turns inputs into committed decisions.
package struct EngineLoop {
    package let store: any WorkflowStore
    package let clock: any WorkflowClock
    /// The definitions by which new turns are decided.
    package var catalog: Catalog
    /// Finds a definition that the catalog lacks; `nil` when nobody keeps it.
    var lookUp: @Sendable (DefinitionReference) async throws(StoreError) -> Definition? = { _ in
        nil
    }
    /// The position of the last event that was judged.
    package private(set) var cursor: Int64
    /// Small texts that were committed last, by name.
    package private(set) var notes: [String: String]
    /// Commands to hand out at once, in order of emission.
    var outgoing: [PendingCommand] = []
    /// Acknowledged commands that nobody waits for; they leave the outbox with the next commit.
    ///
    /// A transaction of their own would double the cost of every step. After a crash they are
    /// delivered again under their ids, as any command may be.
    var acknowledged: Set<String> = []
    /// Small texts to keep with the next commit.
    package var stagedNotes: [String: String] = [:]
    /// Commands that were taken back and may wait elsewhere.
    var takenBack: Set<String> = []
    /// Commands that are with a receiver, and which try it is.
    var inAttempt: [String: Int] = [:]
    /// Those of them that another engine may have handed out, and this one has not yet.
    var inherited: Set<String> = []
    /// Commands under way whose saga is being undone: a failure is not tried again.
    var lastAttempts: Set<String> = []
    var cache = InstanceCache(limit: 10_000)
    /// Instances that the store has not, while a batch of events is decided.
    var absent: Set<InstanceID> = []
    /// What is owned of the work; what belongs to others is passed over.
    private(set) var share: WorkShare
    /// What was decided since the last commit.
    var step = EngineStep()
    /// What the last step was about that could not be written.
    var undone: [EngineStep.Work] = []
    /// The position of the newest event, where the owner knows it: spares a look at the log.
    private var newestEvent: Int64?
    /// Events right behind the cursor that the owner has appended itself.
    private var offered: [EventRecord] = []
    /// No timer and no waiting command is due before; `nil` when the store has to be asked.
    private var restsUntil: Timestamp?
    let observe: @Sendable (Observation) -> Void

    /// Takes possession of a store, or of a share of its work.
    ///
    /// - Throws: ``StoreError`` with code `occupied` if another process works on it.
    package init(
        store: any WorkflowStore, catalog: Catalog, clock: any WorkflowClock,
        claiming kind: ClaimKind = .whole, observe: @escaping @Sendable (Observation) -> Void
    ) async throws(StoreError) {
        self.store = store
        self.catalog = catalog
        self.clock = clock
        self.observe = observe
        let claim = try await store.claim(kind)
        cursor = claim.cursor
        notes = claim.notes
        share = claim.share
        CrashPoint.workClaimed.reach()
        try await refillOutgoing(takingOver: share.owned)
    }

    /// Reads the commands that can be handed out at once.
    ///
    /// What another engine may have handed out before it was killed counts as under way: it may
    /// have taken effect, so it is delivered again, and not taken back when its saga is given up.
    /// What was delivered here, and waits to be settled, is left out.
    mutating func refillOutgoing(
        takingOver partitions: PartitionSet = .none, except answered: Set<String> = []
    ) async throws(StoreError) {
        var request = ReadyRequest(after: cursor, now: clock.now())
        request.commands = .max
        let ready = try await store.ready(request).commands
        for pending in ready where partitions.contains(pending.command.instance) {
            inAttempt[pending.command.id] = pending.attempts + 1
            inherited.insert(pending.command.id)
        }
        outgoing = ready.filter {
            $0.due == nil && !acknowledged.contains($0.command.id)
                && !answered.contains($0.command.id)
        }
    }

    /// Goes on with what is owned now.
    mutating func adopt(_ share: WorkShare) {
        self.share = share
        guard let cursor = share.cursor else { return }
        self.cursor = cursor
        newestEvent = nil
        offered = []
        restsUntil = nil
    }

    /// Whether a timer or a waiting command may be due.
    mutating func mayHaveDueWork() async throws(StoreError) -> Bool {
        if let restsUntil, restsUntil > clock.now() { return false }
        restsUntil = try await store.nextDue() ?? .latest
        return restsUntil.map { $0 <= clock.now() } ?? true
    }
}

// MARK: - Events

extension EngineLoop {
    /// Judges the next events of the log, as one batch; `false` when there was none.
    package mutating func judgeEvents(limit: Int) async throws(StoreError) -> Bool {
        let count = try await gatherEvents(limit: limit)
        try await commit()
        return count > 0
    }

    /// Decides the next events of the log, as a part of the step.
    ///
    /// - Returns: How many there were.
    mutating func gatherEvents(limit: Int) async throws(StoreError) -> Int {
        var (events, scope) = try await nextEvents(limit: limit)
        if events.isEmpty, scope == .none, step.isOnlyReading {
            // The store wants to know first how far these partitions were judged.
            try await commit()
            (events, scope) = try await nextEvents(limit: limit)
        }
        let routed = events.map { RoutedEvent($0, by: catalog) }
        try await loadAll(of: routed, in: scope)
        defer { absent = [] }
        for event in routed {
            try await gather(event, in: scope)
            step.batch.cursor = event.event.position
        }
        if !events.isEmpty { CrashPoint.eventsGathered.reach() }
        return events.count
    }

    /// Tells of an event that the owner has appended, which spares a look at the log.
    package mutating func offer(_ event: EventRecord) {
        newestEvent = max(newestEvent ?? event.position, event.position)
        // Only where nothing can stand between it and what was judged.
        if event.position == (offered.last?.position ?? cursor) + 1 { offered.append(event) }
    }

    private mutating func nextEvents(
        limit: Int
    ) async throws(StoreError) -> ([EventRecord], PartitionSet) {
        let place = step.batch.cursor ?? cursor
        if let newestEvent, newestEvent <= place { return ([], .all) }
        offered.removeAll { $0.position <= place }
        // After a step that failed they may not stand right behind the cursor any more.
        if offered.first?.position == place + 1 { return (Array(offered.prefix(limit)), .all) }
        var request = ReadyRequest(after: place, now: clock.now())
        request.events = limit
        let work = try await store.ready(request)
        return (work.events, work.scope)
    }

    /// Decides an event for the instances of some partitions.
    private mutating func gather(
        _ routed: RoutedEvent, in scope: PartitionSet
    ) async throws(StoreError) {
        let (event, now) = (routed.event, clock.now())
        let isOurs = scope == .all || scope.contains(Partition.number(of: event))
        // Once, however many sagas it is about: it is one input.
        var isBegun = isOurs
        if isOurs { step.begin(.event(event, scope)) }
        if routed.routes.isEmpty, isOurs { step.tell(.notListed(event, at: now)) }
        for (definition, route) in routed.routes {
            switch route {
            case .notListed:
                continue
            case .deadLetter(let reason, let message):
                guard isOurs else { continue }
                step.bury(
                    DeadLetter(
                        event: event, instance: nil, reason: reason, message: message, at: now))
            case .instance(let id, let unique, let payload):
                guard scope.contains(id) else { continue }
                if !isBegun { step.begin(.event(event, scope)) }
                isBegun = true
                let isSeen = try await isSeen(unique, by: id)
                try await turn(
                    id, .event(event, isSeen: isSeen), read: (definition, payload), at: now)
            }
        }
    }

    mutating func isSeen(
        _ value: SeenValue?, by id: InstanceID
    ) async throws(StoreError) -> Bool {
        guard let value, try await load(id) != nil else { return false }
        if step.hasSeen(value, by: id) { return true }
        return try await !store.seen([value], by: id).isEmpty
    }
}

// MARK: - Deciding

extension EngineLoop {
    /// Decides one input, as a part of the step.
    ///
    /// - Returns: Why it was refused.
    @discardableResult
    mutating func turn(
        _ id: InstanceID, _ input: Input,
        read: (by: Definition.Identity, payload: Value)? = nil, at now: Timestamp
    ) async throws(StoreError) -> String? {
        let stored = try await load(id)
        var deciding = try await definition(for: stored, id)
        if let other = input.decidingDefinition {
            deciding = try await definition(for: other)
            if deciding == nil { return "version \(other.version) is not kept here" }
        }
        guard let definition = deciding else {
            throw StoreError(
                code: .corrupt,
                message: "\(id.workflow) \(id.key) runs by a definition that is not kept")
        }
        let payload = read?.by == definition.identity ? read?.payload : nil
        let decision = decide(
            definition, stored?.instance, id: id, input, payload: payload, at: now)
        if let refusal = decision.refusal { return refusal }
        let version = stored?.version ?? 0
        step.add(
            MinkStore.Turn(
                id: id, expectedVersion: version, input: input, decision: decision, at: now))
        cache.update(id, to: decision.instance, version: version + 1)
        return nil
    }
}

// MARK: - Committing

extension EngineLoop {
    /// How many acknowledged commands wait for a commit at most.
    private static let mostAcknowledged = 500

    /// Writes what was decided, then hands out its commands and tells what happened.
    ///
    /// - Throws: ``StoreError`` if that was impossible: nothing of the step has happened then, and
    ///   ``undone`` has what it was about.
    mutating func commit() async throws(StoreError) {
        guard !step.isEmpty || acknowledged.count >= Self.mostAcknowledged else { return }
        try await write()
    }

    /// Writes what was decided, unless that is only how far the log was read: events of others
    /// would otherwise cost a commit in every engine.
    mutating func commitTurns() async throws(StoreError) {
        if step.isOnlyReading, acknowledged.count < Self.mostAcknowledged { return }
        try await commit()
    }

    /// Takes acknowledged commands out of the outbox, before the engine rests.
    package mutating func flush() async throws(StoreError) {
        if !step.isEmpty || !acknowledged.isEmpty { try await write() }
    }

    /// Takes acknowledged commands out of the outbox, where there are any.
    mutating func flushAcknowledged() async throws(StoreError) {
        if !acknowledged.isEmpty { try await write() }
    }

    private mutating func write() async throws(StoreError) {
        step.batch.settled += acknowledged.sorted()
        step.batch.notes.merge(stagedNotes) { _, staged in staged }
        do throws(StoreError) {
            CrashPoint.stepBeforeCommit.reach()
            let answers = try await store.commit(step.batch)
            CrashPoint.stepAfterCommit.reach()
            cursor = step.batch.cursor ?? cursor
            // Only an owner that tells of every event makes a look at the log needless.
            if newestEvent != nil { for answer in answers { offer(answer) } }
            if share.owners > 1, !answers.isEmpty { store.tell(.work) }
        } catch {
            undoStep()
            throw error
        }
        let done = step
        step = EngineStep()
        acknowledged = []
        stagedNotes = [:]
        for case .receipt(let pending, _) in done.work { lastAttempts.remove(pending.command.id) }
        rest(after: done.batch)
        notes.merge(done.batch.notes) { _, new in new }
        for observation in done.told {
            if case .turn(let turn) = observation { try await handOut(turn.decision) }
            observe(observation)
        }
        CrashPoint.stepTold.reach()
        cache.didCommit(done)
    }

    /// Forgets what was decided since the last commit, but not what it was decided about.
    mutating func undoStep() {
        guard !step.work.isEmpty || !step.isEmpty else { return }
        cache.forgetAll()
        offered = []
        for case .receipt(let pending, _) in step.work {
            inAttempt[pending.command.id] = pending.attempts + 1
        }
        undone = step.work
        step = EngineStep()
    }

    /// What may be due first after a batch.
    private mutating func rest(after batch: TurnBatch) {
        guard var earliest = restsUntil else { return }
        for turn in batch.turns {
            for timer in turn.decision.instance?.runningTimers ?? [] {
                earliest = min(earliest, timer.due)
            }
            for command in turn.decision.commands {
                if let due = command.due { earliest = min(earliest, due) }
            }
        }
        for attempt in batch.failedAttempts {
            if let due = attempt.nextDue { earliest = min(earliest, due) }
        }
        restsUntil = earliest
    }

    private mutating func handOut(_ decision: Decision) async throws(StoreError) {
        let gone = Set(decision.withdrawn + decision.released)
        if !gone.isEmpty {
            outgoing.removeAll { gone.contains($0.command.id) }
            takenBack.formUnion(gone)
        }
        lastAttempts.formUnion(decision.lastAttempts)
        for command in decision.commands where command.due == nil {
            outgoing.append(PendingCommand(first: command))
        }
        if !decision.redelivered.isEmpty { try await refillOutgoing() }
    }
}
