// Compiles expressions in the scope of their place, and values with holes around them.
import MinkExpression

/// Compiles what stands in one workflow, and remembers what it used.
struct ExpressionCompiler {
    let context: ReadingContext
    var environments: Environments
    /// Fields of data that expressions read.
    var readData: Set<String> = []
    /// The conditions that compiled, by the strings that hold them.
    private(set) var conditions: [Node.ID: Compiled] = [:]
    /// Whether some expression did not compile, so that what it uses is not known.
    var hasFailed = false
    /// What each expression does with data, by the string that holds it.
    var dataUses: [Node.ID: DataUse] = [:]
    /// Paths that the conditions around this place have found to be there.
    var known: [String] = []
    /// How many fields were read that may be absent by their types.
    var optionalReads = 0
    /// What was said about templates already; each of their mistakes is said once.
    private var said: Set<Said> = []

    /// Expressions that were compiled already: many places say the same.
    private var compiledTexts: [CompiledKey: Compiled] = [:]

    private struct CompiledKey: Hashable {
        let text: String
        let scope: Scope
        let isCondition: Bool
    }

    private struct Said: Hashable {
        let node: Node.ID
        let range: Range<Int>
        let code: String
    }

    init(context: ReadingContext, environments: Environments) {
        self.context = context
        self.environments = environments
    }

    /// A place that uses a command's template.
    struct TemplateUse {
        let command: String
        let node: Node
        let range: Range<Int>
    }

    /// Compiles an expression; `nil` with findings when it is wrong.
    mutating func compile(
        _ draft: ExpressionDraft, in scope: Scope, for use: TemplateUse? = nil
    ) -> LocatedExpression? {
        let compiled = accept(lookUp(draft, in: scope, isCondition: false), draft, use)
        if let compiled { checkCost(of: compiled, draft, limit: Self.templateSteps) }
        return compiled
    }

    /// What a text says in a scope, compiled once.
    private mutating func lookUp(
        _ draft: ExpressionDraft, in scope: Scope, isCondition: Bool
    ) -> Compiled {
        let key = CompiledKey(text: draft.text, scope: scope, isCondition: isCondition)
        if let known = compiledTexts[key] { return known }
        let environment = environments.environment(of: scope)
        let made: Compiled
        if isCondition {
            let (expression, tree, problems) = CompiledExpression.compileCondition(
                draft.text, in: environment)
            made = Compiled(expression, tree, problems, environments.dataNumbers)
        } else {
            let (expression, problems) = CompiledExpression.compile(draft.text, in: environment)
            made = Compiled(expression, nil, problems, environments.dataNumbers)
        }
        compiledTexts[key] = made
        for path in made.expression?.readPaths ?? [] where path.first == "data" {
            if path.count > 1 {
                readData.insert(path[1])
            } else {
                readData.formUnion(environments.dataNames)
            }
        }
        return made
    }

    /// Says what is wrong with an expression, and remembers what a right one reads.
    private mutating func accept(
        _ compiled: Compiled, _ draft: ExpressionDraft, _ use: TemplateUse?
    ) -> LocatedExpression? {
        // What a parser says behind its first mistake is mostly about that mistake.
        let firstSyntax = compiled.problems.firstIndex { $0.code == .syntax }
        for (index, problem) in compiled.problems.enumerated()
        where problem.code != .syntax || index == firstSyntax {
            report(problem, draft, use)
        }
        guard let expression = compiled.expression else {
            hasFailed = true
            return nil
        }
        for read in compiled.optionalReads { reportOptional(read, draft, use) }
        dataUses[draft.node.id] = compiled.use
        return LocatedExpression(expression: expression, place: context.place(draft.node))
    }

    /// Compiles a condition, which has to be true or false.
    mutating func condition(_ draft: ExpressionDraft?, in scope: Scope) -> LocatedExpression? {
        guard let draft else { return nil }
        let said = lookUp(draft, in: scope, isCondition: true)
        guard let compiled = accept(said, draft, nil) else { return nil }
        if said.tree != nil { conditions[draft.node.id] = said }
        checkCost(of: compiled, draft, limit: Self.conditionSteps)
        let type = compiled.expression.type
        guard type != .bool, !type.isDynamic else { return compiled }
        let isNumber = [.int, .uint, .double, .decimal].contains(type)
        let shown = draft.text.trimmingSpaces
        let question = isNumber ? ". Did you mean \(shown) > 0?" : ""
        context.report(
            .guardNotBoolean,
            "\"when\" needs true or false; \(shown) is \(type.phrase)\(question)",
            at: draft.node, draft.bytes(of: 0..<draft.text.utf8.count),
            help: isNumber ? nil : "compare it with a value")
        return nil
    }

    /// Compiles an expression that has to yield one of some types.
    mutating func value(
        _ draft: ExpressionDraft?, in scope: Scope, as wanted: DataType, called name: String
    ) -> LocatedExpression? {
        guard let draft, let compiled = compile(draft, in: scope) else { return nil }
        return accept(compiled, draft, as: wanted, isOptional: false, called: name, for: nil)
            ? compiled : nil
    }

    /// Whether the result of an expression can fit; a finding when it never can.
    private func accept(
        _ compiled: LocatedExpression, _ draft: ExpressionDraft, as wanted: DataType,
        isOptional: Bool, called name: String, for use: TemplateUse?
    ) -> Bool {
        let type = compiled.expression.type
        guard let objection = wanted.objection(to: type, isOptional: isOptional) else {
            return true
        }
        if type == .double, wanted.kind == .decimal {
            context.report(
                .decimalMixedWithDouble, "\"\(name)\" is a decimal; a number is not exact",
                at: draft.node, help: "write decimal('19.99') for an exact literal")
        } else {
            context.report(
                .typeMismatch, "\"\(name)\": \(objection)", at: draft.node,
                help: wanted.nextStep(from: type, writtenAs: draft.text))
        }
        return false
    }

    private mutating func report(
        _ problem: ExpressionProblem, _ draft: ExpressionDraft, _ use: TemplateUse?
    ) {
        let rule = Rule(rawValue: problem.code.rawValue) ?? .tooBig
        let span = context.span(draft.node, draft.bytes(of: problem.range))
        let help =
            problem.help
            ?? (rule == .outOfScope
                ? Scope.nextStep(withoutName: draft.text.part(problem.range)) : nil)
        guard let use else {
            context.report(
                Finding(rule, problem.message, at: span, help: help, note: problem.note))
            return
        }
        if rule == .outOfScope {
            context.report(
                rule, problem.message, at: use.node, use.range, help: help,
                note: problem.note,
                related: [RelatedPlace("the template of \"\(use.command)\" needs it", at: span)])
            return
        }
        let said = Said(node: draft.node.id, range: problem.range, code: rule.code)
        guard self.said.insert(said).inserted else { return }
        context.report(
            Finding(rule, problem.message, at: span, help: help, note: problem.note))
    }
}

extension ExpressionCompiler {
    /// Compiles a value with holes; literals are read as the type when there is one.
    mutating func template(
        _ draft: TemplateDraft, in scope: Scope, as type: DataType? = nil,
        isOptional: Bool = false, called name: String, for use: TemplateUse? = nil
    ) -> Template? {
        switch draft {
        case .expression(let expression):
            guard let compiled = compile(expression, in: scope, for: use) else { return nil }
            if let type,
                !accept(
                    compiled, expression, as: type, isOptional: isOptional, called: name, for: use)
            {
                return nil
            }
            return .expression(compiled)
        case .literal(let node):
            checkForgottenEquals(node, in: scope, for: use)
            return literal(node, as: type, isOptional: isOptional, called: name)
        case .list(let elements, let node):
            if let type, !draft.hasExpressions { return literal(node, as: type, called: name) }
            let element = type?.elementType
            return .list(
                elements.compactMap {
                    template($0, in: scope, as: element, called: name, for: use)
                })
        case .object(let members, let node):
            if let type, !draft.hasExpressions { return literal(node, as: type, called: name) }
            return .object(
                members.compactMap { member in
                    let field = type?.fields?[member.name]
                    return template(
                        member.value, in: scope, as: field?.type,
                        isOptional: field?.isOptional ?? false, called: member.name, for: use
                    ).map { Member(name: member.name, value: $0) }
                })
        }
    }

    private func literal(
        _ node: Node, as type: DataType?, isOptional: Bool = false, called name: String
    ) -> Template? {
        if node.kind == .missing { return nil }
        guard let type else {
            if let text = node.literalText { return .literal(.string(text)) }
            return .literal(node.json.value)
        }
        if isOptional, node.kind == .null { return .literal(.null) }
        // A leading "==" stands for "=", which the JSON text does not show.
        let result =
            node.literalText != node.text && type.kind == .string
            ? type.fit(.string(node.literalText ?? "")) : type.read(node.json)
        switch result {
        case .success(let value): return .literal(value)
        case .failure(let mismatch):
            context.report(
                .typeMismatch, "\"\(name)\": \(mismatch)", at: node,
                help: mismatch.nextStep(for: name))
            return nil
        }
    }

    /// A text that would be an expression if it began with "=".
    private mutating func checkForgottenEquals(
        _ node: Node, in scope: Scope, for use: TemplateUse?
    ) {
        guard let text = node.text, text.utf8.count < 200, text.mentionsVariable else { return }
        let (expression, problems) = CompiledExpression.compile(
            text, in: environments.environment(of: scope))
        guard let expression, problems.isEmpty,
            expression.references.contains(where: { $0.path.count > 1 })
        else { return }
        let said = Said(node: node.id, range: 0..<0, code: Rule.forgottenEquals.code)
        guard self.said.insert(said).inserted else { return }
        let span = context.span(node)
        context.report(
            Finding(
                .forgottenEquals, "this passes the words \"\(text)\"", at: span,
                help: "write \"= \(text)\" for its value",
                fix: Fix(
                    "write \"= \(text)\"",
                    edits: [.init(span: span, newText: JSONText.quoted("= " + text))])))
    }
}

extension ExpressionCompiler {
    /// The steps that a condition and a template may take.
    private static let conditionSteps = 10_000
    private static let templateSteps = 100_000

    /// Loops inside each other may take more steps than are allowed.
    ///
    /// Where nothing says how long a list is, loops inside each other are counted for 100 items, and
    /// must leave room for longer lists.
    private func checkCost(
        of compiled: LocatedExpression, _ draft: ExpressionDraft, limit: Int
    ) {
        guard let most = compiled.expression.worstCase else { return }
        let isGrowing = most.isNested && !most.isBounded
        let limit = isGrowing ? min(limit, Self.conditionSteps) : limit
        guard most.steps > limit else { return }
        context.report(
            .tooCostly,
            "can need more than \(limit.grouped) steps for \(most.items.grouped) items",
            at: draft.node, draft.bytes(of: 0..<draft.text.utf8.count),
            help: "walk over one list at a time, or limit the lists with \"maxItems\"")
    }
}

extension CompiledExpression {
    /// The paths that are read; of `data.?name` not `data` as a whole too.
    var readPaths: [[String]] {
        let longer = Set(references.filter { $0.path.count > 1 }.map(\.range.lowerBound))
        return references.filter { reference in
            reference.path.count > 1
                || !(reference.isInHas || longer.contains(reference.range.lowerBound))
        }.map(\.path)
    }
}

extension TemplateDraft {
    /// Whether an expression stands somewhere inside.
    var hasExpressions: Bool {
        switch self {
        case .literal: false
        case .expression: true
        case .list(let elements, _): elements.contains(where: \.hasExpressions)
        case .object(let members, _): members.contains { $0.value.hasExpressions }
        }
    }
}

extension DataType {
    fileprivate var elementType: DataType? {
        guard case .list(let element) = kind else { return nil }
        return element
    }
}

extension String {
    /// Whether a path such as `data.total` stands in the text.
    fileprivate var mentionsVariable: Bool {
        // Most texts have no point, and a search for a text takes a while.
        utf8.contains(UInt8(ascii: ".")) && Scope.variables.contains { contains($0 + ".") }
    }

    /// What stands in some of its UTF-8 bytes.
    fileprivate func part(_ range: Range<Int>) -> String {
        String(decoding: utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
    }

    var trimmingSpaces: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
