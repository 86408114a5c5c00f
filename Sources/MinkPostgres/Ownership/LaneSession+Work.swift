// What the engine's loop reads of the work that it owns.
import MinkEngine
import MinkExpression
import MinkStore

extension LaneSession {
    func claimed() throws(StoreError) -> Claim {
        if lease.lane == nil || lease.isLost {
            try claim()
        } else {
            _ = try owned()
        }
        reader.rewind()
        return Claim(cursor: reader.judged.position, notes: try NoteTable.all(session))
    }

    func ready(_ request: ReadyRequest) throws(StoreError) -> ReadyWork {
        _ = try owned()
        var work = ReadyWork()
        if request.events > 0 {
            work.events = try reader.events(
                after: request.after, limit: request.events, session)
        }
        if request.actions > 0 {
            work.actions = try OperatorInputTable.open(
                in: partitions, limit: request.actions, session)
        }
        if request.timers > 0 {
            work.timers = try TimerTable.due(
                at: request.now, in: partitions, limit: request.timers, session)
        }
        if request.commands > 0 {
            work.commands = try OutboxTable.ready(
                at: request.now, in: partitions, limit: request.commands, session)
        }
        return work
    }

    func nextDue() throws(StoreError) -> Timestamp? {
        _ = try owned()
        let timer = try TimerTable.nextDue(in: partitions, session)
        let command = try OutboxTable.nextDue(in: partitions, session)
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
        let ended = try SagaTable.ended(of: workflow, before: moment, limit: limit, session)
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
