// What people can do to a saga, in the words that scenarios, events files and the engine share.

/// What a person can do to a saga.
package enum OperatorVerb: String, Hashable, Sendable, Codable, CaseIterable {
    case resume, retry, skip
    case markDone = "mark-done"
    case compensate, cancel
    /// Moves it to another version of its workflow.
    case migrate

    /// What scenarios and events files may ask for: all that needs no second version.
    package static let scripted = allCases.filter { $0 != .migrate }
}
