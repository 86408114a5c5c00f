// Compares the guards of alternatives with each other: whether one of them always holds, whether one
// can never be taken, and whether the order of two of them decides.
import MinkExpression

/// Checks the guards of one draft.
struct GuardChecks {
    let context: ReadingContext
    let draft: Draft
    /// The conditions that compiled, by the strings that hold them.
    let conditions: [Node.ID: ExpressionCompiler.Compiled]
    /// The fields that are set whenever an alternative is tried, by its object.
    let surelySet: [Node.ID: Set<String>]
    /// How many tries are left for guards that need more than a few.
    private var spare = 20_000
    /// Lists about which nothing is to say, whichever place they stand at.
    private var quiet: Set<Quiet> = []

    /// The conditions of a list, what is set when it is tried, and how it ends.
    private struct Quiet: Hashable {
        let conditions: [ObjectIdentifier]
        let surelySet: Set<String>
        let hasEnd: Bool
        let isOpen: Bool
    }

    init(
        context: ReadingContext, draft: Draft,
        conditions: [Node.ID: ExpressionCompiler.Compiled], surelySet: [Node.ID: Set<String>]
    ) {
        self.context = context
        self.draft = draft
        self.conditions = conditions
        self.surelySet = surelySet
    }

    mutating func run() {
        let draft = draft
        draft.forEachGuardList { check($0) }
        for condition in draft.partConditions { checkPart(condition) }
    }

    // MARK: One condition

    private mutating func checkPart(_ draft: ExpressionDraft) {
        guard let tree = conditions[draft.node.id]?.tree else { return }
        var comparison = GuardComparison([tree], spare: spare)
        defer { spare -= comparison.usedSpare }
        if let answer = comparison.constant(0) {
            reportConstant(answer, draft, help: "leave it out")
        }
    }

    private func reportConstant(
        _ answer: Bool, _ draft: ExpressionDraft,
        help: String = "write \"otherwise\": true, or leave it out"
    ) {
        context.report(
            .constantCondition, "this condition is always \(answer)", at: draft.node, draft.bytes,
            help: answer ? help : "what it guards never happens")
    }

    // MARK: A list of alternatives

    private mutating func check(_ list: GuardList) {
        let guarded = list.transitions.prefix { $0.when != nil }
        let hasEnd = guarded.count < list.transitions.count
        guard !guarded.isEmpty, !list.isDamaged(in: context) else { return }
        let drafts = guarded.compactMap(\.when)
        let compiled = drafts.compactMap { conditions[$0.node.id] }
        // What is said about a condition that did not compile has to be repaired first.
        guard compiled.count == drafts.count else { return }
        let fields = list.transitions.first.flatMap { surelySet[$0.node.id] } ?? []
        let key = Quiet(
            conditions: compiled.map(ObjectIdentifier.init), surelySet: fields, hasEnd: hasEnd,
            isOpen: list.isOpen)
        guard !quiet.contains(key) else { return }
        let said = context.findings.count
        var comparison = GuardComparison(
            compiled.compactMap(\.tree), spare: spare,
            certain: Set(fields.map { "data.\($0)" }))
        defer {
            spare -= comparison.usedSpare
            if comparison.usedSpare == 0, context.findings.count == said { quiet.insert(key) }
        }
        let constants = drafts.indices.map { comparison.constant($0) }
        for (draft, answer) in zip(drafts, constants) {
            if let answer { reportConstant(answer, draft) }
        }
        if constants.allSatisfy({ $0 == nil }) {
            checkOrder(of: list, &comparison)
            if hasEnd, let hiding = comparison.guardsThatHideTheRest() {
                reportNeverTaken(list.transitions[guarded.count], hiding, list)
            }
        }
        if !hasEnd { checkEnd(of: list, constants, &comparison) }
        guard comparison.gaveUp, list.isOpen || hasEnd else { return }
        context.report(
            .gaveUp, "guards of \"\(list.name.value)\" are too complex to compare; not checked",
            at: list.name, help: "divide them into more steps, or show them in scenarios")
    }

    /// Alternatives that the ones before leave nothing, and pairs that can both be taken.
    private func checkOrder(of list: GuardList, _ comparison: inout GuardComparison) {
        for later in 0..<comparison.count {
            if let hiding = comparison.guardsThatHide(later) {
                reportNeverTaken(list.transitions[later], hiding, list)
            } else if let (earlier, example) = comparison.overlap(before: later) {
                reportOverlap(
                    list.transitions[later], list.transitions[earlier],
                    example.words(comparison.variables))
            }
        }
    }

    private func reportOverlap(
        _ later: TransitionDraft, _ earlier: TransitionDraft, _ words: String
    ) {
        guard let draft = later.when, let first = earlier.when else { return }
        context.report(
            .overlappingGuards,
            "both match \(words); the first wins. Reorder or make them exclusive", at: draft.node,
            draft.bytes,
            related: [
                RelatedPlace("the first stands here", at: context.span(first.node, first.bytes))
            ])
    }

    private func reportNeverTaken(
        _ transition: TransitionDraft, _ hiding: ClosedRange<Int>, _ list: GuardList
    ) {
        let first = list.transitions[hiding.lowerBound].node
        let line = context.place(first).line
        let lastLine = context.place(list.transitions[hiding.upperBound].node).line
        let words =
            line == lastLine
            ? "line \(line) already takes" : "lines \(line) to \(lastLine) already take"
        context.report(
            .neverTaken, "never reached: \(words) every case", at: transition.node,
            transition.node.headRange,
            help: transition.when == nil
                ? "remove it" : "move it before line \(line), or remove it",
            related: [
                RelatedPlace("this one comes first", at: context.span(first, first.headRange))
            ])
    }

    // MARK: The end of a list

    private func checkEnd(
        of list: GuardList, _ constants: [Bool?], _ comparison: inout GuardComparison
    ) {
        if constants.contains(true) { return }
        let cover = comparison.cover()
        let variables = comparison.variables
        if list.isOpen {
            switch cover {
            case .complete, .unknown: return
            case .missing(let example): report(list, example.condition(variables), .warning)
            case .failing(let example): reportFailure(list, example.condition(variables))
            }
            return
        }
        switch cover {
        case .missing(let example): report(list, example.condition(variables), .error)
        case .complete:
            report(
                list, "the last alternative of \(list.noun) is taken in every other case",
                help: "write \"otherwise\": true in place of its \"when\"", .error)
        case .unknown, .failing:
            report(
                list, "\(list.noun) must end in an alternative without a condition",
                help: "add an \"otherwise\"", .error)
        }
    }

    private func report(_ list: GuardList, _ words: String, _ severity: Severity) {
        let end = list.isOpen ? " and the event counts as unexpected" : ""
        report(
            list, "if \(words) nothing matches\(end)", help: "add an \"otherwise\"", severity)
    }

    private func reportFailure(_ list: GuardList, _ words: String) {
        report(
            list, "if \(words) no guard has an answer and the saga pauses",
            help: "add an alternative before it for this case", .warning)
    }

    private func report(
        _ list: GuardList, _ message: String, help: String, _ severity: Severity
    ) {
        context.report(
            Finding(
                .missingOtherwise, message, at: list.end(in: context), help: help
            ).with(severity))
    }
}

extension ExpressionDraft {
    /// The bytes of the file that show the whole expression.
    fileprivate var bytes: Range<Int> { bytes(of: 0..<text.utf8.count) }
}
