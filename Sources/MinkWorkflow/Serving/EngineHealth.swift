// How an engine is, in one line for people or for programs.
import MinkDefinition
package import MinkExpression

/// How an engine is.
package struct EngineHealth: Sendable, Hashable {
    package let standing: EngineControl.Standing
    /// The version of each workflow that new instances take.
    package let definitions: [String: Int]
    package let loads: EngineControl.Loads
    /// What was counted in the store; `nil` before it was.
    package let counts: Counts?

    /// What is counted now and then.
    package struct Counts: Sendable, Hashable {
        package var running = 0
        /// Open incidents of sagas that have not ended.
        package var incidents = 0
        /// How many events this engine has not judged; `nil` while it does not work.
        package var lag: Int64?

        package init() {}
    }

    package init(of control: EngineControl, counts: Counts?) {
        let catalog = control.catalog
        standing = control.standing
        loads = control.loads
        definitions = Dictionary(
            catalog.workflows.compactMap { name in
                catalog.active(name).map { (name, $0.identity.version) }
            }, uniquingKeysWith: { first, _ in first })
        self.counts = counts
    }

    /// Whether an operator should read at once what has become of another one.
    package func differs(from other: EngineHealth?) -> Bool {
        guard let other else { return true }
        return standing != other.standing || definitions != other.definitions
            || loads.failing != other.loads.failing
            || counts?.incidents != other.counts?.incidents
    }

    /// The line for people.
    package var text: String {
        let loaded = definitions.sorted { $0.key < $1.key }.map { "\($0.key) v\($0.value)" }
        var parts = [
            standing.words, loaded.isEmpty ? "no workflows" : loaded.joined(separator: ", "),
        ]
        if let counts {
            parts.append(Self.count(counts.running, "saga") + " running")
            if let lag = counts.lag { parts.append("lag \(Self.count(Int(lag), "event"))") }
            parts.append(Self.count(counts.incidents, "incident") + " open")
        }
        if loads.failing > 0 { parts.append(Self.count(loads.failing, "file") + " not loaded") }
        return parts.joined(separator: "; ")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    /// The line for programs.
    package var json: Value {
        var versions = ValueMap()
        for (name, version) in definitions.sorted(by: { $0.key < $1.key }) {
            versions[name] = .int(Int64(version))
        }
        return [
            "health": .string(standing.words), "definitions": .map(versions),
            "running": counts.map { .int(Int64($0.running)) } ?? .null,
            "lag": (counts?.lag).map(Value.int) ?? .null,
            "incidents": counts.map { .int(Int64($0.incidents)) } ?? .null,
            "notLoaded": .int(Int64(loads.failing)),
            "mink_definition_load_failed": .int(Int64(loads.failed)),
        ]
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
