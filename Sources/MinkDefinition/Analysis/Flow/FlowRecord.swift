// What one more walk over the finished facts finds worth telling.
import MinkExpression

/// A way from one node to another.
struct FlowEdge {
    /// The node that is left; `nil` at the start.
    let from: Int?
    let to: Int
    /// The list and the alternative; `nil` for the deadline and for exhausted commands.
    let list: Int?
    let alternative: Int?
}

/// Everything that the checks look at, gathered in one walk.
struct FlowRecord: FlowObserver {
    private let model: FlowModel
    private(set) var edges: [FlowEdge] = []
    /// Reads of fields that may not be set, each with its first step, in the order of the walk.
    private(set) var missing: [(read: Int, step: FlowStep)] = []
    /// Undos that may be in the ledger already, with equal values.
    private(set) var doubles: [(use: Int, step: FlowStep)] = []
    /// Commands that are sent, where the saga waits then, and whether that is behind the point of
    /// no return.
    private(set) var sent: [(use: Int, landing: Int, sealed: Bool, step: FlowStep)] = []
    /// Steps into a failed or cancelled state with undos in the ledger.
    private(set) var skipped: [(alternative: Int, undos: [Int])] = []
    /// For each command, those that every way has sent before it, and those that some way has.
    private(set) var surelyBefore: [Set<Int>?]
    private(set) var maybeBefore: [Set<Int>]
    /// For each field, those that are surely set before it is.
    private(set) var setBefore: [Set<Int>?]

    /// Undos with equal values that may be in the ledger when a node is entered.
    private var sameAtEntry: [Set<Int>]
    private var knownMissing: Set<Int> = []
    private var knownDoubles: Set<Int> = []
    private var knownSkipped: Set<Int> = []
    /// Whether some step pushes several undos, so that their order matters.
    private let comparesOrder: Bool

    init(of model: FlowModel, _ solution: FlowSolution) {
        self.model = model
        surelyBefore = Array(repeating: nil, count: model.commands.count)
        maybeBefore = Array(repeating: [], count: model.commands.count)
        setBefore = Array(repeating: nil, count: model.keysOfField.count)
        comparesOrder =
            model.alternatives.contains { $0.pushes.count > 1 }
            || model.states.contains { $0.pushes.count > 1 }
        sameAtEntry = Array(repeating: [], count: model.states.count * 2)
        model.begin(&self)
        for node in 0..<model.states.count * 2 {
            if let facts = solution[node] { model.follow(node, facts, &self) }
        }
        doubles = doubles.filter { !foundItself($0.use, $0.step) }
    }

    mutating func misses(_ read: Int, in step: FlowStep) {
        if knownMissing.insert(read).inserted { missing.append((read, step)) }
    }

    mutating func pushes(_ use: Int, with facts: FlowFacts, in step: FlowStep) {
        guard let key = model.uses[use].key, facts.has(.same, key), step.landing & 1 == 0,
            knownDoubles.insert(use).inserted
        else { return }
        doubles.append((use, step))
    }

    /// Whether a part of `waitFor`, which is counted once, found only what it pushed itself.
    private func foundItself(_ use: Int, _ step: FlowStep) -> Bool {
        guard let node = step.node, let key = model.uses[use].key, step.entered == nil,
            case .part = model.lists[step.list].trigger
        else { return false }
        let others = model.states[node >> 1].lists.filter { $0 != step.list }
        let isPushedBeside = others.contains { list in
            model.lists[list].alternatives.contains { alternative in
                model.alternatives[alternative].pushes.contains { model.uses[$0].key == key }
            }
        }
        return !isPushedBeside && !sameAtEntry[node].contains(key)
    }

    mutating func sends(_ use: Int, with facts: FlowFacts, sealed: Bool, in step: FlowStep) {
        sent.append((use, step.landing, sealed, step))
        guard comparesOrder else { return }
        let command = model.uses[use].command
        let before = Set(facts.members(.surelySent))
        surelyBefore[command] = surelyBefore[command]?.intersection(before) ?? before
        maybeBefore[command].formUnion(facts.members(.sent))
    }

    mutating func assigns(_ field: Int, with facts: FlowFacts, in step: FlowStep) {
        guard comparesOrder else { return }
        let before = Set(step.before.members(.set))
        setBefore[field] = setBefore[field]?.intersection(before) ?? before
    }

    mutating func leaves(with facts: FlowFacts, sealed: Bool, in step: FlowStep) {
        guard case .goto(let target) = model.alternatives[step.alternative].exit, !sealed,
            let outcome = model.states[target].draft.outcome, outcome != .completed,
            !facts.isEmpty(.armed), knownSkipped.insert(step.alternative).inserted
        else { return }
        skipped.append((step.alternative, facts.members(.armed)))
    }

    mutating func arrives(at node: Int, with facts: FlowFacts, in step: FlowStep?) {
        guard let step else { return }
        let isNamed = step.list >= 0
        if step.entered != nil, !facts.isEmpty(.same) {
            sameAtEntry[node].formUnion(facts.members(.same))
        }
        edges.append(
            FlowEdge(
                from: step.node, to: node, list: isNamed ? step.list : nil,
                alternative: isNamed ? step.alternative : nil))
    }
}
