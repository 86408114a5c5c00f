// Draws small workflows that use every part of the language.
import MinkDefinition
import MinkTesting

/// Draws a workflow of two to four states that wait, and three that end.
struct RandomWorkflow {
    private var draw: Draw
    private let states: [String]
    private static let events = ["Go", "Back", "Fail", "Paid", "Extra"]

    static func text(seed: UInt64) -> String {
        var workflow = RandomWorkflow(seed: seed)
        return workflow.text()
    }

    private init(seed: UInt64) {
        draw = Draw(seed: seed)
        states = (0..<(2 + draw.below(3))).map { "S\($0)" }
    }

    private mutating func text() -> String {
        let bodies = states.map { #""\#($0)": { \#(state()) }"# }.joined(separator: ",\n    ")
        let anyState =
            draw.chance(30)
            ? #""anyState": { "on": { "Stop": { "fail": "stopped", "endIn": "Cancelled" } } },"#
            : ""
        let deadline = draw.chance(40) ? #""deadline": { "after": "5h", "fail": "slow" },"# : ""
        let late = draw.pick(["compensate", "compensate", "compensate", "ignore", "deadLetter"])
        let unexpected = draw.pick(["deadLetter", "deadLetter", "ignore", "incident"])
        let whenStuck = draw.pick(["stop", "stop", "continue"])
        let told = draw.chance(50) ? #", "onEnter": { "emit": ["Tell"] }"# : ""
        return """
            { "workflow": "Drawn", "version": 1, "correlateBy": "k", "owner": "tests",
              "data": { "k": "string", "n": { "type": "integer", "default": 0 }, "id": "string?",
                        "list": { "type": "any[]", "default": [] } },
              "events": { \(declarations()) },
              "retryPolicies": { "ask": { "attempts": 2, "whenExhausted": "incident" } },
              "commands": { \(commands()) },
              "compensation": { "whenStuck": "\(whenStuck)", "endIn": "Failed" },
              \(deadline) \(anyState)
              "eventRules": { "ambiguous": "\(draw.pick(["early", "late"]))", "late": "\(late)",
                              "unexpected": "\(unexpected)" },
              "limits": { "transitions": \(draw.pick([6, 1000])),
                          "commands": \(draw.pick([6, 1000])), "held": \(draw.pick([1, 100])) },
              "start": { "Begin": \(start()) },
              "states": {
                \(bodies),
                "Done": { "final": "completed"\(told) },
                "Failed": { "final": "failed", "onEnter": { "emit": [
                    { "command": "Tell", "with": { "why": "= failure.?reason" } }] } },
                "Cancelled": { "final": "cancelled" } } }
            """
    }

    private mutating func start() -> String {
        let set =
            #""set": { "k": "= event.k", "list": "= event.?list.orValue([])" }, "goto": "S0""#
        switch draw.below(4) {
        case 0: return #"[{ "when": "event.?n.orValue(1) > 0", \#(set) }]"#
        case 1: return #"{ \#(set), "compensation": ["Undo"] }"#
        case 2: return #"[{ "when": "6 / event.?n.orValue(1) > 1", \#(set) }]"#
        default: return #"{ \#(set) }"#
        }
    }

    private mutating func declarations() -> String {
        (Self.events + ["Begin", "Done1", "Failed1", "Confirm", "Refuse", "Stop"]).map {
            let unique = $0 == "Paid" ? #", "uniqueBy": "id""# : ""
            return #""\#($0)": { "fields": \#(Small.fields)\#(unique) }"#
        }.joined(separator: ", ")
    }

    private mutating func commands() -> String {
        let confirmed =
            draw.chance(50)
            ? #", "confirmedBy": { "event": "Confirm", "within": "1h", "failedBy": "Refuse" }"# : ""
        let ask = draw.chance(40) ? #", "retry": "ask""# : ""
        return #"""
            "Tell": { "with": { "k": "= data.k" }\#(ask) },
            "Do": { "with": { "k": "= data.k", "n": "= data.n" } },
            "Item": { "with": { "k": "= data.k" } },
            "Undo": { "with": { "k": "= data.k", "n": "= data.n", "why": "= failure.reason" } },
            "Refund": { "with": { "k": "= data.k", "id": "= data.?id" }\#(confirmed) }
            """#
    }

    private mutating func state() -> String {
        var parts: [String] = []
        if draw.chance(60) {
            let delayed = draw.pick(
                ["", "", #", "delay": "30m""#, #", "delay": "30m", "keep": true"#])
            let compensation = draw.chance(20) ? #""compensation": ["Undo"], "# : ""
            parts.append(
                #"""
                "onEnter": { "set": { "n": "= data.n + 1" }, \#(compensation)
                             "emit": [{ "command": "Do"\#(delayed) }] }
                """#)
        }
        switch draw.below(4) {
        case 0: parts += waitFor()
        case 1: parts += forEach()
        default: break
        }
        var handlers = Self.events.filter { _ in draw.chance(50) }.filter { name in
            !parts.contains { $0.contains(#""\#(name)":"#) }
        }.map { #""\#($0)": \#(transitions())"# }
        if draw.chance(30) { handlers.append(#""Do.failed": \#(transitions())"#) }
        if draw.chance(30) { handlers.append(#""Do.done": \#(transitions())"#) }
        if !handlers.isEmpty { parts.append(#""on": { \#(handlers.joined(separator: ", ")) }"#) }
        if draw.chance(70) || handlers.isEmpty {
            parts.append(#""timeout": { "after": "1h", \#(end()) }"#)
        }
        if draw.chance(20) {
            parts.append(
                #"""
                "remind": { "every": "20m", "emit": ["Tell"], "atMost": 2,
                            "then": { \#(end()) } }
                """#)
        }
        return parts.joined(separator: ", ")
    }

    private mutating func waitFor() -> [String] {
        [
            #"""
            "waitFor": { "events": {
                "Paid": { "set": { "id": "= event.?id" }, "compensation": ["Refund"] },
                "Extra": { "when": "event.?n.orValue(1) > 0", "compensation": ["Undo"] } },
              "need": \#(draw.pick(["\"all\"", "\"any\"", "1"])),
              "others": "\#(draw.pick(["undo", "keep"]))" }
            """#,
            #""onJoin": { \#(end()) }"#,
        ]
    }

    private mutating func forEach() -> [String] {
        let concurrent = draw.chance(50) ? #""maxConcurrent": \#(1 + draw.below(2)), "# : ""
        return [
            #"""
            "forEach": { "in": "= data.list", "as": "item", "key": "= item",
              "matchEvent": "= event.?id.orValue('')", \#(concurrent)
              "emit": [{ "command": "Item", "with": { "item": "= item" } }],
              "done": { "Done1": { "set": { "id": "= event.?id" },
                "compensation": [{ "command": "Undo", "with": { "item": "= item" } }] } },
              "failed": { "Failed1": {} },
              "need": \#(draw.pick(["\"all\"", "\"any\"", "2", "\"= data.n\""])),
              "whenImpossible": "\#(draw.pick(["now", "waitForTheRest"]))",
              "others": "\#(draw.pick(["undo", "keep"]))" }
            """#,
            #"""
            "onJoin": [{ "when": "join.succeeded > 0", \#(end()) },
                       { "otherwise": true, "fail": "none" }]
            """#,
        ]
    }

    private mutating func transitions() -> String {
        switch draw.below(6) {
        case 0: #"{ "ignore": true }"#
        case 1: #"[{ "when": "data.n < 3", \#(step()) }, { "otherwise": true, "fail": "often" }]"#
        case 2: #"[{ "when": "data.n % 2 == 0", \#(step()) }]"#
        default: #"{ \#(step()) }"#
        }
    }

    private mutating func step() -> String {
        var parts: [String] = []
        if draw.chance(50) { parts.append(#""set": { "n": "= data.n + 1" }"#) }
        if draw.chance(10) { parts.append(#""set": { "n": "= 6 / data.n" }"#) }
        if parts.count > 1 { parts.removeLast() }
        if draw.chance(40) {
            parts.append(#""compensation": ["\#(draw.pick(["Undo", "Refund"]))"]"#)
        }
        if draw.chance(5) { parts.append(#""pointOfNoReturn": true"#) }
        if draw.chance(20) {
            parts.append(#""fail": "= 'no ' + string(data.n)""#)
            return parts.joined(separator: ", ")
        }
        if draw.chance(40) {
            let delayed = draw.chance(30) ? #", "delay": "10m""# : ""
            parts.append(#""emit": [{ "command": "Do"\#(delayed) }]"#)
        }
        if draw.chance(60) { parts.append(#""goto": "\#(draw.pick(states + ["Done"]))""#) }
        return parts.isEmpty ? #""emit": ["Tell"]"# : parts.joined(separator: ", ")
    }

    private mutating func end() -> String {
        draw.chance(40)
            ? #""fail": "over", "endIn": "\#(draw.pick(["Failed", "Cancelled"]))""#
            : #""goto": "\#(draw.pick(states + ["Done"]))""#
    }
}
