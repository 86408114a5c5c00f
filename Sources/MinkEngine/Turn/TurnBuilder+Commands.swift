// Commands: each gets a number and an id that follows from it, so that every delivery, after every
// crash, in every engine carries the same idempotency key.
import MinkDefinition
import MinkExpression

extension TurnBuilder {
    /// Hands out a command of a place in the file.
    ///
    /// - Returns: Its number and its id.
    @discardableResult
    mutating func emit(
        _ emission: Emission, visit: Int
    ) throws(Trouble) -> (number: Int, id: String) {
        let arguments = try fill(emission.use.arguments)
        let delay = try emission.delay.map { template throws(Trouble) in try duration(template) }
        try countCommand()
        guard let template = definition.commands[emission.use.command] else {
            throw .expression(
                message: "there is no command \"\(emission.use.command)\"",
                place: emission.use.place)
        }
        return send(
            template.name, .map(arguments), delivery: template.delivery, role: .step, visit: visit,
            due: delay.map { now.adding($0) ?? .latest }, isKept: emission.keep)
    }

    private mutating func countCommand() throws(Trouble) {
        let limit = definition.limits.commands + current.counters.allowance.commands
        guard current.counters.commands < limit else {
            throw .limit("\(limit) commands were sent, and no more are allowed")
        }
    }

    /// Hands out a command under the next number.
    ///
    /// - Returns: Its number and its id.
    @discardableResult
    mutating func send(
        _ name: String, _ arguments: Value, delivery: Delivery, role: CommandRecord.Role,
        visit: Int, due: Timestamp? = nil, isKept: Bool = false
    ) -> (number: Int, id: String) {
        current.counters.commands += 1
        let number = current.counters.commands
        let commandID = current.commandID(number: number)
        send(
            CommandRecord(
                id: commandID, number: number, instance: id, name: name, arguments: arguments,
                role: role, visit: visit, delivery: delivery, due: due, isKept: isKept,
                metadata: travelling,
                personalArguments: definition.commands[name]?.personalArguments ?? []))
        return (number, commandID)
    }

    mutating func send(_ command: CommandRecord) {
        decision.commands.append(command)
        current.outstanding.append(OutstandingCommand(command))
        note(.emitted(command))
    }

    /// What travels with a command: the ids of the request, and of what led to it.
    var travelling: EventRecord.Metadata {
        var metadata = event?.metadata ?? current.origin
        metadata.correlationID = current.origin.correlationID ?? current.seed
        metadata.causationID = event?.id ?? current.seed
        metadata.tenant = id.tenant
        return metadata
    }

    /// Takes commands back that are not under way.
    ///
    /// - Returns: What was taken back, in order of emission.
    mutating func takeBack(
        where isMeant: (OutstandingCommand) -> Bool
    ) -> [OutstandingCommand] {
        let gone = current.outstanding.filter(isMeant)
        guard !gone.isEmpty else { return [] }
        current.outstanding.removeAll(where: isMeant)
        decision.withdrawn += gone.map(\.id)
        return gone
    }

    /// Takes back the steps that are not under way, because the saga is being undone; nobody has
    /// to decide about them any more.
    mutating func withdrawSteps() {
        for sent in current.outstanding where sent.command.role == .step && sent.isInAttempt {
            decision.lastAttempts.append(sent.id)
        }
        let gone = takeBack { $0.command.role == .step && !$0.isInAttempt }
        for sent in gone { note(.withdrawn(sent.command, attempts: sent.attempts)) }
        let ids = Set(gone.map(\.id))
        for incident in current.incidents {
            guard let command = incident.command, ids.contains(command) else { continue }
            close(incident: incident.number)
        }
    }

    /// Arms a timer.
    mutating func arm(_ kind: Timer.Kind, due: Timestamp?, visit: Int, reminders: Int = 0) {
        current.counters.timers += 1
        current.timers.append(
            Timer(
                number: current.counters.timers, kind: kind, due: due ?? .latest, visit: visit,
                reminders: reminders))
    }
}

extension CommandTemplate {
    var delivery: Delivery {
        let destination: Delivery.Destination =
            switch self.destination {
            case .handler: .handler
            case .events: .events
            case .named(let name): .named(name)
            }
        return Delivery(destination: destination, retry: Delivery.Retry(retry))
    }
}
