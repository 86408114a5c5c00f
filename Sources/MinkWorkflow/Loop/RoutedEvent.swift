// An event and the instances that it is about, found once for all that is asked about them.
import MinkDefinition
import MinkEngine

/// An event on its way to its instances.
struct RoutedEvent {
    let event: EventRecord
    /// Of each workflow that lists the event, the definition that reads it, and where it goes.
    let routes: [(definition: Definition.Identity, route: Route)]

    init(_ event: EventRecord, by catalog: Catalog) {
        self.event = event
        routes = catalog.definitions(listing: event.type).map { definition in
            (definition.identity, route(event, by: definition))
        }
    }

    /// The names of the instances.
    var instances: [InstanceID] {
        routes.compactMap { if case .instance(let id, _, _) = $0.route { id } else { nil } }
    }
}
