// What a served engine tells operators, on standard error: sentences, or one JSON object a line.
import MinkExpression
import MinkWorkflow

/// Writes the lines of `serve`.
struct ServeLog: Sendable {
    let isJSON: Bool

    /// Something that happened.
    func tell(_ message: String, _ fields: [String: String] = [:]) {
        guard isJSON else {
            let shown = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            let details = shown.isEmpty ? "" : " (\(shown.joined(separator: ", ")))"
            return Output.message("mink-workflow: \(message)\(details)".withoutControls)
        }
        var map = ValueMap()
        map["message"] = .string(message)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { map[name] = .string(value) }
        write(map)
    }

    /// How the engine is.
    func tell(_ health: EngineHealth) {
        guard isJSON, case .map(let map) = health.json else {
            return Output.message("mink-workflow: \(health.text)")
        }
        write(map)
    }

    private func write(_ members: ValueMap) {
        var map = ValueMap()
        map["at"] = .string(SystemClock().now().description)
        for entry in members.entries { map[entry.key] = entry.value }
        Output.message(Value.map(map).json)
    }
}
