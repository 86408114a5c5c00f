// The open database and its tables. One thread at a time: the store holds it behind a lock.
import MinkEngine
import MinkExpression
import MinkStore

final class Session {
    let connection: Connection
    let transactions: Transactions
    let events: EventTable
    let sagas: SagaTable
    let history: HistoryTable
    let outbox: OutboxTable
    let timers: TimerTable
    let seen: SeenTable
    let deadLetters: DeadLetterTable
    let inputs: OperatorInputTable
    let audit: AuditTable
    let definitions: DefinitionTable
    let shelf: ShelfTable
    let notes: NoteTable

    init(file: String) throws(StoreError) {
        connection = try Connection(file: file)
        // Before anything is read: the whole file is ours from then on, and SQLite needs no
        // memory to share with others.
        try connection.execute("pragma locking_mode = exclusive")
        _ = try Schema.version(of: connection)
        try connection.execute(
            """
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma foreign_keys = off;
            pragma temp_store = memory;
            pragma cache_size = -65536;
            begin exclusive;
            commit;
            """)
        try Schema.migrate(connection)
        let sagas = try SagaTable(connection)
        self.sagas = sagas
        transactions = Transactions(on: connection, whenUndone: sagas.forgetHeads)
        events = try EventTable(connection)
        history = HistoryTable(connection)
        outbox = try OutboxTable(connection)
        timers = try TimerTable(connection)
        seen = SeenTable(connection)
        deadLetters = DeadLetterTable(connection)
        inputs = OperatorInputTable(connection)
        audit = AuditTable(connection)
        definitions = DefinitionTable(connection)
        shelf = ShelfTable(connection)
        notes = NoteTable(connection)
    }
}

extension Session {
    func append(
        _ new: [EventRecord], at now: Timestamp, notes texts: [String: String]
    ) throws(StoreError) -> [Appended] {
        try transactions.run { () throws(StoreError) in
            let outcomes = try append(new, at: now)
            try notes.save(texts)
            return outcomes
        }
    }

    /// Appends events, as a part of a transaction.
    func append(_ new: [EventRecord], at now: Timestamp) throws(StoreError) -> [Appended] {
        var outcomes: [Appended] = []
        for event in new { outcomes.append(try events.append(event, at: now)) }
        return outcomes
    }

    func ready(_ request: ReadyRequest) throws(StoreError) -> ReadyWork {
        var work = ReadyWork()
        if request.events > 0 {
            work.events = try events.read(after: request.after, limit: request.events)
        }
        if request.actions > 0 { work.actions = try inputs.open(limit: request.actions) }
        if request.timers > 0 {
            work.timers = try timers.due(at: request.now, limit: request.timers)
        }
        if request.commands > 0 {
            work.commands = try outbox.ready(at: request.now, limit: request.commands)
        }
        return work
    }

    func nextDue() throws(StoreError) -> Timestamp? {
        let (timer, command) = (try timers.nextDue(), try outbox.nextDue())
        guard let timer, let command else { return timer ?? command }
        return min(timer, command)
    }

    func load(_ ids: [InstanceID]) throws(StoreError) -> [InstanceID: StoredInstance] {
        var found: [InstanceID: StoredInstance] = [:]
        for id in ids {
            guard let stored = try sagas.load(id) else { continue }
            var instance = stored.instance
            instance.outstanding = try outbox.outstanding(of: stored.saga)
            found[id] = StoredInstance(version: stored.version, instance: instance)
        }
        return found
    }

    /// Deletes instances with all that belongs to them.
    func removeEnded(
        of workflow: String, before moment: Timestamp, limit: Int
    ) throws(StoreError) -> Int {
        try transactions.run { () throws(StoreError) in
            let ended = try sagas.ended(of: workflow, before: moment, limit: limit)
            for (saga, id) in ended { try remove(saga, id) }
            return ended.count
        }
    }

    func remove(_ saga: Int64, _ id: InstanceID) throws(StoreError) {
        sagas.forgetHead(of: id)
        try history.remove(saga)
        try seen.remove(saga)
        try timers.remove(saga)
        try sagas.remove(saga)
    }
}
