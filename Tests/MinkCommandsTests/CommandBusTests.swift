// Commands find their handlers.
import MinkCommands
import MinkExpression
import Testing

private struct Reserve: Command {
    static let name = "ReserveInventory"
    let orderId: String
    let quantity: Int

    func validate() throws {
        guard quantity > 0 else {
            throw ValidationError(
                command: Self.name, field: "quantity", message: "must be more than 0")
        }
    }
}

private struct CloseAccount: Command {
    let id: Int
}

private struct Reserver: CommandHandler {
    func handle(_ command: Reserve, context: CommandContext) async throws -> CommandReply {
        .event(
            "InventoryReserved", ["orderId": .string(command.orderId), "by": .string(context.id)])
    }
}

private let context = CommandContext(id: "k1", attempt: 2)

@Suite("The command bus")
struct CommandBusTests {
    @Test func `brings a command to the handler of its name`() async throws {
        let bus = CommandBus()
        try bus.register("Ship") { command, context in
            CommandReply(result: [
                "name": .string(command.name), "try": .int(Int64(context.attempt)),
            ])
        }

        let reply = try await bus.dispatch(
            ReceivedCommand(name: "Ship", arguments: [:]), context: context)

        #expect(reply.result == ["name": "Ship", "try": 2])
        #expect(bus.handles("Ship") && !bus.handles("ship"))
    }

    @Test func `decodes what a typed handler wants`() async throws {
        let bus = CommandBus()
        try bus.register(Reserver())
        try bus.register(CloseAccount.self) { command, _ in
            CommandReply(result: .int(Int64(command.id)))
        }

        let reserved = try await bus.dispatch(
            ReceivedCommand(
                name: "ReserveInventory", arguments: ["orderId": "o1", "quantity": 2, "more": 1]),
            context: context)
        let closed = try await bus.dispatch(CloseAccount(id: 7), context: context)

        #expect(reserved == .event("InventoryReserved", ["orderId": "o1", "by": "k1"]))
        #expect(closed.result == 7)
    }

    @Test(
        arguments: [
            (["orderId": "o1", "quantity": 0], "ReserveInventory.quantity: must be more than 0"),
            (
                ["orderId": "o1", "quantity": "two"],
                "the arguments of ReserveInventory do not fit: "
                    + "at quantity: expected a whole number, found a text"
            ),
            ([:], "the arguments of ReserveInventory do not fit: \"orderId\" is missing"),
        ] as [(Value, String)])
    func `rejects for good what does not fit`(arguments: Value, reason: String) async throws {
        let bus = CommandBus()
        try bus.register(Reserver())

        let error = await #expect(throws: CommandRejected.self) {
            try await bus.dispatch(
                ReceivedCommand(name: "ReserveInventory", arguments: arguments), context: context)
        }
        #expect(error?.reason == reason)
    }

    @Test func `takes one handler for each name`() throws {
        let bus = CommandBus()
        try bus.register(Reserver())
        try bus.registerFallback { _, _ in .done }

        #expect(throws: CommandBusError.alreadyRegistered("ReserveInventory")) {
            try bus.register("ReserveInventory") { _, _ in .done }
        }
        #expect(throws: CommandBusError.alreadyRegistered(nil)) {
            try bus.registerFallback { _, _ in .done }
        }
    }

    @Test func `says that nobody handles a command, unless there is a fallback`() async throws {
        let bus = CommandBus()
        let command = ReceivedCommand(name: "Ship", arguments: [:])

        await #expect(throws: CommandBusError.noHandler("Ship")) {
            try await bus.dispatch(command, context: context)
        }
        try bus.registerFallback { command, _ in CommandReply(result: .string(command.name)) }
        let reply = try await bus.dispatch(command, context: context)

        #expect(reply.result == "Ship")
    }

    @Test func `hands on what a handler throws`() async throws {
        struct Closed: Error {}
        let bus = CommandBus()
        try bus.register("Fail") { _, _ in throw Closed() }
        try bus.register("Reject") { _, _ in throw CommandRejected("the year is closed") }

        await #expect(throws: Closed.self) {
            try await bus.dispatch(
                ReceivedCommand(name: "Fail", arguments: [:]), context: context)
        }
        await #expect(throws: CommandRejected("the year is closed")) {
            try await bus.dispatch(
                ReceivedCommand(name: "Reject", arguments: [:]), context: context)
        }
    }
}
