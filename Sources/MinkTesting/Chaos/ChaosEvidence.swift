// What the database says after a chaos run.
import MinkDefinition
import MinkEngine
import MinkExpression
package import MinkStore

/// What a chaos run needs of a store.
package typealias ChaosStore = EventLog & WorkflowQueries & DefinitionStore & StoreInspection
    & ClosableStore

/// What the database knows of all orders.
struct ChaosEvidence: Sendable {
    /// What it knows of one order.
    struct Order: Sendable {
        let status: Instance.Status?
        let data: Value
        /// Commands that were emitted, by their ids.
        var emitted: [String: CommandRecord] = [:]
        /// Commands that a turn took back.
        var takenBack: Set<String> = []
        /// Commands that are not settled.
        var outstanding: Set<String> = []

        /// Whether nothing is left to do.
        var isQuiet: Bool { outstanding.isEmpty && status?.isEnded ?? false }
    }

    /// By the key of the order.
    private(set) var orders: [String: Order] = [:]
    /// Events that were judged, are held or are dead letters, by their ids.
    private(set) var events: Set<String> = []

    init() {}

    /// What a test says.
    init(orders: [String: Order], events: Set<String>) {
        self.orders = orders
        self.events = events
    }

    static func read(_ store: any ChaosStore) async throws(StoreError) -> ChaosEvidence {
        var evidence = ChaosEvidence()
        var last: Int64 = 0
        while true {
            let page = try await store.dossiers(after: last, limit: 200)
            for dossier in page { evidence.add(dossier) }
            guard let end = page.last, page.count == 200 else { break }
            last = end.row.sequence
        }
        last = 0
        while true {
            let page = try await store.deadLetters(after: last, limit: 200)
            for (_, letter) in page { evidence.events.insert(letter.event.id) }
            guard let end = page.last, page.count == 200 else { break }
            last = end.number
        }
        return evidence
    }

    /// Whether nothing is left to do.
    var isQuiet: Bool {
        orders.values.allSatisfy(\.isQuiet)
    }

    private mutating func add(_ dossier: SagaDossier) {
        let instance = dossier.row.instance
        var order = Order(status: instance.status, data: instance.data)
        order.outstanding = Set(instance.outstanding.map(\.id))
        for turn in dossier.history {
            if case .event(let event, _) = turn.input { events.insert(event.id) }
            for fact in turn.facts {
                switch fact {
                case .emitted(let command): order.emitted[command.id] = command
                case .withdrawn(let command, _), .cancelled(let command):
                    order.takenBack.insert(command.id)
                default: break
                }
            }
        }
        orders[instance.id.key.description] = order
    }
}
