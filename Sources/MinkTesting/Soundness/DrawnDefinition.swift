// Draws workflow files that are sound by construction, or with parts that only an analysis can
// tell from unsound ones.
//
// The states stand in a row: S0 ─▶ S1 ─▶ … ─▶ Done. Each takes one step of a drawn kind; timeouts
// lead forward, so that every saga ends.

/// Draws one workflow file.
package struct DrawnDefinition {
    var draw: Draw
    /// What each state does.
    let kinds: [Kind]
    /// The step that is the point of no return; the count of states where only the end is one.
    let seal: Int
    private let risks: Set<RiskyConstruct>
    private let isRare: Bool

    /// How a state takes its step.
    enum Kind {
        /// Asks, and waits for an answer.
        case asks
        /// Sends what has no answer; its undo is armed on entry.
        case tells
        /// Waits for several events in any order.
        case joins
        /// Asks once for each item of a list.
        case fansOut
    }

    /// The text of a drawn file: the same for the same seed and the same risks.
    ///
    /// - Parameters:
    ///   - seed: What is drawn.
    ///   - risks: What may be unsound.
    /// - Returns: A JSON text.
    package static func text(seed: UInt64, risks: DrawnRisks = .none) -> String {
        var drawn = DrawnDefinition(seed: seed, risks: risks)
        return drawn.text()
    }

    private init(seed: UInt64, risks: DrawnRisks) {
        var draw = Draw(seed: seed)
        self.risks = risks.draw(&draw)
        isRare = risks.isRare
        let count = 2 + draw.below(3)
        kinds = (0..<count).map { number in
            switch draw.below(100) {
            case 0..<15 where number > 0: .joins
            case 15..<27: .fansOut
            case 27..<40: .tells
            default: .asks
            }
        }
        seal = draw.chance(20) ? draw.below(count) : count
        self.draw = draw
    }

    var count: Int { kinds.count }

    mutating func takes(_ risk: RiskyConstruct, _ percent: Int) -> Bool {
        guard risks.contains(risk), draw.chance(percent) else { return false }
        return !isRare || draw.chance(25)
    }

    /// Where a saga goes on after a step.
    func next(after number: Int) -> String { number + 1 < count ? "S\(number + 1)" : "Done" }

    private mutating func text() -> String {
        let states = (0..<count).map { #""S\#($0)": { \#(state($0)) }"# }
        let commands = (0..<count).map { step($0) }
        let steps = (0..<count).flatMap { ["Done\($0)", "Failed\($0)"] }
        let declared = (steps + ["Go", "Stop", "Begin", "Undone"]).map { event($0) }
        let fields = (0..<count).map { #""id\#($0)": "string?""# }
        let stop = stop()
        let ends = draw.chance(30) ? #", "onEnter": { "emit": ["Say"] }"# : ""
        return """
            { "workflow": "Drawn", "version": 1, "correlateBy": "k", "owner": "tests",
              "data": { "k": "string", "n": { "type": "integer", "default": 0 },
                        "items": "string[]", \(fields.joined(separator: ", ")) },
              "events": { \(declared.joined(separator: ",\n    ")) },
              "retryPolicies": { "once": { "attempts": 1 },
                "told": { "attempts": 2, "whenExhausted": "incident" } },
              "commands": { \(commands.joined(separator: ",\n    ")),
                "Tell": { "with": { "k": "= data.k" }, "undo": "none" },
                "Say": { "with": { "k": "= data.k", "why": "= failure.reason" }, "undo": "none" },
                "Mark": { "with": { "k": "= data.k" }, "undo": "Unmark" },
                "Unmark": { "with": { "k": "= data.k", "why": "= failure.reason" } } },
              "compensation": { "whenStuck": "\(draw.pick(["stop", "continue"]))",
                                "endIn": "Failed" },
              \(deadline()) \(stop)
              "eventRules": { "ambiguous": "\(draw.pick(["early", "late"]))"\(eventRules()) },
              "start": { "Begin": \(begin()) },
              "states": {
                \(states.joined(separator: ",\n    ")),
                \(stop.isEmpty ? "" : #""Cancelled": { "final": "cancelled" }, "#)\
            "Done": { "final": "completed" }, "Failed": { "final": "failed"\(ends) } } }
            """
    }

    private mutating func event(_ name: String) -> String {
        let items = name == "Begin" ? #", "items": "string[]""# : ""
        let rules =
            draw.chance(15)
            ? #", "rules": { "ambiguous": "\#(draw.pick(["early", "late"]))"\#(late()) }"# : ""
        // What confirms has to come anew each time, also where nothing ends the wait for it.
        let unique = name != "Undone" && draw.chance(10) ? #", "uniqueBy": "id""# : ""
        return #"""
            "\#(name)": { "fields": { "k": "string", "n": "integer?", "id": "string",
                  "other": "string?"\#(items) }\#(rules)\#(unique) }
            """#
    }

    private mutating func eventRules() -> String {
        var rules = ""
        let ignores = takes(.silentDrops, 60)
        if ignores || draw.chance(20) {
            let then = ignores ? #", "then": "ignore""# : ""
            rules += #", "early": { "holdFor": "\#(draw.pick(["5m", "3h"]))"\#(then) }"#
        }
        if takes(.silentDrops, 30) {
            rules += #", "unexpected": "ignore""#
        } else if draw.chance(20) {
            rules += #", "unexpected": "incident""#
        }
        return rules + late()
    }

    /// What is done with late events, where that is said.
    private mutating func late() -> String {
        if takes(.lateIgnored, 60) { return #", "late": "ignore""# }
        return draw.chance(8) ? #", "late": "deadLetter""# : ""
    }

    private mutating func begin() -> String {
        let set = #""set": { "k": "= event.k", "items": "= event.items" }"#
        guard draw.chance(25) else { return #"{ \#(set), "goto": "S0" }"# }
        let extra =
            draw.chance(50)
            ? #""emit": ["Tell"]"# : #""emit": ["Mark"], "compensation": ["Unmark"]"#
        return #"""
            [{ "when": "event.id == 'a'", \#(set), \#(extra), "goto": "S0" },
             { "otherwise": true, \#(set), "goto": "S0" }]
            """#
    }

    private mutating func deadline() -> String {
        guard draw.chance(40) else { return "" }
        let reason = draw.chance(50) ? "slow" : "= 'slow ' + \(text(before: count))"
        return #""deadline": { "after": "\#(draw.pick(["9h", "50m"]))", "fail": "\#(reason)" },"#
    }

    /// What holds in any state, but for those behind the point of no return.
    private mutating func stop() -> String {
        guard draw.chance(30) else { return "" }
        let except = (seal + 1..<max(count, seal + 1)).map { "\"S\($0)\"" }
        let others = except.isEmpty ? "" : #", "except": [\#(except.joined(separator: ", "))]"#
        let what = draw.pick([
            #""fail": "stop", "endIn": "Cancelled""#, #""fail": "stop", "endIn": "Cancelled""#,
            #""set": { "id0": "= event.?other" }, "emit": ["Tell"]"#,
        ])
        return #""anyState": { "on": { "Stop": { \#(what) } }\#(others) },"#
    }
}
