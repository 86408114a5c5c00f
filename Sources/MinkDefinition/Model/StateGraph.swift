// Which states can come after which, by one step or many, and which of them handle an event.
//
// States that lead to each other in circles share one answer, so the work grows with the number of
// steps, and the memory with one bit for each pair of circles and states.

/// The closure of the steps between states.
struct StateGraph: Sendable {
    private let names: [String]
    private let numbers: [String: Int]
    /// The circle of each state; a state that is in none is one of its own.
    private let circleOfState: [Int]
    /// The states that come after those of a circle.
    private let reached: [StateSet]
    private let handling: [String: StateSet]

    init(states: [State], anyState: AnyState?) {
        names = states.map(\.name)
        let numbers = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.numbers = numbers
        let anywhere = anyState?.on.values.joined().compactMap { $0.goto.flatMap { numbers[$0] } }
        // The state that has a target among its own already.
        var owner = Array(repeating: -1, count: states.count)
        let steps = states.enumerated().map { number, state in
            var targets: [Int] = []
            func add(_ target: Int) {
                guard owner[target] != number else { return }
                owner[target] = number
                targets.append(target)
            }
            state.forEachTransition { transition in
                if let target = transition.goto.flatMap({ numbers[$0] }) { add(target) }
            }
            if let anywhere, anyState?.holds(in: state) == true { anywhere.forEach(add) }
            return targets
        }
        var search = CircleSearch(steps: steps)
        search.run()
        circleOfState = search.circleOfState
        reached = Self.closure(of: search.circles, search.circleOfState, steps)
        handling = Self.handlers(of: states, anyState)
    }

    /// The states that can come after this one; it is among them when a circle leads back.
    func reachable(from state: String) -> Set<String> {
        guard let number = numbers[state] else { return [] }
        return Set(reached[circleOfState[number]].members.map { names[$0] })
    }

    /// The numbers of the states that can come after one with a number.
    func reachable(from number: Int) -> StateSet { reached[circleOfState[number]] }

    /// The numbers of the states that handle an event; `nil` when none does.
    func handlers(of event: String) -> StateSet? { handling[event] }

    /// The number of a state, its place in the file.
    func number(of state: String) -> Int? { numbers[state] }

    /// Whether a state that can come after this one handles an event.
    func canReachHandler(of event: String, from state: String) -> Bool {
        guard let number = numbers[state], let handlers = handling[event] else { return false }
        return reached[circleOfState[number]].intersects(handlers)
    }

    /// Circles come in an order in which all that follows one stands before it.
    private static func closure(
        of circles: [[Int]], _ circleOfState: [Int], _ steps: [[Int]]
    ) -> [StateSet] {
        var reached: [StateSet] = []
        reached.reserveCapacity(circles.count)
        // The circle that has taken over what follows another already.
        var owner = Array(repeating: -1, count: circles.count)
        for (number, circle) in circles.enumerated() {
            var set = StateSet(capacity: steps.count)
            for state in circle {
                for target in steps[state] {
                    set.insert(target)
                    let follower = circleOfState[target]
                    guard follower != number, owner[follower] != number else { continue }
                    owner[follower] = number
                    set.formUnion(reached[follower])
                }
            }
            reached.append(set)
        }
        return reached
    }

    private static func handlers(
        of states: [State], _ anyState: AnyState?
    ) -> [String: StateSet] {
        var handling: [String: StateSet] = [:]
        let none = StateSet(capacity: states.count)
        for (number, state) in states.enumerated() {
            state.forEachHandledEvent { handling[$0, default: none].insert(number) }
        }
        guard let anyState else { return handling }
        var everywhere = none
        for (number, state) in states.enumerated() where anyState.holds(in: state) {
            everywhere.insert(number)
        }
        for event in anyState.on.keys { handling[event, default: none].formUnion(everywhere) }
        return handling
    }
}

/// A set of states by their numbers, one bit each.
struct StateSet: Sendable, Hashable {
    private var words: [UInt64]

    init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

    mutating func insert(_ number: Int) { words[number / 64] |= 1 << UInt64(number % 64) }

    mutating func formUnion(_ other: StateSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    mutating func subtract(_ other: StateSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    func contains(_ number: Int) -> Bool { words[number / 64] & 1 << UInt64(number % 64) != 0 }

    func intersects(_ other: StateSet) -> Bool {
        words.indices.contains { words[$0] & other.words[$0] != 0 }
    }

    /// The numbers in it, in their order.
    var members: [Int] {
        var members: [Int] = []
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                members.append(index * 64 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
        return members
    }
}

/// Finds the circles of a graph in one walk (Tarjan's search, without recursion).
struct CircleSearch {
    private let steps: [[Int]]
    private var order: [Int]
    private var lowest: [Int]
    private var isOpen: [Bool]
    private var open: [Int] = []
    private var walk: [(state: Int, next: Int)] = []
    private var count = 0
    private(set) var circles: [[Int]] = []
    private(set) var circleOfState: [Int]

    init(steps: [[Int]]) {
        self.steps = steps
        order = Array(repeating: -1, count: steps.count)
        lowest = order
        circleOfState = order
        isOpen = Array(repeating: false, count: steps.count)
    }

    mutating func run() {
        for state in steps.indices where order[state] < 0 {
            enter(state)
            while let top = walk.last { follow(top.state, top.next) }
        }
    }

    private mutating func enter(_ state: Int) {
        order[state] = count
        lowest[state] = count
        count += 1
        open.append(state)
        isOpen[state] = true
        walk.append((state, 0))
    }

    private mutating func follow(_ state: Int, _ next: Int) {
        guard next < steps[state].count else { return leave(state) }
        walk[walk.count - 1].next += 1
        let target = steps[state][next]
        if order[target] < 0 {
            enter(target)
        } else if isOpen[target] {
            lowest[state] = min(lowest[state], order[target])
        }
    }

    private mutating func leave(_ state: Int) {
        walk.removeLast()
        if let parent = walk.last?.state { lowest[parent] = min(lowest[parent], lowest[state]) }
        guard lowest[state] == order[state] else { return }
        var circle: [Int] = []
        while let member = open.popLast() {
            isOpen[member] = false
            circleOfState[member] = circles.count
            circle.append(member)
            if member == state { break }
        }
        circles.append(circle)
    }
}

extension AnyState {
    /// Whether it counts in a state.
    package func holds(in state: State) -> Bool {
        !state.isFinal && !except.contains(state.name)
    }
}

extension State {
    /// Every transition that can leave this state or happen in it.
    package var allTransitions: [Transition] {
        var all: [Transition] = []
        forEachTransition { all.append($0) }
        return all
    }

    func forEachTransition(_ body: (Transition) -> Void) {
        for transitions in on.values { transitions.forEach(body) }
        for transitions in onOutcome.values { transitions.forEach(body) }
        timeout?.transitions.forEach(body)
        remind?.then.forEach(body)
        onJoin.forEach(body)
    }

    /// The names of the events that this state itself handles.
    package var handledEvents: Set<String> {
        var events: Set<String> = []
        forEachHandledEvent { events.insert($0) }
        return events
    }

    fileprivate func forEachHandledEvent(_ body: (String) -> Void) {
        on.keys.forEach(body)
        switch join {
        case .waitFor(let gathering): for part in gathering.parts { body(part.event) }
        case .forEach(let fanOut):
            fanOut.done.keys.forEach(body)
            fanOut.failed.keys.forEach(body)
        case nil: break
        }
    }
}
