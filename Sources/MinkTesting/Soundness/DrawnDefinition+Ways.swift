// What the states of a drawn workflow read, decide and do.

extension DrawnDefinition {
    /// Whether a state lies before the point of no return, so that a saga may still fail there.
    mutating func mayFail(_ number: Int) -> Bool { number <= seal || takes(.failAfterNoReturn, 50) }

    /// An expression that yields a text, or none.
    mutating func read(before number: Int) -> String {
        if takes(.unsetReads, 50) { return "= data.id\(draw.below(max(1, number)))" }
        if draw.chance(25) { return "= data.?id\(draw.below(max(1, number)))" }
        return "= " + text(before: number)
    }

    /// An expression that always yields a text.
    mutating func text(before number: Int) -> String {
        let field = "id\(draw.below(max(1, number)))"
        if takes(.unsetReads, 30) { return "data.\(field)" }
        if takes(.computedNames, 40) { return "string(data['id' + '\(field.dropFirst(2))'])" }
        return draw.pick([
            "(has(data.\(field)) ? data.\(field) : 'none')",
            "(!has(data.\(field)) || data.n > 5 ? 'none' : data.\(field))",
            "data.?\(field).orValue('none')", "data.k",
        ])
    }

    /// One transition, or a condition and what holds otherwise.
    mutating func alternatives(
        _ hasPayload: Bool = true, _ write: (inout DrawnDefinition) -> String
    ) -> String {
        guard draw.chance(40) else { return "{ \(write(&self)) }" }
        let condition = hasPayload ? condition() : "data.n < 3"
        let first = #"{ "when": "\#(condition)", \#(write(&self)) }"#
        if takes(.missingOtherwise, 60) { return "[\(first)]" }
        return #"[\#(first), { "otherwise": true, \#(write(&self)) }]"#
    }

    private mutating func condition() -> String {
        if takes(.unsetReads, 25) { return "event.n > 1" }
        if takes(.unsetReads, 25) { return "data.id\(draw.below(count)) == 'a'" }
        let field = "data.id\(draw.below(count))"
        return draw.pick([
            "data.n < 3", "event.?n.orValue(0) > 1", "has(event.n) && event.n > 1",
            "data.n % 2 == 0", "event.id == 'a'", "has(\(field)) && \(field) == 'b'",
            "has(\(field))",
        ])
    }

    /// The step was done: its undo is armed, and the saga goes on.
    mutating func done(_ number: Int) -> String {
        var parts: [String] = []
        let value = draw.chance(85) ? "= event.id" : "= event.?other"
        parts.append(#""set": { "id\#(number)": "\#(value)" }"#)
        if !takes(.missingUndo, 40) { parts.append(#""compensation": [\#(undo(number))]"#) }
        return (parts + goOn(number)).joined(separator: ", ")
    }

    /// A step without an answer was taken over.
    mutating func told(_ number: Int) -> String {
        ([#""set": { "id\#(number)": "x" }"#] + goOn(number)).joined(separator: ", ")
    }

    private mutating func goOn(_ number: Int) -> [String] {
        if takes(.gotoFailed, 20) { return [#""goto": "Failed""#] }
        if takes(.failAfterNoReturn, 50) { return [#""pointOfNoReturn": true, "fail": "no""#] }
        if draw.chance(10), mayFail(number) { return [#""fail": "no""#] }
        var parts: [String] = []
        if number == seal || number + 1 == count && draw.chance(30) {
            parts.append(#""pointOfNoReturn": true"#)
        }
        return parts + [#""goto": "\#(next(after: number))""#]
    }

    mutating func repeated(_ number: Int) -> String {
        let set = draw.chance(50) ? #""set": { "id\#(number)": "= event.id" }, "# : ""
        if takes(.missingUndo, 50) { return set + #""emit": ["Tell"]"# }
        return set + #""compensation": [\#(undo(number))], "emit": ["Tell"]"#
    }

    mutating func refused(_ number: Int) -> String {
        switch draw.below(5) {
        case 0 where kinds[number] != .fansOut && kinds[number] != .tells:
            #""emit": [{ "command": "Do\#(number)", "delay": "10m" }]"#
        case 1: #""goto": "S\#(back(from: number))""#
        case 2: #""set": { "id\#(number)": null }, "goto": "\#(next(after: number))""#
        default: mayFail(number) ? #""fail": "refused""# : #""goto": "\#(next(after: number))""#
        }
    }

    mutating func move(_ number: Int) -> String {
        if takes(.gotoFailed, 20) { return #""goto": "Failed""# }
        switch draw.below(6) {
        case 0: return #""ignore": true"#
        case 1:
            let undo = takes(.missingUndo, 40) ? "" : #", "compensation": ["Unmark"]"#
            return #""emit": ["Mark"]\#(undo)"#
        case 2: return #""set": { "id\#(draw.below(count))": "= event.?other" }, "emit": ["Tell"]"#
        case 3: return #""goto": "S\#(back(from: number))""#
        case 4: return #""goto": "\#(draw.chance(50) ? "Done" : next(after: number))""#
        default:
            guard mayFail(number) else { return #""goto": "Done""# }
            return #""fail": "= 'gone ' + \#(text(before: count))""#
        }
    }

    /// A state at or before another, on the same side of the point of no return.
    private mutating func back(from number: Int) -> Int {
        guard number > seal else { return draw.below(number + 1) }
        return seal + 1 + draw.below(number - seal)
    }

    /// What time alone leads to.
    mutating func giveUp(_ number: Int, _ reason: String) -> String {
        if draw.chance(60), mayFail(number) { return #""fail": "\#(reason)""# }
        return #""goto": "\#(next(after: number))""#
    }
}
