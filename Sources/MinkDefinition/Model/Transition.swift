// One step of a saga, in the order in which it runs:
//
//   when ─▶ set ─▶ compensation ─▶ point of no return ─▶ fail │ emit ─▶ goto

/// One way to answer an event, a timeout or a join.
package struct Transition: Sendable {
    /// The condition; `nil` when it always holds.
    package var when: LocatedExpression?
    package var set: [Assignment] = []
    /// What would undo this step, in the order in which it is pushed on the ledger.
    package var compensation: [CommandUse] = []
    /// Whether the ledger is emptied and sealed.
    package var pointOfNoReturn = false
    package var fail: Failure?
    package var emit: [Emission] = []
    /// The state to enter; `nil` stays.
    package var goto: String?
    /// Whether the event is accepted and nothing happens, on purpose.
    package var ignore = false
    /// Where the transition stands in its file.
    package var place: SourcePlace

    package init(place: SourcePlace) {
        self.place = place
    }
}

/// Gives up: everything done so far is undone.
package struct Failure: Sendable {
    /// The reason that people and compensations see.
    package let reason: Template
    /// The final state to end in; `nil` takes the one of the workflow.
    package let endIn: String?

    package init(reason: Template, endIn: String?) {
        self.reason = reason
        self.endIn = endIn
    }
}

/// Sets one data field.
package struct Assignment: Sendable {
    package let field: String
    package let value: Template

    package init(field: String, value: Template) {
        self.field = field
        self.value = value
    }
}

/// A command with the arguments of one place that uses it.
///
/// The arguments are those of the command's template, with the overrides of the place.
package struct CommandUse: Sendable {
    package let command: String
    package let arguments: [Member]
    package let place: SourcePlace

    package init(command: String, arguments: [Member], place: SourcePlace) {
        self.command = command
        self.arguments = arguments
        self.place = place
    }
}

/// A command that is sent, at once or later.
package struct Emission: Sendable {
    package let use: CommandUse
    /// How long to wait before it is handed out; a duration.
    package let delay: Template?
    /// Whether a delayed command survives the end of the visit.
    package let keep: Bool

    package init(use: CommandUse, delay: Template?, keep: Bool) {
        self.use = use
        self.delay = delay
        self.keep = keep
    }
}
