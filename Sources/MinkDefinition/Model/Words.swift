// Words that scenarios, transcripts and the engine share: where a saga stands, what went wrong, what
// a person can do.

/// Where a saga stands.
package enum SagaStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case started, running, completed, failed, compensating, compensated
}

/// What kind of incident it is.
package enum IncidentCode: String, Hashable, Sendable, Codable, CaseIterable {
    case expressionError = "expression-error"
    case limitReached = "limit-reached"
    case compensationStuck = "compensation-stuck"
    case duplicateItem = "duplicate-item"
    case poisonedTurn = "poisoned-turn"
    case unexpectedSuccess = "unexpected-success"
    case deadlinePassed = "deadline-passed"
    case commandExhausted = "command-exhausted"
    case compensationSkipped = "compensation-skipped"
    case unexpectedEvent = "unexpected-event"
    case lateUndoUnclear = "late-undo-unclear"
    case failAfterNoReturn = "fail-after-no-return"
}

/// What a person can do to a saga.
package enum OperatorVerb: String, Hashable, Sendable, Codable, CaseIterable {
    case resume, retry, skip
    case markDone = "mark-done"
    case compensate, cancel
}
