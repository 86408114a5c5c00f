// Brings commands to the handlers of a bus, and turns what they do into receipts.
import MinkCommands
import MinkEngine
import MinkExpression
import Synchronization

/// Delivers to the handlers of a command bus.
struct BusReceiver: CommandReceiver {
    let bus: CommandBus

    func takes(_ command: CommandRecord) -> Bool { bus.handles(command.name) }

    func handles(_ name: String) -> Bool { bus.handles(name) }

    func receive(_ command: CommandRecord, attempt: Int) async -> Receipt {
        let limit = command.delivery.retry.attemptTimeout
        return await withTaskGroup(of: Receipt.self) { group in
            let isOver = Atomic(false)
            group.addImmediateTask {
                defer { isOver.store(true, ordering: .releasing) }
                return await dispatch(command, attempt: attempt)
            }
            // A handler that has returned at once needs no limit.
            if !isOver.load(ordering: .acquiring) {
                group.addTask {
                    try? await Task.sleep(for: limit)
                    return .timedOut
                }
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
    }

    private func dispatch(_ command: CommandRecord, attempt: Int) async -> Receipt {
        let context = CommandContext(
            id: command.id, correlationID: command.metadata.correlationID,
            causationID: command.metadata.causationID, tenant: command.metadata.tenant,
            metadata: command.metadata.entries, workflow: command.instance.workflow,
            instanceKey: command.instance.key.description, attempt: attempt)
        do {
            let reply = try await bus.dispatch(
                ReceivedCommand(name: command.name, arguments: command.arguments),
                context: context)
            let answers = reply.events.map { AnswerEvent(type: $0.name, data: $0.payload.json) }
            return .accepted(answers: answers, result: reply.result)
        } catch let rejection as CommandRejected {
            return .rejected(rejection.reason)
        } catch {
            return .failed("\(error)")
        }
    }
}
