// Text → something that runs.
//
//   text ─lexer─▶ words ─parser─▶ tree ─checker─▶ types and meanings ─planner─▶ closures
//
// All problems come at once. A compiled expression is immutable and may run in many scopes at
// the same time.

/// An expression that was read, checked and planned.
package struct CompiledExpression: Sendable {
    package let text: String

    /// The type of the result, as far as it is known.
    package let type: ExpressionType

    /// Each use of a variable, in the order of the text.
    package let references: [ExpressionReference]

    /// The fields that it needs although they may be absent.
    package let needs: FieldNeeds
    /// How many steps its loops may take; `nil` when it has none.
    package let worstCase: WorstCase?

    let program: Program

    /// Reads and checks an expression.
    ///
    /// - Returns: The expression if it has no problem; all its problems otherwise.
    package static func compile(
        _ text: String, in environment: ExpressionEnvironment
    ) -> (expression: CompiledExpression?, problems: [ExpressionProblem]) {
        let (expression, _, problems) = compile(text, in: environment, readsCondition: false)
        return (expression, problems)
    }

    /// Reads and checks a condition, and takes it apart for those who compare conditions.
    ///
    /// - Returns: The expression and its tree if it has no problem; all its problems otherwise. An
    ///   expression that is no condition has no tree.
    package static func compileCondition(
        _ text: String, in environment: ExpressionEnvironment
    ) -> (expression: CompiledExpression?, tree: ConditionTree?, problems: [ExpressionProblem]) {
        compile(text, in: environment, readsCondition: true)
    }

    private static func compile(
        _ text: String, in environment: ExpressionEnvironment, readsCondition: Bool
    ) -> (expression: CompiledExpression?, tree: ConditionTree?, problems: [ExpressionProblem]) {
        let parsed = Parser.parse(text, expandsMacros: environment.expandsMacros)
        let isTooBig = parsed.problems.contains { $0.code == .tooBig }
        guard !isTooBig else { return (nil, nil, parsed.problems) }
        let checked = Checker.check(
            parsed.root, nodeCount: parsed.nodeCount, text: text, in: environment)
        var problems = parsed.problems + checked.problems
        problems.sort { $0.range.lowerBound < $1.range.lowerBound }
        guard problems.isEmpty else { return (nil, nil, problems) }
        var planner = Planner(checked: checked, text: text, environment: environment)
        let program = planner.makeProgram()
        problems = planner.problems
        guard problems.isEmpty else { return (nil, nil, problems) }
        let expression = CompiledExpression(
            text: text, type: checked.types[checked.root.id].closed,
            references: checked.references.sorted {
                ($0.range.lowerBound, $0.range.upperBound)
                    < ($1.range.lowerBound, $1.range.upperBound)
            },
            needs: environment.checksTypes
                ? NeedFinder.find(
                    in: checked, text: text, uncertain: environment.uncertainVariables)
                : FieldNeeds(),
            worstCase: WorstCase.of(checked), program: program)
        let tree = readsCondition ? ConditionReader(checked, text: text).read() : nil
        return (expression, tree, [])
    }
}

/// The planned form of an expression.
final class Program: Sendable {
    let plan: Plan
    let condition: Condition
    let sites: [EvaluationSite]
    let localCount: Int

    /// The steps of everything that runs once; loops charge for each round.
    let cost: Int
    let layout: VariableLayout
    /// The slots of the variables that it reads.
    let slots: [Int]
    let slotSet: SlotSet

    /// Keeps the memory of literals, which the closures point at.
    private let constants: Constants

    init(
        plan: @escaping Plan, condition: @escaping Condition, sites: [EvaluationSite],
        localCount: Int, cost: Int, layout: VariableLayout, slots: [Int], constants: Constants
    ) {
        self.plan = plan
        self.condition = condition
        self.sites = sites
        self.localCount = localCount
        self.cost = cost
        self.layout = layout
        self.slots = slots
        slotSet = SlotSet(slots)
        self.constants = constants
    }
}
