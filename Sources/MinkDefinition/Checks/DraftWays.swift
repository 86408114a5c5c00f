// The ways through the states of a draft, and how long they take.
import MinkExpression

/// The steps between the states of one draft, by their numbers.
struct DraftWays {
    private let draft: Draft
    private let graph: StateGraph
    private let next: [[Int]]
    private let previous: [[Int]]
    private let entering: [[TransitionDraft]]
    /// The states in whose visits each command is sent.
    private var sending: [String: [Int]] = [:]
    /// The commands that each event answers.
    private var asking: [String: [String]] = [:]
    /// How long each state can last; nothing where that is not written.
    private let waits: [Duration]
    /// Where `anyState` can lead, and where it can without the point of no return.
    private let anyTargets: (all: [Int], early: [Int])
    /// Whether an event of `anyState` can lead on.
    private let anyStateLeads: Bool

    init(_ draft: Draft, graph: StateGraph) {
        self.draft = draft
        self.graph = graph
        let anywhere = draft.anyState?.on.flatMap(\.transitions) ?? []
        anyStateLeads = anywhere.contains { $0.goto != nil || $0.fail != nil }
        let except = Set(draft.anyState?.except.map(\.value) ?? [])
        waits = draft.states.map { $0.timeout?.duration ?? .zero }
        var next: [[Int]] = []
        var entering: [[TransitionDraft]] = Array(repeating: [], count: draft.states.count)
        func note(_ transition: TransitionDraft) -> Int? {
            guard let goto = transition.goto, let number = graph.number(of: goto.value),
                entering.indices.contains(number)
            else { return nil }
            entering[number].append(transition)
            return number
        }
        let anyTargets = Set(anywhere.compactMap(note)).sorted()
        let earlyTargets = anywhere.filter { !$0.pointOfNoReturn }.compactMap {
            $0.goto.flatMap { graph.number(of: $0.value) }
        }
        for transition in draft.start.flatMap(\.transitions) { _ = note(transition) }
        for state in draft.states {
            let isEverywhere = !state.isFinal && !except.contains(state.name.value)
            let own = state.transitions.compactMap(note)
            next.append(isEverywhere ? own + anyTargets : own)
        }
        self.anyTargets = (anyTargets, Set(earlyTargets).sorted())
        self.next = next
        var previous: [[Int]] = Array(repeating: [], count: draft.states.count)
        for (number, targets) in next.enumerated() {
            for target in targets { previous[target].append(number) }
        }
        self.previous = previous
        self.entering = entering
        noteCommands()
    }

    private mutating func noteCommands() {
        for (number, state) in draft.states.enumerated() {
            note(state.onEnter.emit, in: number)
            note(state.forEach?.emit ?? [], in: number)
            note(state.remind?.emit ?? [], in: number)
            for transition in state.transitions where transition.goto == nil {
                note(transition.emit, in: number)
            }
            for transition in entering[number] { note(transition.emit, in: number) }
        }
        for command in draft.commands {
            for event in command.doneBy + command.failedBy {
                asking[event.value, default: []].append(command.name.value)
            }
        }
    }

    private mutating func note(_ emissions: [EmissionDraft], in number: Int) {
        for emission in emissions {
            sending[emission.use.command.value, default: []].append(number)
        }
    }

    /// The transitions that enter a state.
    func transitions(into state: String) -> [TransitionDraft] {
        graph.number(of: state).map { entering[$0] } ?? []
    }

    private func name(_ number: Int) -> String { draft.states[number].name.value }

    private func targets(of transitions: [TransitionDraft]) -> [Int] {
        transitions.compactMap(target)
    }

    private func target(of transition: TransitionDraft) -> Int? {
        guard let goto = transition.goto, let number = graph.number(of: goto.value),
            draft.states.indices.contains(number)
        else { return nil }
        return number
    }

    private var firstStates: [Int] { targets(of: draft.start.flatMap(\.transitions)) }

    /// Whether each state can be reached without passing the point of no return.
    var isBeforeNoReturn: [Bool] {
        var reached = Array(repeating: false, count: draft.states.count)
        var open = targets(
            of: draft.start.flatMap(\.transitions).filter { !$0.pointOfNoReturn })
        while let number = open.popLast() {
            guard !reached[number] else { continue }
            reached[number] = true
            let state = draft.states[number]
            for transition in state.transitions where !transition.pointOfNoReturn {
                if let target = target(of: transition) { open.append(target) }
            }
            if !state.isFinal { open += anyTargets.early }
        }
        return reached
    }

    // MARK: The fastest way

    /// The shortest time in which the saga can come to an end, where it has to wait for times only.
    func fastestWay() -> (end: String, wait: Duration)? {
        var shortest: [Int: Duration] = [:]
        for number in firstStates { shortest[number] = .zero }
        var open = Set(shortest.keys)
        func isNearer(_ left: Int, _ right: Int) -> Bool {
            (shortest[left] ?? .zero, left) < (shortest[right] ?? .zero, right)
        }
        while let number = open.min(by: isNearer), let wait = shortest[number] {
            open.remove(number)
            if draft.states[number].isFinal { return (name(number), wait) }
            let leaving = wait + leastWait(in: number)
            for target in next[number] where shortest[target].map({ leaving < $0 }) ?? true {
                shortest[target] = leaving
                open.insert(target)
            }
        }
        return nil
    }

    /// How long the saga stays at least: nothing where an event can lead on.
    private func leastWait(in number: Int) -> Duration {
        let state = draft.states[number]
        let leaves = state.on.contains { handler in
            handler.transitions.contains { $0.goto != nil || $0.fail != nil }
        }
        return leaves || anyStateLeads || state.waitFor != nil || state.forEach != nil
            ? .zero : waits[number]
    }

    // MARK: Waits before an event

    /// The longest time that an event may have to be held: from its arrival in a state that does not
    /// take it to the state that does.
    func longestWait(
        before event: String, isLateOnceSeen: Bool
    ) -> (state: String, time: Duration)? {
        guard let taking = graph.handlers(of: event) else { return nil }
        var candidates = StateSet(capacity: draft.states.count)
        for origin in origins(of: event) {
            candidates.insert(origin)
            candidates.formUnion(graph.reachable(from: origin))
        }
        candidates.subtract(taking)
        if isLateOnceSeen {
            for number in taking.members { candidates.subtract(graph.reachable(from: number)) }
        }
        let early = candidates.members.filter { graph.reachable(from: $0).intersects(taking) }
        guard !early.isEmpty else { return nil }
        let waits = waits(in: early, until: taking)
        let longest = early.max { (waits[$0] ?? .zero, $1) < (waits[$1] ?? .zero, $0) }
        return longest.map { (name($0), waits[$0] ?? .zero) }
    }

    /// The states in which an event can come first: those that ask for it, else all.
    private func origins(of event: String) -> [Int] {
        guard let commands = asking[event] else { return firstStates }
        return commands.flatMap { sending[$0] ?? [] }
    }

    /// For each state the time to the nearest of some others, when every state lasts as long as it
    /// can.
    private func waits(in states: [Int], until targets: StateSet) -> [Int: Duration] {
        let inside = Set(states)
        var found: [Int: Duration] = [:]
        var open: [Int] = []
        for number in states where next[number].contains(where: targets.contains) {
            found[number] = waits[number]
            open.append(number)
        }
        var place = 0
        while place < open.count, place < 16 * states.count {
            let onward = found[open[place]] ?? .zero
            place += 1
            for number in previous[open[place - 1]] where inside.contains(number) {
                let wait = onward + waits[number]
                guard found[number].map({ wait < $0 }) ?? true else { continue }
                found[number] = wait
                open.append(number)
            }
        }
        return place < open.count ? [:] : found
    }
}
