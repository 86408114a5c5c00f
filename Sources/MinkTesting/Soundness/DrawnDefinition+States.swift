// The steps of a drawn workflow, and the states that take them.

extension DrawnDefinition {
    /// A step and its undo.
    mutating func step(_ number: Int) -> String {
        let reads = takes(.undoOfUnset, 60) ? "= data.id\(number)" : "= data.?id\(number)"
        let answers =
            kinds[number] == .tells
            ? "" : #""answers": { "done": "Done\#(number)", "failed": "Failed\#(number)" },"#
        let retry = draw.chance(20) ? #""retry": "\#(draw.pick(["once", "told"]))","# : ""
        let item = kinds[number] == .fansOut ? #", "item": """# : ""
        return #"""
            "Do\#(number)": { "with": { "k": "= data.k", "n": "= data.n" }, \#(answers) \#(retry)
              "undo": "Undo\#(number)" },
            "Undo\#(number)": { "with": { "k": "= data.k", "id": "\#(reads)"\#(item), "n": "= data.n",
              "why": "= failure.reason" }\#(confirmation(number)) }
            """#
    }

    private mutating func confirmation(_ number: Int) -> String {
        guard draw.chance(15) || takes(.unsetConfirmation, 60) else { return "" }
        var when = draw.chance(30) ? #", "when": "event.k == command.k""# : ""
        if takes(.unsetConfirmation, 90) {
            when = #", "when": "data.id\#(number) != 'none' && event.k == data.k""#
        }
        let within = draw.chance(60) ? #", "within": "2h""# : ""
        return #", "confirmedBy": { "event": "Undone"\#(within)\#(when) }"#
    }

    /// The undo of a step, with or without a word on the answer that it belongs to.
    mutating func undo(_ number: Int, with item: String = "") -> String {
        let answer = draw.chance(60) ? #""of": "= meta.id""# : ""
        let with = [item, answer].filter { !$0.isEmpty }.joined(separator: ", ")
        guard !with.isEmpty else { return #""Undo\#(number)""# }
        return #"{ "command": "Undo\#(number)", "with": { \#(with) } }"#
    }

    mutating func state(_ number: Int) -> String {
        if takes(.deadEnds, 10) { return #""onEnter": { "emit": ["Tell"] }"# }
        var parts = [entry(number)]
        switch kinds[number] {
        case .asks, .tells: parts.append(#""on": { \#(handlers(number)) }"#)
        case .joins: parts += waitFor(number)
        case .fansOut: parts += forEach(number)
        }
        if !takes(.noTimeout, 50) { parts.append(timeout(number)) }
        if draw.chance(15) { parts.append(reminder(number)) }
        return parts.joined(separator: ",\n        ")
    }

    private mutating func entry(_ number: Int) -> String {
        var set = #""n": "= data.n + 1""#
        if draw.chance(8) { set += #", "id\#(draw.below(count))": null"# }
        let undo =
            kinds[number] == .tells && !takes(.missingUndo, 40)
            ? #""compensation": ["Undo\#(number)"], "# : ""
        return #""onEnter": { "set": { \#(set) }, \#(undo)"emit": [\#(emissions(number))] }"#
    }

    private mutating func emissions(_ number: Int) -> String {
        var all: [String] = []
        if kinds[number] != .fansOut {
            let isPlain = kinds[number] == .tells || !draw.chance(20)
            let delayed = isPlain ? "" : #", "delay": "5m"\#(kept())"#
            all.append(#"{ "command": "Do\#(number)"\#(delayed) }"#)
        }
        if draw.chance(40) || all.isEmpty {
            let text = read(before: number)
            all.append(#"{ "command": "Tell", "with": { "text": "\#(text)" } }"#)
        }
        if number + 1 < count, kinds[number + 1] == .asks, draw.chance(15) {
            all.append(#""Do\#(number + 1)""#)  // Ahead of the state that takes the answer.
        }
        return all.joined(separator: ", ")
    }

    private mutating func kept() -> String { draw.chance(30) ? #", "keep": true"# : "" }

    private mutating func handlers(_ number: Int) -> String {
        var all: [String] = []
        if kinds[number] == .tells {
            all.append(#""Do\#(number).done": \#(alternatives(false) { $0.told(number) })"#)
        } else {
            all.append(#""Done\#(number)": \#(alternatives { $0.done(number) })"#)
            all.append(#""Failed\#(number)": \#(alternatives { $0.refused(number) })"#)
        }
        if draw.chance(25) {
            all.append(#""Do\#(number).failed": \#(alternatives(false) { $0.refused(number) })"#)
        }
        all += repeats(number)
        if draw.chance(40) { all.append(#""Go": \#(alternatives { $0.move(number) })"#) }
        return all.joined(separator: ",\n          ")
    }

    /// An answer to an earlier step that is taken here too.
    private mutating func repeats(_ number: Int) -> [String] {
        guard draw.chance(30), number > 0 else { return [] }
        let earlier = draw.below(number)
        guard kinds[earlier] == .asks || kinds[earlier] == .joins else { return [] }
        return [#""Done\#(earlier)": { \#(repeated(earlier)) }"#]
    }

    private mutating func waitFor(_ number: Int) -> [String] {
        let undo = takes(.missingUndo, 40) ? "" : #", "compensation": [\#(undo(number))]"#
        let guarded = takes(.missingOtherwise, 30) ? #""when": "data.n < 3", "# : ""
        let need = draw.pick(["\"all\"", "\"any\"", "1", "\"= data.n > 2 ? 1 : 2\""])
        return [
            #"""
            "waitFor": { "events": {
                  "Done\#(number)": { \#(guarded)"set": { "id\#(number)": "= event.id" }\#(undo) },
                  "Go": {} }, "need": \#(need),
                "others": "\#(draw.pick(["undo", "keep"]))" }
            """#,
            onJoin(number, "data.n < 4"),
            #""on": { "Failed\#(number)": { \#(refused(number)) } }"#,
        ]
    }

    private mutating func forEach(_ number: Int) -> [String] {
        let undo =
            takes(.missingUndo, 40)
            ? ""
            : #""compensation": [\#(undo(number, with: #""item": "= line""#))]"#
        let need = draw.pick(["\"all\"", "\"any\"", "2"])
        let most = draw.chance(40) ? #""maxConcurrent": 1, "# : ""
        let matching = draw.chance(60) ? #""matchEvent": "= event.id", "# : ""
        return [
            #"""
            "forEach": { "in": "= data.items", "as": "line", "key": "= line", \#(matching)\#(most)
                "emit": [{ "command": "Do\#(number)", "with": { "item": "= line" } }],
                "done": { "Done\#(number)": { \#(undo) } }, "failed": { "Failed\#(number)": {} },
                "need": \#(need), "others": "\#(draw.pick(["undo", "keep"]))",
                "whenImpossible": "\#(draw.pick(["now", "waitForTheRest"]))" }
            """#,
            onJoin(number, "join.succeeded >= 1"),
        ]
    }

    private mutating func onJoin(_ number: Int, _ condition: String) -> String {
        let go = #""goto": "\#(next(after: number))""#
        let other = mayFail(number) && draw.chance(50) ? #""fail": "too few""# : go
        let last = takes(.missingOtherwise, 60) ? "" : #", { "otherwise": true, \#(other) }"#
        return #""onJoin": [{ "when": "\#(condition)", \#(go) }\#(last)]"#
    }

    /// A timeout leads forward, so that nothing goes in circles by time alone.
    private mutating func timeout(_ number: Int) -> String {
        let after = draw.chance(80) ? "1h" : "= duration('40m')"
        let step = giveUp(number, "over")
        guard draw.chance(30) else { return #""timeout": { "after": "\#(after)", \#(step) }"# }
        let end = giveUp(number, "at last")
        let last = takes(.missingOtherwise, 60) ? "" : #", { \#(end) }"#
        return #"""
            "timeout": { "after": "\#(after)",
                "then": [{ "when": "data.n < 3", \#(step) }\#(last)] }
            """#
    }

    private mutating func reminder(_ number: Int) -> String {
        let then = draw.chance(70) ? #", "then": { \#(giveUp(number, "late")) }"# : ""
        let sends = draw.chance(70) ? "Tell" : "Mark"
        let what =
            sends == "Tell" || takes(.missingUndo, 100)
            ? "\"\(sends)\""
            : #"{ "command": "Tell", "with": { "text": "\#(read(before: number))" } }"#
        return #""remind": { "every": "20m", "emit": [\#(what)], "atMost": 2\#(then) }"#
    }
}
