// What is rarely asked: reads for people, and the removal of what is over.
package import MinkEngine
package import MinkExpression
package import MinkStore

extension SQLiteStore: WorkflowQueries {
    package func instances(_ filter: InstanceFilter) async throws(StoreError) -> [InstanceRow] {
        try locked { session throws(StoreError) in
            try InstanceQuery(filter).run(on: session.connection)
        }
    }

    package func history(of id: InstanceID) async throws(StoreError) -> [HistoryRow] {
        try locked { session throws(StoreError) in try session.history.rows(of: id, after: 0) }
    }

    package func deadLetters(
        after number: Int64, limit: Int
    ) async throws(StoreError) -> [(number: Int64, letter: DeadLetter)] {
        try locked { session throws(StoreError) in
            try session.deadLetters.read(after: number, limit: limit)
        }
    }

    package func outbox(of id: InstanceID) async throws(StoreError) -> [PendingCommand] {
        try locked { session throws(StoreError) in try session.outbox.commands(of: id) }
    }

    package func actions(on id: InstanceID) async throws(StoreError) -> [ActionRow] {
        try locked { session throws(StoreError) in try session.inputs.rows(of: id) }
    }

    package func request(
        _ action: OperatorAction, on id: InstanceID, by person: String, at now: Timestamp,
        notes: [String: String]
    ) async throws(StoreError) -> Int64 {
        try locked { session throws(StoreError) in
            try session.transactions.run { () throws(StoreError) in
                try session.notes.save(notes)
                return try session.inputs.append(
                    action, on: id, by: person, at: now, letter: nil)
            }
        }
    }
}

extension SQLiteStore: Retention {
    package func removeEnded(
        of workflow: String, before moment: Timestamp, limit: Int
    ) async throws(StoreError) -> Int {
        try locked { session throws(StoreError) in
            try session.removeEnded(of: workflow, before: moment, limit: limit)
        }
    }
}
