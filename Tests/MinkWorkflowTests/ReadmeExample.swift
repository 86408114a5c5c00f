// The example of the README, which has to compile. A test compares the two.
import MinkSQLite
import MinkWorkflow

struct RequestPayment: Command {
    let orderId: String
    let amount: ExactDecimal
}

func serve(from file: String, reading workflows: String) async throws {
    let bus = CommandBus()
    try bus.register(RequestPayment.self) { command, context in
        // context.id is the idempotency key: the same in every delivery, after every crash.
        .event(
            "PaymentReceived",
            [
                "orderId": .string(command.orderId), "paymentId": .string(context.id),
                "amount": .decimal(command.amount),
            ])
    }
    let engine = try await WorkflowEngine(
        definitions: [workflows], store: .sqlite(file), bus: bus)
    try await engine.run()
}
