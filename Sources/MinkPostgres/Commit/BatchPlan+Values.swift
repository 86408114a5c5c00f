// The rows of a batch as the values of the statement that writes turns, in its order.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

extension BatchPlan {
    /// The values behind the lane, the batch and its place.
    func adding(to parameters: Parameters) throws(StoreError) -> Parameters {
        let updates = sagas.filter(\.before.isStored)
        let inserts = sagas.filter { !$0.before.isStored }
        var all =
            parameters
            .add(updates.map(\.before.saga)).add(updates.map(\.before.version))
        all = try adding(updates, to: all)
        let ids = inserts.map(\.instance.id)
        all =
            all.add(inserts.map(\.part)).add(inserts.map(\.before.saga))
            .add(ids.map(\.tenant)).add(ids.map(\.workflow)).add(ids.map(\.key.stored))
        all = try adding(inserts, to: all)
        all = try addingHistory(to: all)
        var bodies: [[UInt8]] = []
        for emitted in commands { bodies.append(try StoredForm.encode(emitted.command)) }
        all =
            all.add(commands.map(\.part)).add(commands.map(\.saga)).add(commands.map(\.command.id))
            .add(commands.map(\.command.name)).add(commands.map(\.command.due)).add(bodies)
        all = adding(armed, to: all)
            .add(armed.map { Int16($0.timer.kind.rawValue) })
            .add(armed.map { Int64($0.timer.visit) }).add(armed.map { Int64($0.timer.reminders) })
        return adding(disarmed, to: all).add(disarmed.map { Int16($0.timer.kind.rawValue) })
    }

    /// The columns that a written state has, new or not.
    private func adding(
        _ rows: [SagaRow], to parameters: Parameters
    ) throws(StoreError) -> Parameters {
        let instances = rows.map(\.instance)
        var bodies: [[UInt8]] = []
        for instance in instances { bodies.append(try StoredForm.encode(instance)) }
        return parameters.add(rows.map(\.version)).add(instances.map { $0.status?.rawValue })
            .add(instances.map(\.state)).add(instances.map { Int64($0.definition.version) })
            .add(instances.map(\.definition.fingerprint)).add(rows.map(\.place))
            .add(instances.map(\.origin.correlationID)).add(instances.map(\.endedAt)).add(bodies)
    }

    /// History rows; without the input when that is an event that the log has.
    private func addingHistory(to parameters: Parameters) throws(StoreError) -> Parameters {
        var (events, areSeen): ([Int64?], [Bool?]) = ([], [])
        var bodies: [[UInt8]] = []
        for entry in history {
            var input: Input? = entry.turn.input
            var (event, isSeen): (Int64?, Bool?) = (nil, nil)
            if case .event(let record, let seen) = entry.turn.input, record.position > 0 {
                (input, event, isSeen) = (nil, record.position, seen)
            }
            events.append(event)
            areSeen.append(isSeen)
            bodies.append(
                try StoredForm.encode(TurnRecord(input: input, facts: entry.turn.decision.facts)))
        }
        return parameters.add(history.map(\.saga)).add(history.map(\.version))
            .add(history.map { Optional($0.turn.at) }).add(events).add(areSeen).add(bodies)
    }

    private func adding(_ rows: [TimerRow], to parameters: Parameters) -> Parameters {
        parameters.add(rows.map(\.part)).add(rows.map { Optional($0.timer.due) })
            .add(rows.map(\.saga)).add(rows.map { Int64($0.timer.number) })
    }
}
