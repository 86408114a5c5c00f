// Masks personal data of events and commands where people read.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkWorkflow

/// Hides what definitions call personal.
struct PersonalMask {
    let catalog: Catalog
    let showsPersonal: Bool

    init(_ catalog: Catalog, _ arguments: Arguments) {
        self.catalog = catalog
        showsPersonal = arguments.has("--show-personal")
    }

    /// The payload of an event; of one that no workflow lists nothing is known, so all is masked.
    func data(of event: EventRecord) -> Value {
        let definitions = catalog.definitions(listing: event.type)
        guard showsPersonal || !definitions.isEmpty else { return .string(Self.mask) }
        let document = JSONDocument(reading: Array(event.data.utf8), limits: .event)
        guard let value = document.root?.value else { return .null }
        let names = definitions.flatMap { definition in
            (definition.events[event.type]?.personalFields ?? [])
                .union(definition.data.filter(\.isPersonal).map(\.name))
        }
        return masked(value, Set(names))
    }

    /// The arguments of a command.
    func arguments(of command: CommandRecord) -> Value {
        masked(command.arguments, command.personalArguments)
    }

    private func masked(_ value: Value, _ names: Set<String>) -> Value {
        guard !showsPersonal, case .map(var map) = value else { return value }
        for name in names where map[name] != nil { map[name] = .string(Self.mask) }
        return .map(map)
    }

    private static let mask = "‹personal›"
}
