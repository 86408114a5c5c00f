// A scenario file: stories about one workflow, each a list of steps with virtual time.
package import MinkExpression

/// The scenarios of one file.
package struct ScenarioFile: Sendable {
    package let workflow: String
    package let scenarios: [Scenario]
}

/// One story: what happens, and what is expected.
package struct Scenario: Sendable {
    package let name: String
    package let steps: [ScenarioStep]
    package let place: SourcePlace
}

/// One step of a scenario.
package struct ScenarioStep: Sendable {
    package let action: Action
    package let place: SourcePlace

    /// What a step does.
    package enum Action: Sendable {
        /// An event arrives.
        case event(EventStep)
        /// Time passes.
        case wait(Duration)
        /// From here on a command is answered like this.
        case script(ScriptStep)
        /// A person acts on the instance.
        case act(OperatorStep)
        /// The next command not yet expected has this name, and at least these arguments.
        case expectCommand(String, with: JSONNode?)
        /// These commands, and no others, came since the last expectation.
        case expectCommands([String])
        /// The instance looks like this.
        case expect(Expectation)
    }

    /// An event that arrives.
    package struct EventStep: Sendable {
        package let type: String
        /// The payload; `nil` is an empty object.
        package let payload: JSONNode?
        /// The event's id; `nil` derives one.
        package let id: String?
        /// How often it arrives.
        package let times: Int
    }

    /// How a handler answers.
    package struct ScriptStep: Sendable {
        package let command: String
        package let answer: Answer
        /// How many attempts are answered so; `nil` all from here on.
        package let times: Int?

        /// An answer of a handler.
        package enum Answer: Sendable {
            /// An attempt fails, with a reason.
            case fails(String)
            /// The command is refused for good, with a reason.
            case rejects(String)
            /// It succeeds and returns these events, each with `event` and `with`.
            case returns([EventStep])
        }
    }

    /// What a person does.
    package struct OperatorStep: Sendable {
        package let action: OperatorVerb
        package let reason: String?
        /// Edited arguments of a retry.
        package let arguments: JSONNode?
        /// The final state of a cancellation.
        package let endIn: String?
        /// The incident that is meant.
        package let incident: IncidentCode?
    }

    /// What is expected of the instance; `nil` expects nothing.
    package struct Expectation: Sendable {
        package var status: SagaStatus?
        package var state: String?
        package var outcome: Outcome?
        /// A part of the data that has to be there.
        package var data: JSONNode?
        /// The code of an open incident; `.some(nil)` expects that there is none.
        package var incident: IncidentCode??
        /// The number of events that are held.
        package var held: Int?
        /// The names on the ledger, in the order in which they were pushed.
        package var ledger: [String]?
        /// The number of dead letters.
        package var deadLetters: Int?
    }
}
