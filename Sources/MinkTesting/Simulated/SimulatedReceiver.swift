// A receiver that stands for all handlers: every command succeeds, and is answered as its workflow
// hopes, so that a saga goes its best way without any code.
package import MinkDefinition
package import MinkEngine
package import MinkWorkflow

/// Takes every command, and answers that it was done.
package struct SimulatedReceiver: CommandReceiver {
    private let clock: any WorkflowClock
    private let definition: @Sendable (String) -> Definition?

    /// A receiver of the commands of workflows.
    ///
    /// - Parameters:
    ///   - clock: Where the moments in answers come from.
    ///   - definition: The definition of a workflow, by its name.
    package init(
        clock: any WorkflowClock = SystemClock(),
        definition: @escaping @Sendable (String) -> Definition?
    ) {
        self.clock = clock
        self.definition = definition
    }

    package func takes(_ command: CommandRecord) -> Bool { true }

    package func receive(_ command: CommandRecord, attempt: Int) async -> Receipt {
        let answer = definition(command.instance.workflow).flatMap {
            SampleAnswer(to: command, of: $0, at: clock.now()).event
        }
        return .accepted(answers: answer.map { [$0] } ?? [], result: .null)
    }
}
