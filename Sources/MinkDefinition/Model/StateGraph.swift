// Which states can come after which, by one step or many.

/// The closure of the steps between states.
struct StateGraph: Sendable {
    private var reached: [String: Set<String>] = [:]

    init(states: [State], anyState: AnyState?) {
        var steps: [String: Set<String>] = [:]
        for state in states {
            var targets = Set(state.allTransitions.compactMap(\.goto))
            if let anyState, !state.isFinal, !anyState.except.contains(state.name) {
                targets.formUnion(anyState.on.values.joined().compactMap(\.goto))
            }
            steps[state.name] = targets
        }
        for state in states {
            var seen: Set<String> = []
            var open = Array(steps[state.name] ?? [])
            while let next = open.popLast() {
                guard seen.insert(next).inserted else { continue }
                open.append(contentsOf: steps[next] ?? [])
            }
            reached[state.name] = seen
        }
    }

    /// The states that can come after this one; it is among them when a circle leads back.
    func reachable(from state: String) -> Set<String> {
        reached[state] ?? []
    }
}

extension State {
    /// Every transition that can leave this state or happen in it.
    package var allTransitions: [Transition] {
        var all = Array(on.values.joined())
        all += onOutcome.values.joined()
        all += timeout?.transitions ?? []
        all += remind?.then ?? []
        all += onJoin
        return all
    }
}
