// The analysis of a whole saga: one abstract run over the states, and what follows from it.
//
//   draft ─▶ model ─▶ facts of every node ─▶ record of every step ─▶ findings
import MinkExpression

/// Follows the saga of a draft through its states, and reports what can go wrong on the way.
struct FlowAnalysis {
    let context: ReadingContext
    let draft: Draft
    let names: DeclaredNames
    let graph: StateGraph
    let model: FlowModel
    let solution: FlowSolution
    let record: FlowRecord
    let failures: FlowFailures
    let dataUses: [Node.ID: DataUse]
    /// The state that each list belongs to; of those that hold in any state, none.
    let stateOfList: [Int: Int]

    /// Reports all that the run finds; nothing where mistakes hide parts of the file.
    ///
    /// - Returns: The fields that are set whenever an alternative is tried, by its object; of what
    ///   the run did not follow, nothing.
    static func run(
        _ draft: Draft, names: DeclaredNames, dataUses: [Node.ID: DataUse], graph: StateGraph,
        in context: ReadingContext
    ) -> [Node.ID: Set<String>] {
        guard !context.hidesParts, !draft.states.isEmpty, draft.damaged.isEmpty,
            !draft.states.contains(where: \.isDamaged)
        else { return [:] }
        var builder = FlowBuilder(draft, names: names, dataUses: dataUses)
        let model = builder.build()
        let solution = FlowSolution(of: model)
        guard !solution.gaveUp else {
            context.report(
                .gaveUp, "the states of this workflow are too entangled to follow; not checked",
                at: draft.node.member("states") ?? draft.node,
                (draft.node.member("states") ?? draft.node).headRange,
                help: "divide it into several workflows")
            return [:]
        }
        let record = FlowRecord(of: model, solution)
        let analysis = FlowAnalysis(
            context: context, draft: draft, names: names, graph: graph, model: model,
            solution: solution, record: record,
            failures: FlowFailures(of: model, solution, record.edges), dataUses: dataUses,
            stateOfList: Dictionary(
                model.states.enumerated().flatMap { number, state in
                    state.lists.prefix(state.ownCount).map { ($0, number) }
                }, uniquingKeysWith: { first, _ in first }))
        analysis.check()
        return analysis.surelySet
    }

    private func check() {
        checkValues()
        checkReasons()
        checkReachability()
        checkEnds()
        checkWaits()
        checkAnswers()
        checkDeadEvents()
        checkLoops()
        checkSteps()
        checkLedger()
        checkOrder()
        checkRetries()
        checkEarlyAndLate()
    }

    /// Whether a saga can wait or end in a state.
    func isReached(_ state: Int) -> Bool {
        solution[FlowModel.node(state, sealed: false)] != nil
            || solution[FlowModel.node(state, sealed: true)] != nil
    }

    /// The nodes of states that wait, as far as they are reached.
    var waitingNodes: [Int] {
        solution.facts.indices.filter { solution[$0] != nil && !model.states[$0 >> 1].isFinal }
    }

    func line(_ node: Node) -> Int { context.place(node).line }

    func related(_ message: String, _ node: Node, _ range: Range<Int>? = nil) -> RelatedPlace {
        RelatedPlace(message, at: context.span(node, range))
    }

    func related(_ message: String, _ located: Located<String>) -> RelatedPlace {
        RelatedPlace(message, at: context.span(located.node, located.range))
    }

    func name(_ state: Int) -> String { model.name(ofState: state) }

    /// `"A"`, `"A" and "B"`, `"A", "B" and "C"`.
    func list(_ names: [String]) -> String {
        let quoted = names.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return quoted.dropLast().joined(separator: ", ") + " and \(last)"
    }
}
