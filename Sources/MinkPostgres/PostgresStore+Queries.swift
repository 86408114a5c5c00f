// What is rarely asked: reads for people, and the removal of what is over.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension PostgresStore: WorkflowQueries {
    package func instances(_ filter: InstanceFilter) async throws(StoreError) -> [InstanceRow] {
        try await asked { session throws(StoreError) in try InstanceQuery.run(filter, session) }
    }

    package func history(of id: InstanceID) async throws(StoreError) -> [HistoryRow] {
        try await asked { session throws(StoreError) in
            try HistoryTable.rows(of: id, after: 0, session)
        }
    }

    package func deadLetters(
        after number: Int64, limit: Int
    ) async throws(StoreError) -> [(number: Int64, letter: DeadLetter)] {
        try await asked { session throws(StoreError) in
            try DeadLetterTable.read(after: number, limit: limit, session)
        }
    }

    package func outbox(of id: InstanceID) async throws(StoreError) -> [PendingCommand] {
        try await asked { session throws(StoreError) in
            try OutboxTable.commands(of: id, session)
        }
    }

    package func actions(on id: InstanceID) async throws(StoreError) -> [ActionRow] {
        try await asked { session throws(StoreError) in
            try OperatorInputTable.rows(of: id, session)
        }
    }

    package func request(
        _ action: OperatorAction, on id: InstanceID, by person: String, at now: Timestamp,
        notes: [String: String]
    ) async throws(StoreError) -> Int64 {
        let number = try await shared { session throws(StoreError) in
            try OperatorInputTable.append(
                action, on: id, by: person, at: now, notes: notes, letter: nil, session)
        }
        tellOfWork()
        return number
    }
}

extension PostgresStore: Retention {
    package func removeEnded(
        of workflow: String, before moment: Timestamp, limit: Int
    ) async throws(StoreError) -> Int {
        try await owned { lane throws(StoreError) in
            try lane.removeEnded(of: workflow, before: moment, limit: limit)
        }
    }
}
