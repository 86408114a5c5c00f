// Turns a definition into boxes and arrows.
import MinkExpression

/// Gathers the boxes and arrows of a picture.
struct PictureBuilder {
    typealias Box = WorkflowPicture.Box
    typealias Arrow = WorkflowPicture.Arrow
    typealias Line = WorkflowPicture.Line

    let definition: Definition
    var boxes: [Box] = []
    var arrows: [Arrow] = []
    private var boxOfState: [String: Int] = [:]
    private var arrowOfLook: [Look: Int] = [:]

    /// Arrows that share this are drawn as one.
    private struct Look: Hashable {
        let from: Int
        let to: Int
        let kind: Arrow.Kind
    }

    init(_ definition: Definition) { self.definition = definition }

    /// The box of a state.
    func box(of state: String?) -> Int? { state.flatMap { boxOfState[$0] } }

    mutating func addWorkflow() {
        let behind = definition.statesBehindNoReturn
        boxes.append(Box(kind: .start, title: "start"))
        for state in definition.states {
            boxOfState[state.name] = boxes.count
            boxes.append(box(for: state, isBehindNoReturn: behind.contains(state.name)))
        }
        addStart()
        for state in definition.states { addArrows(of: state) }
        addAnyState()
    }

    private mutating func addStart() {
        for (event, handler) in definition.start.sorted(by: { $0.value.place < $1.value.place }) {
            add(from: 0, named: event, handler.transitions)
        }
    }

    private mutating func addArrows(of state: State) {
        guard let box = box(of: state.name) else { return }
        if let join = state.join { add(from: box, named: join.whenMet, state.onJoin) }
        for (event, transitions) in state.handlers { add(from: box, named: event, transitions) }
        if let timeout = state.timeout {
            add(from: box, named: timeout.words, timeout.transitions, isTimed: true)
        }
        if let remind = state.remind {
            add(from: box, named: remind.wordsForEnd, remind.then, isTimed: true)
        }
    }

    /// What holds everywhere has a box of its own, since an arrow from each state hides the rest.
    private mutating func addAnyState() {
        let anyState = definition.anyState
        guard anyState != nil || definition.deadline != nil else { return }
        let number = boxes.count
        var box = Box(kind: .anyState, title: "any state")
        if let anyState, !anyState.except.isEmpty {
            let names = definition.states.map(\.name).filter(anyState.except.contains)
            box.lines.append(Line(.description, "but \(names.joined(separator: ", "))"))
        }
        let handlers = anyState?.on.sorted { $0.value.place < $1.value.place } ?? []
        for (event, transitions) in handlers {
            box.lines += transitions.flatMap { lines(staying: $0, among: transitions, event) }
        }
        boxes.append(box)
        for (event, transitions) in handlers { add(from: number, named: event, transitions) }
        guard let deadline = definition.deadline else { return }
        addArrow(
            from: number, to: self.box(of: definition.end(of: deadline.failure)),
            Arrow.Kind(isTimed: true, isFailure: true),
            [Line(.event, "\(Template.literal(.duration(deadline.after)).words) after the start")])
    }

    /// The arrows of one event, timeout or join.
    private mutating func add(
        from box: Int, named name: String, _ transitions: [Transition], isTimed: Bool = false
    ) {
        for transition in transitions {
            guard let target = target(of: transition) else { continue }
            let kind = Arrow.Kind(
                isTimed: isTimed, isFailure: transition.fail != nil,
                isPointOfNoReturn: transition.pointOfNoReturn)
            let isOnlyWay = transitions.allSatisfy { self.target(of: $0) == target }
            var lines = [Line(.event, name)]
            if !isOnlyWay { lines += condition(of: transition, among: transitions) }
            lines += effects(of: transition)
            addArrow(from: box, to: self.box(of: target), kind, lines)
        }
    }

    private func target(of transition: Transition) -> String? {
        transition.goto ?? transition.fail.flatMap(definition.end)
    }

    mutating func addArrow(from: Int, to: Int?, _ kind: Arrow.Kind, _ lines: [Line]) {
        guard let to else { return }
        let look = Look(from: from, to: to, kind: kind)
        guard let known = arrowOfLook[look] else {
            arrowOfLook[look] = arrows.count
            return arrows.append(Arrow(from: from, to: to, kind: kind, lines: lines))
        }
        let isThere = arrows[known].lines.contains(lines)
        if !isThere { arrows[known].lines += lines }
    }
}

extension PictureBuilder {
    /// When a transition is taken, where there is a choice.
    func condition(of transition: Transition, among others: [Transition]) -> [Line] {
        if let when = transition.when { return [Line(.condition, "[\(when.words)]")] }
        return others.count > 1 ? [Line(.condition, "[otherwise]")] : []
    }

    /// What a transition does besides leading on.
    func effects(of transition: Transition) -> [Line] {
        transition.compensation.map { Line(.undo, "⟲ \($0.command)") }
            + (transition.pointOfNoReturn
                ? [Line(.pointOfNoReturn, "◆ point of no return")] : [])
            + transition.emit.map { Line(.command, "→ \($0.words)") }
    }
}

extension Emission {
    /// The command, and how long it waits.
    var words: String { delay.map { "\(use.command) after \($0.words)" } ?? use.command }
}

extension Reminder {
    /// When reminding ends.
    fileprivate var wordsForEnd: String {
        atMost == 1 ? "after the reminder" : "after \(atMost ?? 0) reminders"
    }
}

extension State {
    /// What happens on events and outcomes, in the order of the file.
    var handlers: [(name: String, transitions: [Transition])] {
        let outcomes = onOutcome.map { outcome, transitions in
            ("\(outcome.command).\(outcome.succeeded ? "done" : "failed")", transitions)
        }
        return (on.map { ($0, $1) } + outcomes).sorted { $0.1.place < $1.1.place }
    }
}

/// A place by which parts of one file are put in order.
struct PlaceInFile: Comparable {
    let line: Int
    let column: Int

    static func < (left: PlaceInFile, right: PlaceInFile) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension [Transition] {
    var place: PlaceInFile {
        PlaceInFile(line: first?.place.line ?? 0, column: first?.place.column ?? 0)
    }
}

extension StartHandler {
    fileprivate var place: PlaceInFile { transitions.place }
}

extension Array where Element: Equatable {
    /// Whether these elements stand somewhere in it, one behind the other.
    fileprivate func contains(_ part: [Element]) -> Bool {
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { Array(self[$0..<($0 + part.count)]) == part }
    }
}
