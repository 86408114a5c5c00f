// What the engine's loop reads of the work that it owns.
import MinkEngine
import MinkExpression
import MinkStore

extension LaneSession {
    func claimed(_ kind: ClaimKind) throws(StoreError) -> Claim {
        let share: WorkShare
        // What was claimed by the first question alone is all of it.
        if kind == .share, isWhole { handBack() }
        if lease.lane == nil || lease.isLost {
            share = try claim(kind)
        } else {
            _ = try owned()
            reader.rewind()
            share = WorkShare(owned: partitions)
        }
        didFindPlace()
        return Claim(
            cursor: reader.cursor, notes: try NoteTable.all(session), share: share)
    }

    func ready(_ request: ReadyRequest) throws(StoreError) -> ReadyWork {
        _ = try owned()
        let parts = partitions.numbers
        var work = ReadyWork()
        if request.events > 0 {
            (work.events, work.scope) = try reader.events(
                after: request.after, limit: request.events, session)
            didFindPlace()
        }
        if request.actions > 0 {
            work.actions = try OperatorInputTable.open(in: parts, limit: request.actions, session)
        }
        // A timer fires only after the events that came before its moment were judged.
        if request.timers > 0, !reader.isCatchingUp {
            work.timers = try TimerTable.due(
                at: request.now, in: parts, limit: request.timers, session)
        }
        if request.commands > 0 {
            work.commands = try OutboxTable.ready(
                at: request.now, in: parts, limit: request.commands, session)
        }
        return work
    }

    func nextDue() throws(StoreError) -> Timestamp? {
        _ = try owned()
        let timer = try TimerTable.nextDue(in: partitions.numbers, session)
        let command = try OutboxTable.nextDue(in: partitions.numbers, session)
        guard let timer, let command else { return timer ?? command }
        return min(timer, command)
    }

    func load(_ ids: [InstanceID]) throws(StoreError) -> [InstanceID: StoredInstance] {
        _ = try owned()
        var found: [InstanceID: StoredInstance] = [:]
        for (id, saga) in try SagaTable.loadWhole(ids, session) {
            remember(id, SagaHead(saga.instance, saga: saga.saga, version: saga.version))
            found[id] = StoredInstance(version: saga.version, instance: saga.instance)
        }
        return found
    }

    /// Deletes instances with all that belongs to them.
    func removeEnded(
        of workflow: String, before moment: Timestamp, limit: Int
    ) throws(StoreError) -> Int {
        let lane = try owned()
        let ended = try SagaTable.ended(
            of: workflow, before: moment, in: partitions.numbers, limit: limit, session)
        guard !ended.isEmpty else { return 0 }
        let rows = ended.map { saga in
            (
                part: Partition.number(of: saga.instance.id),
                head: SagaHead(saga.instance, saga: saga.saga, version: saga.version)
            )
        }
        try session.pipeline([
            Statement.checkFence.with(Parameters().add(lane.number).add(lane.epoch)),
            BatchSettling.remove(rows),
        ])
        for saga in ended { forget(saga.instance.id) }
        return ended.count
    }
}
