// What operators ask and change besides what sagas decide. None of it needs the lane.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension PostgresStore: AuditQueries {
    package func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRow] {
        try await asked { session throws(StoreError) in try AuditTable.read(filter, session) }
    }
}

extension PostgresStore: OperatorStore {
    package func snapshot(of id: InstanceID) async throws(StoreError) -> StoredInstance? {
        try await asked { session throws(StoreError) in
            let saga = try session.snapshot { () throws(StoreError) in
                try SagaTable.loadWhole([id], session)[id]
            }
            return saga.map { StoredInstance(version: $0.version, instance: $0.instance) }
        }
    }

    package func history(
        of id: InstanceID, after version: Int64
    ) async throws(StoreError) -> [HistoryRow] {
        try await asked { session throws(StoreError) in
            try HistoryTable.rows(of: id, after: version, session)
        }
    }

    package func outbox(
        after sequence: Int64, id: String?, limit: Int
    ) async throws(StoreError) -> [OutboxRow] {
        try await asked { session throws(StoreError) in
            try OutboxTable.list(after: sequence, id: id, limit: limit, session)
        }
    }

    package func events(_ filter: EventFilter) async throws(StoreError) -> [EventRecord] {
        try await asked { session throws(StoreError) in try EventTable.list(filter, session) }
    }

    package func letters(_ filter: LetterFilter) async throws(StoreError) -> [LetterRow] {
        try await asked { session throws(StoreError) in try DeadLetterTable.list(filter, session) }
    }

    package func append(
        _ events: [EventRecord], at now: Timestamp,
        recording entry: @escaping @Sendable ([Appended]) -> AuditEntry
    ) async throws(StoreError) -> [Appended] {
        let outcomes = try await shared { session throws(StoreError) in
            try session.transaction { () throws(StoreError) in
                let outcomes = try EventTable.append(events, at: now, notes: [:], session)
                try session.pipeline([try AuditTable.appending([entry(outcomes)])])
                return outcomes
            }
        }
        tellOfWork()
        return outcomes
    }

    package func discard(
        letter: Int64, recording entry: AuditEntry
    ) async throws(StoreError) -> Bool {
        try await shared { session throws(StoreError) in
            try session.transaction { () throws(StoreError) in
                guard try DeadLetterTable.settle(letter, as: "discarded", session) else {
                    return false
                }
                try session.pipeline([try AuditTable.appending([entry])])
                return true
            }
        }
    }

    package func requeue(
        letter: Int64, as requests: [ActionRequest], by person: String, at now: Timestamp
    ) async throws(StoreError) -> [Int64]? {
        let numbers = try await shared { session throws(StoreError) -> [Int64]? in
            try session.transaction { () throws(StoreError) in
                guard try DeadLetterTable.settle(letter, as: "requeued", session) else {
                    return nil
                }
                var numbers: [Int64] = []
                for request in requests {
                    numbers.append(
                        try OperatorInputTable.append(
                            request.action, on: request.instance, by: person, at: now, notes: [:],
                            letter: letter, session))
                }
                return numbers
            }
        }
        tellOfWork()
        return numbers
    }
}
