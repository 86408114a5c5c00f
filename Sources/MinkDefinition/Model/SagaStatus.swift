// Where a saga stands, in the word that scenarios, transcripts and the engine share.

/// Where a saga stands.
package enum SagaStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case started, running, completed, failed, compensating, compensated
}
