// Which keys each kind of object has. The JSON Schema for editors says the same.

/// What an object of a workflow file may hold.
///
/// A class, because it never changes and every object of a file is read by one.
final class Shape: Sendable {
    /// The object with its article, as in `a transition`.
    let noun: String
    let keys: [String]
    /// Keys that people write here although they belong elsewhere, and what to say then.
    private let misplaced: [String: String]
    /// The name of a final state, which has no place for what waits.
    private let finalState: String?
    /// Whether it may name the schema of its file.
    let hasSchema: Bool

    init(
        noun: String, keys: [String], misplaced: [String: String] = [:], finalState: String? = nil
    ) {
        self.noun = noun
        self.keys = keys
        self.misplaced = misplaced
        self.finalState = finalState
        hasSchema = keys.contains("$schema")
    }

    /// Keys that every object may have.
    static let everywhere = ["description", "$comment", "allow"]

    /// What to say of a key that belongs elsewhere; `nil` when nothing special is to say.
    func words(ofMisplaced key: String) -> String? {
        if let finalState, Self.waiting.contains(key) {
            return "\"\(finalState)\" is final, it cannot wait for events"
        }
        return misplaced[key]
    }

    /// What only a state that waits can have.
    private static let waiting = ["on", "timeout", "remind", "waitFor", "forEach", "onJoin"]
}

extension Shape {
    static let workflow = Shape(
        noun: "a workflow",
        keys: [
            "$schema", "workflow", "version", "owner", "correlateBy", "data", "events", "commands",
            "retryPolicies", "compensation", "deadline", "eventRules", "start", "states",
            "anyState", "use", "retain", "limits", "migrate",
        ],
        misplaced: [
            "timeout":
                "a workflow has no \"timeout\"; a state has one, and \"deadline\" is for all",
            "on": "a workflow has no \"on\"; \"anyState\" holds what counts in every state",
        ])
    static let shared = Shape(
        noun: "a shared file", keys: ["$schema", "events", "commands", "retryPolicies", "use"])
    static let event = Shape(
        noun: "an event", keys: ["fields", "schema", "correlate", "uniqueBy", "rules"])
    static let eventRules = Shape(
        noun: "a set of event rules", keys: ["early", "late", "unexpected", "ambiguous"])
    static let early = Shape(noun: "\"early\"", keys: ["holdFor", "then"])
    static let command = Shape(
        noun: "a command", keys: ["with", "retry", "to", "answers", "undo", "confirmedBy"])
    static let answers = Shape(noun: "\"answers\"", keys: ["done", "failed"])
    static let confirmation = Shape(
        noun: "\"confirmedBy\"", keys: ["event", "within", "failedBy", "when"])
    static let policy = Shape(
        noun: "a retry policy",
        keys: [
            "attempts", "firstDelay", "multiplyBy", "maxDelay", "jitter", "attemptTimeout",
            "whenExhausted",
        ])
    static let compensation = Shape(noun: "\"compensation\"", keys: ["whenStuck", "endIn"])
    static let deadline = Shape(noun: "\"deadline\"", keys: ["after", "fail", "endIn"])
    static let limits = Shape(
        noun: "\"limits\"", keys: ["transitions", "commands", "held", "dataBytes"])
    static let migration = Shape(
        noun: "\"migrate\"", keys: ["from", "states", "set", "timers"])
    static let anyState = Shape(noun: "\"anyState\"", keys: ["on", "except"])
    static let exception = Shape(noun: "an exception", keys: ["code", "because", "until"])
}

extension Shape {
    static let state = Shape(
        noun: "a state",
        keys: ["onEnter", "on", "timeout", "remind", "waitFor", "forEach", "onJoin", "final"])

    /// A final state: what is for waiting has no place there.
    static func finalState(_ name: String) -> Shape {
        Shape(noun: "a final state", keys: ["onEnter", "final"], finalState: name)
    }

    static let entry = Shape(
        noun: "\"onEnter\"", keys: ["set", "compensation", "emit"],
        misplaced: misplaced(
            ["goto", "fail", "endIn", "when", "otherwise", "pointOfNoReturn", "ignore"],
            "cannot stand in \"onEnter\"; it belongs to a transition"))
    static let finalEntry = Shape(
        noun: "\"onEnter\" of a final state", keys: ["emit"],
        misplaced: misplaced(
            ["set", "compensation", "goto", "fail", "endIn", "when", "otherwise"],
            "cannot stand in the \"onEnter\" of a final state; only \"emit\" can"))

    private static let step = ["set", "compensation", "pointOfNoReturn", "emit", "goto"]

    static let transition = Shape(
        noun: "a transition", keys: step + ["when", "otherwise", "fail", "endIn", "ignore"])
    static let startTransition = Shape(
        noun: "a start", keys: step + ["when", "otherwise", "onExisting"],
        misplaced: misplaced(
            ["fail", "endIn", "ignore"], "cannot stand here; a start enters a state by \"goto\""))
    static let timeout = Shape(
        noun: "a timeout", keys: step + ["after", "at", "then", "fail", "endIn"],
        misplaced: misplaced(
            ["when", "otherwise", "ignore"],
            "cannot stand here; write the alternatives in \"then\""))
    static let reminder = Shape(
        noun: "\"remind\"", keys: ["every", "emit", "atMost", "then"],
        misplaced: misplaced(
            ["goto", "fail", "set"], "cannot stand in \"remind\"; it belongs to its \"then\""))

    static let part = Shape(
        noun: "a part", keys: ["when", "set", "compensation"],
        misplaced: misplaced(
            ["goto", "fail", "endIn", "emit", "pointOfNoReturn"],
            "cannot stand in a part; it belongs to \"onJoin\""))
    static let waitFor = Shape(noun: "\"waitFor\"", keys: ["events", "need", "others"])
    static let forEach = Shape(
        noun: "\"forEach\"",
        keys: [
            "in", "as", "key", "matchEvent", "maxConcurrent", "emit", "done", "failed", "need",
            "whenImpossible", "others",
        ])
    static let emission = Shape(
        noun: "an entry of \"emit\"", keys: ["command", "with", "delay", "keep"])
    static let use = Shape(
        noun: "an entry of \"compensation\"", keys: ["command", "with"],
        misplaced: misplaced(
            ["delay", "keep"], "cannot stand in \"compensation\"; it runs when its turn comes"))

    private static func misplaced(_ keys: [String], _ words: String) -> [String: String] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, "\"\($0)\" \(words)") })
    }
}
