// What operators ask and change besides what sagas decide.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension SQLiteStore: AuditQueries {
    package func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRow] {
        try locked { session throws(StoreError) in try session.audit.read(filter) }
    }
}

extension SQLiteStore: OperatorStore {
    package func snapshot(of id: InstanceID) async throws(StoreError) -> StoredInstance? {
        try locked { session throws(StoreError) in try session.load([id])[id] }
    }

    package func history(
        of id: InstanceID, after version: Int64
    ) async throws(StoreError) -> [HistoryRow] {
        try locked { session throws(StoreError) in
            try session.history.rows(of: id, after: version)
        }
    }

    package func outbox(
        after sequence: Int64, id: String?, limit: Int
    ) async throws(StoreError) -> [OutboxRow] {
        try locked { session throws(StoreError) in
            try session.outbox.list(after: sequence, id: id, limit: limit)
        }
    }

    package func events(_ filter: EventFilter) async throws(StoreError) -> [EventRecord] {
        try locked { session throws(StoreError) in
            try EventQuery(filter).run(on: session.connection)
        }
    }

    package func letters(_ filter: LetterFilter) async throws(StoreError) -> [LetterRow] {
        try locked { session throws(StoreError) in
            try LetterQuery(filter).run(on: session.connection)
        }
    }

    package func append(
        _ events: [EventRecord], at now: Timestamp,
        recording entry: @escaping @Sendable ([Appended]) -> AuditEntry
    ) async throws(StoreError) -> [Appended] {
        try locked { session throws(StoreError) in
            try session.transactions.run { () throws(StoreError) in
                let outcomes = try session.append(events, at: now)
                try session.audit.append(entry(outcomes))
                return outcomes
            }
        }
    }

    package func discard(
        letter: Int64, recording entry: AuditEntry
    ) async throws(StoreError) -> Bool {
        try locked { session throws(StoreError) in
            try session.transactions.run { () throws(StoreError) in
                guard try session.deadLetters.settle(letter, as: "discarded") else { return false }
                try session.audit.append(entry)
                return true
            }
        }
    }

    package func requeue(
        letter: Int64, as requests: [ActionRequest], by person: String, at now: Timestamp
    ) async throws(StoreError) -> [Int64]? {
        try locked { session throws(StoreError) in
            try session.transactions.run { () throws(StoreError) in
                guard try session.deadLetters.settle(letter, as: "requeued") else { return nil }
                var numbers: [Int64] = []
                for request in requests {
                    numbers.append(
                        try session.inputs.append(
                            request.action, on: request.instance, by: person, at: now,
                            letter: letter))
                }
                return numbers
            }
        }
    }
}
