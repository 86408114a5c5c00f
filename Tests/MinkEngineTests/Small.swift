// Small workflows, so that a test shows only what it is about.
import MinkDefinition

/// A workflow in a few lines.
///
/// Every event has the fields `k` (the key), `n`, `id`, `list` and `when`, all optional but the
/// key; `Begin` starts it in the first state; what is given up ends in `Failed`.
enum Small {
    static func workflow(
        _ states: String, version: Int = 1, events: String = "", commands: String = "",
        data: String = "",
        start: String? = nil, whenStuck: String = "stop", more: String = ""
    ) throws -> Definition {
        let names = ["Begin", "Go", "Back", "Fail", "Paid", "Extra"]
        let declared =
            names.map { #""\#($0)": { "fields": \#(fields) }"# }.joined(separator: ", ")
            + (events.isEmpty ? "" : ", " + events)
        let given =
            start
            ?? #"{ "Begin": { "set": { "k": "= event.k" }, "goto": "\#(firstName(in: states))" } }"#
        return try Workflow.text(
            """
            { "workflow": "Small", "version": \(version), "correlateBy": "k", "owner": "tests",
              "data": { "k": "string"\(data.isEmpty ? "" : ", " + data) },
              "events": { \(declared) },
              "commands": { "Tell": { "with": { "k": "= data.k" } },
                            "Undo": { "with": { "k": "= data.k" } }\(
                                commands.isEmpty ? "" : ", " + commands) },
              "start": \(given),
              "compensation": { "whenStuck": "\(whenStuck)", "endIn": "Failed" },
              "states": { \(states)\(
                  states.contains(#""Failed":"#) ? "" : #", "Failed": { "final": "failed" }"#) }\(more.isEmpty ? "" : ", " + more) }
            """)
    }

    /// The fields of every event.
    static let fields = """
        { "k": "string", "n": "integer?", "id": "string?", "list": "any[]?", "when": "timestamp?" }
        """

    private static func firstName(in states: String) -> String {
        String(states.split(separator: "\"").dropFirst(states.first == "\"" ? 0 : 1).first ?? "")
    }
}
