// Where a failure leads, and from where on none undoes anything.

extension Definition {
    /// The states that no saga enters before it has passed the point of no return.
    var statesBehindNoReturn: Set<String> {
        var reached: [Bool: Set<String>] = [false: [], true: []]
        var open: [(state: String, isSealed: Bool)] = []
        func follow(_ transitions: [Transition], _ isSealed: Bool) {
            for transition in transitions {
                guard let target = transition.goto else { continue }
                open.append((target, isSealed || transition.pointOfNoReturn))
            }
        }
        for handler in start.values { follow(handler.transitions, false) }
        while let (name, isSealed) = open.popLast() {
            guard let state = state(name), reached[isSealed, default: []].insert(name).inserted
            else { continue }
            var transitions = state.allTransitions
            if let anyState, anyState.holds(in: state) {
                transitions += anyState.on.values.joined()
            }
            // What stays may pass the point of no return as well.
            let canPass = transitions.contains {
                $0.pointOfNoReturn && $0.goto == nil && $0.fail == nil
            }
            follow(transitions, isSealed)
            if canPass { follow(transitions, true) }
        }
        return reached[true, default: []].subtracting(reached[false, default: []])
    }

    /// The state in which a saga ends that failed so; `nil` where the file names none.
    func end(of failure: Failure) -> String? { failure.endIn ?? compensation.endIn }

    /// The states in which a failure in a state can end, in the order of the file.
    ///
    /// The workflow's own end is always among them: a command that is given up leads there.
    func endsOfFailure(in state: State) -> [String] {
        var failures = state.allTransitions.compactMap(\.fail)
        if let anyState, anyState.holds(in: state) {
            let others = anyState.on.filter { state.handler(of: $0.key) == nil }
            failures += others.values.joined().compactMap(\.fail)
        }
        if let deadline { failures.append(deadline.failure) }
        let ends = Set(failures.compactMap(end) + [compensation.endIn].compactMap(\.self))
        return states.map(\.name).filter(ends.contains)
    }
}
