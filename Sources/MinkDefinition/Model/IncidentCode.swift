// What can go wrong with a saga, in the words that scenarios, transcripts and the engine share.

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
