// Writes one batch in one transaction, with one trip to the server.
//
// The order matters where a batch holds both: a command that was accepted leaves the outbox, and
// its answer enters the log, before a turn of the same batch could take the command back.
import MinkEngine
import MinkExpression
import MinkStore

extension LaneSession {
    func commit(_ batch: TurnBatch) throws(StoreError) -> [EventRecord] {
        guard !batch.isEmpty else { return [] }
        let lane = try owned()
        do throws(StoreError) {
            return try write(batch, of: lane)
        } catch {
            undoGroup()
            forgetAll()
            if error.code == .occupied { lease.lose(lane) }
            throw error
        }
    }

    private func write(_ batch: TurnBatch, of lane: Lane) throws(StoreError) -> [EventRecord] {
        let known = try heads(of: batch.turns)
        let plan = try BatchPlan(batch, known: known) { () throws(StoreError) in
            try numbers.take(session)
        }
        let settling = BatchSettling(batch, plan)
        for turn in batch.turns where !partitions.contains(turn.id) {
            throw StoreError(
                code: .conflict,
                message: "\(turn.id.workflow) \(turn.id.key) belongs to another engine now")
        }
        if batch.cursor != nil, hasLostReading {
            throw StoreError(
                code: .conflict,
                message: "the connection was lost while events were decided; decide them again")
        }
        let progress = reader.progress(judgedTo: batch.cursor)
        let number = self.batch + 1
        let head = Parameters().add(lane.number).add(lane.epoch).add(number).add(progress)
        let settle = try settling.settle()
        var calls = settling.before() + [turns.with(try plan.adding(to: head))]
        let answersAt = calls.count
        calls += [settle].compactMap(\.self) + (try settling.after())
        CrashPoint.batchPlanned.reach()
        let connection = try session.connection()
        var placed: [EventTable.Name: Int64] = [:]
        do throws(ServerError) {
            let rows = try connection.pipeline(calls, endsBatch: true)
            CrashPoint.batchAnswered.reach()
            if settle != nil { placed = EventTable.placed(rows[answersAt]) }
        } catch {
            guard error.isConnectionLost, group == nil else {
                throw try explain(error, batch.turns)
            }
            placed = try resolve(number, of: lane, error)
        }
        self.batch = number
        reader.didJudge(progress)
        didFindPlace()
        for turn in batch.turns { forget(turn.id) }
        for (id, head) in plan.heads { remember(id, head) }
        return settling.appended(placed)
    }

    /// Finds out whether a batch was written whose answer never came.
    ///
    /// - Returns: The answers that it has appended.
    /// - Throws: ``StoreError`` with code `unavailable` if it was not written.
    private func resolve(
        _ number: Int64, of lane: Lane, _ error: ServerError
    ) throws(StoreError) -> [EventTable.Name: Int64] {
        CrashPoint.batchInDoubt.reach()
        let placed = try lookUp { (lane, session) throws(StoreError) in
            let transaction = try CursorTable.transaction(of: number, of: lane, session)
            guard let transaction else { return nil as [EventTable.Name: Int64]? }
            return EventTable.placed(
                try session.run(.answersOfTransaction, Parameters().add(transaction)))
        }
        CrashPoint.batchLookedUp.reach()
        if let placed { return placed }
        throw StoreError(
            code: .unavailable,
            message: "the connection to the database was lost (\(error.message)); nothing was "
                + "written, try again")
    }

    /// Asks the database what became of something, over a new connection.
    ///
    /// Connecting anew fences off the old connection, or waits for what it still does. When nobody
    /// can be asked, the lane counts as lost: until it is claimed again, nobody knows.
    private func lookUp<Found>(
        _ body: (Lane, Session) throws(StoreError) -> Found
    ) throws(StoreError) -> Found {
        var tries = 1
        while true {
            do throws(StoreError) {
                return try body(try owned(), session)
            } catch {
                if error.code == .unavailable, tries < Self.mostLookUps {
                    tries += 1
                    continue
                }
                lease.abandon()
                guard error.code != .occupied else { throw error }
                throw StoreError(
                    code: .unavailable,
                    message: "the connection was lost while something was written, and the "
                        + "database can not be asked (\(error.message)); start the engine anew")
            }
        }
    }

    private static let mostLookUps = 3

    /// Says which instance has another version, where that is what the server refused.
    private func explain(_ error: ServerError, _ turns: [Turn]) throws(StoreError) -> StoreError {
        let told = StoreError(error)
        guard told.code == .conflict, group == nil else { return told }
        let stored = try SagaTable.load(Array(Set(turns.map(\.id))), session)
        for turn in turns {
            let version = stored[turn.id]?.version ?? 0
            if version == turn.expectedVersion { continue }
            return StoreError(
                code: .conflict,
                message: "\(turn.id.workflow) \(turn.id.key) has version \(version), not "
                    + "\(turn.expectedVersion); load it and decide again")
        }
        return told
    }
}

extension Parameters {
    /// The cursor's columns.
    func add(_ progress: LogProgress) -> Parameters {
        let place = progress.fronts.first?.place ?? .start
        return add(place.from).add(place.to).add(place.position).add(progress.othersText)
    }
}

extension BatchSettling {
    /// The answers that were appended, in the order of their positions.
    func appended(_ positions: [EventTable.Name: Int64]) -> [EventRecord] {
        var positions = positions
        return answers.compactMap { answer in
            guard let position = positions.removeValue(forKey: .init(answer.event)) else {
                return nil
            }
            var event = answer.event
            event.position = position
            return event
        }
    }
}

// MARK: - Groups

extension LaneSession {
    func beginGroup() throws(StoreError) {
        guard group == nil else { return }
        _ = try owned()
        try session.begin()
        readerBeforeGroup = reader
        group = try session.run(.transactionNumber).first { $0.text() } ?? ""
    }

    func endGroup() throws(StoreError) {
        guard let transaction = group else { return }
        group = nil
        do throws(StoreError) {
            try session.commit()
        } catch {
            undoGroup()
            forgetAll()
            guard error.code == .unavailable else { throw error }
            try resolve(transaction, error)
        }
        readerBeforeGroup = nil
    }

    /// Finds out whether a group was written whose answer never came.
    private func resolve(_ transaction: String, _ error: StoreError) throws(StoreError) {
        let status = try lookUp { (_, session) throws(StoreError) in
            try session.run(.transactionStatus, Parameters().add(transaction)).first { $0.text() }
        }
        if status != "committed" { throw error }
    }

    /// Undoes an open group, and with it what was judged in it.
    func undoGroup() {
        group = nil
        session.rollback()
        if let before = readerBeforeGroup { reader = before }
        readerBeforeGroup = nil
    }

    /// Runs a call that belongs to the group if one is open; when it fails, the group is undone.
    func grouped<Result>(
        _ body: (Session) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        do throws(StoreError) {
            return try body(session)
        } catch {
            if group != nil {
                undoGroup()
                forgetAll()
            }
            throw error
        }
    }
}

extension Statement {
    static let transactionNumber = Statement(
        "transaction_number", "select pg_current_xact_id()::text")

    static let transactionStatus = Statement(
        "transaction_status", "select pg_xact_status($1::text::xid8)")
}
