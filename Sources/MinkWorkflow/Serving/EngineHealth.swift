// How an engine is, in one line for people or for programs.
import MinkDefinition
package import MinkExpression

/// How an engine is.
package struct EngineHealth: Sendable, Hashable {
    package let standing: EngineControl.Standing
    /// The version of each workflow that new instances take.
    package let definitions: [String: Int]

    package init(of control: EngineControl) {
        let catalog = control.catalog
        standing = control.standing
        definitions = Dictionary(
            catalog.workflows.compactMap { name in
                catalog.active(name).map { (name, $0.identity.version) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The line for people.
    package var text: String {
        let loaded = definitions.sorted { $0.key < $1.key }.map { "\($0.key) v\($0.value)" }
        let parts = [
            standing.words, loaded.isEmpty ? "no workflows" : loaded.joined(separator: ", "),
        ]
        return parts.joined(separator: "; ")
    }

    /// The line for programs.
    package var json: Value {
        let versions = definitions.map { ($0.key, Value.int(Int64($0.value))) }
        var map = ValueMap()
        for (name, version) in versions.sorted(by: { $0.0 < $1.0 }) { map[name] = version }
        return ["health": .string(standing.words), "definitions": .map(map)]
    }
}

extension EngineControl.Standing {
    /// The words for people and programs.
    package var words: String {
        switch self {
        case .starting: "starting"
        case .working: "working"
        case .standingBy: "standing by"
        case .withoutStore: "without its store"
        }
    }
}
