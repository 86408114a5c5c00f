// A declared event: its fields, how it finds its instance, and what becomes of it out of turn.
package import MinkExpression

/// An event that a workflow knows.
package struct EventDefinition: Sendable {
    package let name: String
    /// The type of its payload, an object.
    package let type: DataType
    /// Yields the instance's key from `event`; `nil` reads the workflow's correlation field.
    package let correlate: LocatedExpression?
    /// The field whose value makes a second event a duplicate.
    package let uniqueBy: String?
    package let rules: EventRules
    /// Names of fields that hold personal data, to be masked where people read.
    package let personalFields: Set<String>

    package init(
        name: String, type: DataType, correlate: LocatedExpression?, uniqueBy: String?,
        rules: EventRules, personalFields: Set<String>
    ) {
        self.name = name
        self.type = type
        self.correlate = correlate
        self.uniqueBy = uniqueBy
        self.rules = rules
        self.personalFields = personalFields
    }
}

/// What becomes of an event that comes out of turn.
package struct EventRules: Hashable, Sendable {
    package var holdFor: Duration = .seconds(3600)
    package var early: WhenEarly = .deadLetter
    package var late: WhenLate = .compensate
    package var unexpected: WhenUnexpected = .deadLetter
    /// What an event is that may be early and late; `nil` where that can not happen.
    package var ambiguous: Ambiguous?

    package init() {}

    /// What follows when a held event is not wanted in time.
    package enum WhenEarly: String, Hashable, Sendable { case deadLetter, ignore }
    /// What a late event does.
    package enum WhenLate: String, Hashable, Sendable { case compensate, ignore, deadLetter }
    /// What an event does that no state wants.
    package enum WhenUnexpected: String, Hashable, Sendable { case deadLetter, ignore, incident }
    /// How an event counts that may be either.
    package enum Ambiguous: String, Hashable, Sendable { case early, late }
}

/// A declared field of the saga's data.
package struct DataField: Sendable {
    package let name: String
    package let type: DataType
    /// Whether it may be absent.
    package let isOptional: Bool
    /// The value at the start; `nil` starts unset.
    package let initial: Value?
    /// Whether it is masked where people read.
    package let isPersonal: Bool

    package init(
        name: String, type: DataType, isOptional: Bool, initial: Value?, isPersonal: Bool
    ) {
        self.name = name
        self.type = type
        self.isOptional = isOptional
        self.initial = initial
        self.isPersonal = isPersonal
    }
}
