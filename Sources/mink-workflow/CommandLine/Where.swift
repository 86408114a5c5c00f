// `--where`: a condition in the language of workflows over the rows of a list.
import MinkDefinition
import MinkExpression
import MinkWorkflow

extension Verb.Option {
    static let condition = Verb.Option(
        name: "--where", value: "EXPR", summary: "only what fits a condition; see below")
}

/// A condition over rows.
struct Where {
    private let expression: CompiledExpression
    private let scope: EvaluationScope
    private let variables: [String]

    /// Reads the condition of a command line; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - variables: What a row has, with the fields of each.
    /// - Throws: ``UsageError`` with all that is wrong with the condition.
    init?(
        _ arguments: Arguments, over variables: [(name: String, type: ExpressionType)]
    ) throws(UsageError) {
        guard let text = arguments.value("--where") else { return nil }
        let all = variables + [("now", .timestamp)]
        let layout = VariableLayout(names: all.map(\.name).sorted { $0.precedesByBytes($1) })
        var environment = ExpressionEnvironment(layout: layout, timeZones: SystemTime.timeZone)
        for (name, type) in all { environment.variables[name] = type }
        let (compiled, problems) = CompiledExpression.compile(text, in: environment)
        guard let compiled else {
            let pictures = problems.map { ExpressionMessage($0).picture(of: text) }
            throw UsageError(
                message: "--where can not be read\n" + pictures.joined(separator: "\n"))
        }
        guard compiled.type == .bool || compiled.type.isDynamic else {
            throw UsageError(
                message: "--where needs a condition; \"\(text)\" is \(compiled.type)")
        }
        expression = compiled
        scope = EvaluationScope(layout: layout)
        self.variables = all.map(\.name)
    }

    /// Whether a row fits, or why that can not be told.
    func fits(_ row: Value) -> Result<Bool, EvaluationError> {
        scope.reset()
        for name in variables where name != "now" { scope.bind(name, row[name] ?? .null) }
        scope.bind("now", .timestamp(SystemClock().now()))
        return scope.condition(expression)
    }
}

/// Counts rows about which a condition has no answer, so that none is left out silently.
struct Selection {
    private let condition: Where?
    private(set) var unclear = 0
    private var firstReason = ""

    init(_ condition: Where?) { self.condition = condition }

    /// Whether a row is wanted.
    mutating func takes(_ row: @autoclosure () -> Value) -> Bool {
        guard let condition else { return true }
        switch condition.fits(row()) {
        case .success(let fits): return fits
        case .failure(let error):
            if unclear == 0 { firstReason = error.message }
            unclear += 1
            return false
        }
    }

    /// Tells of rows that are left out because nobody knows whether they fit.
    func tell() {
        guard unclear > 0 else { return }
        let rows = unclear == 1 ? "one is" : "\(unclear) are"
        Output.message(
            "mink-workflow: \(rows) left out, because --where has no answer there: \(firstReason)")
    }
}

extension ExpressionType {
    /// An object with these fields, for conditions; what may be absent is `any`.
    static func row(_ name: String, _ fields: [(String, ExpressionType)]) -> ExpressionType {
        .object(
            ObjectType(name: name, fields: fields.map { ObjectType.Field(name: $0.0, type: $0.1) }))
    }
}
