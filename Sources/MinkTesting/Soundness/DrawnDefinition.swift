// Draws workflow files that are sound by construction, or with parts that only an analysis can
// tell from unsound ones.
//
// The states stand in a row: S0 ─▶ S1 ─▶ … ─▶ Done. Each asks for a step and waits for its answer;
// timeouts lead forward, so that every saga ends.

/// A part of the language that is sound in some places and not in others.
///
/// Where it is left out of a drawing, only sound uses are drawn.
package enum RiskyConstruct: String, CaseIterable, Sendable {
    /// A field that may be unset is read as if it were set.
    case unsetReads
    /// Alternatives without a last one that always holds.
    case missingOtherwise
    /// A plain step into a failed state, whatever is on the ledger.
    case gotoFailed
    /// A step is done, and its undo is not armed.
    case missingUndo
    /// An undo that reads a field that may be unset when it is armed.
    case undoOfUnset
    /// A step that fails on or behind the point of no return.
    case failAfterNoReturn
    /// A state without a timeout.
    case noTimeout
    /// A state that nothing ever leads out of.
    case deadEnds
}

/// Draws one workflow file.
package struct DrawnDefinition {
    private var draw: Draw
    private let risks: Set<RiskyConstruct>
    private let count: Int

    /// The text of a drawn file: the same for the same seed and the same risks.
    ///
    /// - Parameters:
    ///   - seed: What is drawn.
    ///   - risks: What is drawn freely.
    /// - Returns: A JSON text.
    package static func text(seed: UInt64, risks: Set<RiskyConstruct> = []) -> String {
        var drawn = DrawnDefinition(seed: seed, risks: risks)
        return drawn.text()
    }

    private init(seed: UInt64, risks: Set<RiskyConstruct>) {
        draw = Draw(seed: seed)
        self.risks = risks
        count = 2 + draw.below(3)
    }

    private mutating func takes(_ risk: RiskyConstruct, _ percent: Int) -> Bool {
        risks.contains(risk) && draw.chance(percent)
    }

    private mutating func text() -> String {
        let states = (0..<count).map { #""S\#($0)": { \#(state($0)) }"# }
        let commands = (0..<count).map { step($0) }
        let events =
            (0..<count).flatMap { ["Done\($0)", "Failed\($0)"] } + ["Go", "Stop", "Begin"]
        let declared = events.map { #""\#($0)": { "fields": \#(Self.fields) }"# }
        let fields = (0..<count).map { #""id\#($0)": "string?""# }
        let deadline = draw.chance(40) ? #""deadline": { "after": "9h", "fail": "slow" },"# : ""
        let stop =
            draw.chance(30)
            ? #""anyState": { "on": { "Stop": { "fail": "stop", "endIn": "Cancelled" } } },"# : ""
        return """
            { "workflow": "Drawn", "version": 1, "correlateBy": "k", "owner": "tests",
              "data": { "k": "string", "n": { "type": "integer", "default": 0 },
                        \(fields.joined(separator: ", ")) },
              "events": { \(declared.joined(separator: ",\n    ")) },
              "commands": { \(commands.joined(separator: ",\n    ")),
                "Tell": { "with": { "k": "= data.k" }, "undo": "none" },
                "Mark": { "with": { "k": "= data.k" }, "undo": "Unmark" },
                "Unmark": { "with": { "k": "= data.k", "why": "= failure.reason" } } },
              "compensation": { "whenStuck": "\(draw.pick(["stop", "continue"]))",
                                "endIn": "Failed" },
              \(deadline) \(stop)
              "eventRules": { "ambiguous": "\(draw.pick(["early", "late"]))" },
              "start": { "Begin": { "set": { "k": "= event.k" }, "goto": "S0" } },
              "states": {
                \(states.joined(separator: ",\n    ")),
                \(stop.isEmpty ? "" : #""Cancelled": { "final": "cancelled" }, "#)\
            "Done": { "final": "completed" }, "Failed": { "final": "failed" } } }
            """
    }

    private static let fields =
        #"{ "k": "string", "n": "integer?", "id": "string", "other": "string?" }"#

    /// A step and its undo.
    private mutating func step(_ number: Int) -> String {
        let reads = takes(.undoOfUnset, 60) ? "= data.id\(number)" : "= data.?id\(number)"
        return #"""
            "Do\#(number)": { "with": { "k": "= data.k", "n": "= data.n" },
              "answers": { "done": "Done\#(number)", "failed": "Failed\#(number)" },
              "undo": "Undo\#(number)" },
            "Undo\#(number)": { "with": { "k": "= data.k", "id": "\#(reads)",
              "why": "= failure.reason" } }
            """#
    }

    private mutating func state(_ number: Int) -> String {
        if takes(.deadEnds, 4) { return #""onEnter": { "emit": ["Tell"] }"# }
        var parts = [
            #""onEnter": { "set": { "n": "= data.n + 1" }, "emit": [\#(emissions(number))] }"#
        ]
        let joins = number > 0 && draw.chance(20)
        if joins {
            parts += waitFor(number)
        } else {
            parts.append(#""on": { \#(handlers(number)) }"#)
        }
        if !takes(.noTimeout, 10) { parts.append(timeout(number)) }
        if draw.chance(15) {
            parts.append(
                #""remind": { "every": "20m", "emit": ["Tell"], "atMost": 2, "then": { "fail": "late" } }"#
            )
        }
        return parts.joined(separator: ",\n        ")
    }

    private mutating func emissions(_ number: Int) -> String {
        let text = read(before: number)
        let delayed = draw.chance(20) ? #", "delay": "5m""# : ""
        var all = [#"{ "command": "Do\#(number)"\#(delayed) }"#]
        if draw.chance(40) { all.append(#"{ "command": "Tell", "with": { "text": "\#(text)" } }"#) }
        return all.joined(separator: ", ")
    }

    /// An expression that yields a text, or none.
    private mutating func read(before number: Int) -> String {
        let field = "id\(draw.below(max(1, number)))"
        if takes(.unsetReads, 50) { return "= data.\(field)" }
        return draw.pick([
            "= data.?\(field)", "= has(data.\(field)) ? data.\(field) : 'none'",
            "= data.?\(field).orValue('none')", "= data.k",
        ])
    }

    private mutating func handlers(_ number: Int) -> String {
        var all = [
            #""Done\#(number)": \#(alternatives { $0.done(number) })"#,
            #""Failed\#(number)": \#(alternatives { $0.refused(number) })"#,
        ]
        if draw.chance(30), number > 0 {
            let earlier = draw.below(number)
            all.append(#""Done\#(earlier)": { \#(repeated(earlier)) }"#)
        }
        if draw.chance(40) { all.append(#""Go": \#(alternatives { $0.move(number) })"#) }
        return all.joined(separator: ",\n          ")
    }

    /// One transition, or a condition and what holds otherwise.
    private mutating func alternatives(
        _ write: (inout DrawnDefinition) -> String
    ) -> String {
        guard draw.chance(40) else { return "{ \(write(&self)) }" }
        let condition = condition()
        let first = #"{ "when": "\#(condition)", \#(write(&self)) }"#
        if takes(.missingOtherwise, 60) { return "[\(first)]" }
        return #"[\#(first), { "otherwise": true, \#(write(&self)) }]"#
    }

    private mutating func condition() -> String {
        if takes(.unsetReads, 25) { return "event.n > 1" }
        return draw.pick([
            "data.n < 3", "event.?n.orValue(0) > 1", "has(event.n) && event.n > 1",
            "data.n % 2 == 0", "event.id == 'a'",
        ])
    }

    /// The step was done: its undo is armed, and the saga goes on.
    private mutating func done(_ number: Int) -> String {
        var parts: [String] = []
        let value = draw.chance(85) ? "= event.id" : "= event.?other"
        parts.append(#""set": { "id\#(number)": "\#(value)" }"#)
        if !takes(.missingUndo, 40) { parts.append(#""compensation": ["Undo\#(number)"]"#) }
        let next = number + 1 < count ? "S\(number + 1)" : "Done"
        if takes(.gotoFailed, 20) {
            return (parts + [#""goto": "Failed""#]).joined(separator: ", ")
        }
        if takes(.failAfterNoReturn, 30) {
            return (parts + [#""pointOfNoReturn": true, "fail": "no""#]).joined(separator: ", ")
        }
        if draw.chance(10) { return (parts + [#""fail": "no""#]).joined(separator: ", ") }
        if next == "Done", draw.chance(30) { parts.append(#""pointOfNoReturn": true"#) }
        return (parts + [#""goto": "\#(next)""#]).joined(separator: ", ")
    }

    private mutating func repeated(_ number: Int) -> String {
        let set = draw.chance(50) ? #""set": { "id\#(number)": "= event.id" }, "# : ""
        return set + #""compensation": ["Undo\#(number)"], "emit": ["Tell"]"#
    }

    private mutating func refused(_ number: Int) -> String {
        switch draw.below(4) {
        case 0: #""emit": [{ "command": "Do\#(number)", "delay": "10m" }]"#
        case 1: #""goto": "S\#(min(number, draw.below(count)))""#
        default: #""fail": "= 'refused: ' + event.id""#
        }
    }

    private mutating func move(_ number: Int) -> String {
        if takes(.gotoFailed, 20) { return #""goto": "Failed""# }
        switch draw.below(5) {
        case 0: return #""ignore": true"#
        case 1: return #""emit": ["Mark"], "compensation": ["Unmark"]"#
        case 2: return #""set": { "id\#(draw.below(count))": "= event.?other" }, "emit": ["Tell"]"#
        case 3: return #""goto": "S\#(draw.below(count))""#
        default: return #""fail": "gone""#
        }
    }

    private mutating func waitFor(_ number: Int) -> [String] {
        let undo = takes(.missingUndo, 40) ? "" : #", "compensation": ["Undo\#(number)"]"#
        let next = number + 1 < count ? "S\(number + 1)" : "Done"
        let last =
            takes(.missingOtherwise, 60)
            ? "" : #", { "otherwise": true, "goto": "\#(next)" }"#
        return [
            #"""
            "waitFor": { "events": {
                  "Done\#(number)": { "set": { "id\#(number)": "= event.id" }\#(undo) },
                  "Go": {} }, "need": \#(draw.pick(["\"all\"", "\"any\""])),
                "others": "\#(draw.pick(["undo", "keep"]))" }
            """#,
            #""onJoin": [{ "when": "data.n < 4", "goto": "\#(next)" }\#(last)]"#,
            #""on": { "Failed\#(number)": { \#(refused(number)) } }"#,
        ]
    }

    /// A timeout leads forward, so that nothing goes in circles by time alone.
    private mutating func timeout(_ number: Int) -> String {
        let next = number + 1 < count ? "S\(number + 1)" : "Done"
        let step = draw.chance(60) ? #""fail": "over""# : #""goto": "\#(next)""#
        guard draw.chance(30) else { return #""timeout": { "after": "1h", \#(step) }"# }
        let last = takes(.missingOtherwise, 60) ? "" : #", { "fail": "over" }"#
        return #"""
            "timeout": { "after": "1h", "then": [{ "when": "data.n < 3", \#(step) }\#(last)] }
            """#
    }
}
