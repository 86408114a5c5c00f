// Compares what states gather: several events in any order, or one branch for each item of a list.
import MinkExpression

extension DefinitionComparison {
    mutating func compareJoins(_ was: State, _ now: State, of name: String) {
        let outer = pointer
        switch (was.join, now.join) {
        case (.waitFor(let before), .waitFor(let after)):
            pointer = outer + "/waitFor"
            compareParts(
                Self.byEvent(before.parts), Self.byEvent(after.parts), of: name, under: "/events")
            compareNeed(before.need, after.need, before.others, after.others, of: name)
        case (.forEach(let before), .forEach(let after)):
            pointer = outer + "/forEach"
            compare(before, after, of: name)
        case (nil, nil): break
        default:
            note(
                .needsMapping, "\(name) gathers its answers in another way",
                rule: migration == nil || isMapped(was) ? nil : .badMigrateMap,
                help: "sagas that wait there can not be moved; say under \"migrate\" where they go")
        }
        pointer = outer + "/onJoin"
        compare(was.onJoin, now.onJoin, where: "\(name), when all have come together")
        pointer = outer
    }

    private static func byEvent(_ parts: [JoinPart]) -> [String: JoinPart] {
        Dictionary(parts.map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func compareParts(
        _ was: [String: JoinPart], _ now: [String: JoinPart], of name: String, under key: String
    ) {
        let outer = pointer
        for event in Set(was.keys).union(now.keys).sorted() {
            pointer = "\(outer)\(key)/\(event.pointerStep)"
            let place = "\(name) on \(event)"
            switch (was[event], now[event]) {
            case (let before?, let after?):
                if !before.when.asks(after.when) {
                    note(.newOnly, "\(place): counts under another condition", at: "/when")
                }
                compare(before.set, after.set, where: place)
                compareUndo(before.compensation, after.compensation, where: place)
            case (nil, _?): note(.newOnly, "\(name) gathers \(event) too")
            case (let before?, nil):
                note(
                    .newOnly, "\(name) does not gather \(event) any more",
                    rule: before.compensation.isEmpty ? nil : .undoChanged)
            case (nil, nil): break
            }
        }
        pointer = outer
    }

    private mutating func compareNeed(
        _ was: Need, _ now: Need, _ othersWere: Others, _ others: Others, of name: String
    ) {
        if !was.means(now) { note(.newOnly, "\(name): needs \(now.inWords)", at: "/need") }
        if othersWere != others {
            note(.newOnly, "\(name): other successes: \(others.rawValue)", at: "/others")
        }
    }

    private mutating func compare(_ was: ForEach, _ now: ForEach, of name: String) {
        let expressions: [(String, LocatedExpression?, LocatedExpression?)] = [
            ("in", was.items, now.items), ("key", was.key, now.key),
            ("matchEvent", was.matchEvent, now.matchEvent),
        ]
        for (key, before, after) in expressions where !before.asks(after) {
            note(
                .newOnly,
                "\(name): \"\(key)\" is \(after?.expression.trimmedText ?? "not said") now",
                at: "/\(key)")
        }
        if was.maxConcurrent != now.maxConcurrent {
            let most = now.maxConcurrent.map { "at most \($0)" } ?? "all"
            note(.newOnly, "\(name): works on \(most) at once", at: "/maxConcurrent")
        }
        compare(was.emit, now.emit, where: "\(name), for each item")
        compareParts(was.done, now.done, of: name, under: "/done")
        compareParts(was.failed, now.failed, of: name, under: "/failed")
        compareNeed(was.need, now.need, was.others, now.others, of: name)
        if was.whenImpossible != now.whenImpossible {
            note(
                .newOnly, "\(name): when impossible: \(now.whenImpossible.rawValue)",
                at: "/whenImpossible")
        }
    }
}

extension Need {
    fileprivate func means(_ other: Need) -> Bool {
        switch (self, other) {
        case (.all, .all), (.any, .any): true
        case (.count(let was), .count(let now)): was.means(now)
        default: false
        }
    }

    fileprivate var inWords: String {
        switch self {
        case .all: "all"
        case .any: "any"
        case .count(let count): count.inWords
        }
    }
}
