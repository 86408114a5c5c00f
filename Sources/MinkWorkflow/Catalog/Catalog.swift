// The definitions that an engine works by: of each workflow one active version, and every version
// that an instance may still need. A catalog is a value; a reload makes a new one.
package import MinkDefinition
package import MinkEngine

/// The definitions that are loaded.
package struct Catalog: Sendable {
    private var byFingerprint: [String: Definition] = [:]
    private var active: [String: Definition] = [:]
    private var listing: [String: [Definition]] = [:]

    package init() {}

    /// The names of all workflows, in order.
    package var workflows: [String] { active.keys.sorted() }

    /// The version that new instances take.
    package func active(_ workflow: String) -> Definition? { active[workflow] }

    /// The definition that an instance runs by.
    package func definition(for reference: DefinitionReference) -> Definition? {
        byFingerprint[reference.fingerprint]
    }

    /// Whether this very text is loaded.
    package func contains(_ identity: Definition.Identity) -> Bool {
        byFingerprint[identity.fingerprint] != nil
    }

    /// All versions of a workflow that are loaded, the oldest first.
    package func versions(of workflow: String) -> [Definition] {
        byFingerprint.values.filter { $0.identity.workflow == workflow }
            .sorted { $0.identity.version < $1.identity.version }
    }

    /// Of each workflow that lists an event, the newest version that does.
    package func definitions(listing event: String) -> [Definition] { listing[event] ?? [] }

    /// Keeps a version for the instances that run by it; new ones do not take it.
    package mutating func keep(_ definition: Definition) {
        byFingerprint[definition.identity.fingerprint] = definition
    }

    /// Has new instances take a version, whatever higher ones there are.
    package mutating func choose(_ definition: Definition) {
        active[definition.identity.workflow] = definition
    }

    /// Adds a version; the highest version of a workflow is the active one.
    package mutating func add(_ definition: Definition) {
        let identity = definition.identity
        byFingerprint[identity.fingerprint] = definition
        if identity.version >= active[identity.workflow]?.identity.version ?? .min {
            active[identity.workflow] = definition
        }
        for event in definition.events.keys {
            var definitions = listing[event] ?? []
            let older = definitions.firstIndex { $0.identity.workflow == identity.workflow }
            switch older {
            case let index? where definitions[index].identity.version <= identity.version:
                definitions[index] = definition
            case _?:
                continue
            case nil:
                definitions.append(definition)
                definitions.sort { $0.identity.workflow < $1.identity.workflow }
            }
            listing[event] = definitions
        }
    }
}
