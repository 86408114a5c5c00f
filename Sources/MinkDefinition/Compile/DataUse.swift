// What expressions do with fields that may be absent. Fields of data go on to the analysis of the
// whole saga; all others are judged at once, by their types and the conditions around them.
import MinkExpression

/// What an expression does with the data of the saga; fields are numbered in the order of the file.
struct DataUse {
    var reads: [Read] = []
    /// All fields that it mentions.
    var mentions: [Int] = []
    /// Fields that are set if it is a condition and holds.
    var whenTrue: [Int] = []
    /// Fields that are set if it is a condition and does not hold.
    var whenFalse: [Int] = []
    /// Whether its result changes with the time.
    var readsTime = false
    /// Whether its result may be nothing.
    var mayBeAbsent = false
    /// Whether each place that uses it gets other values: of an event, an item or a moment.
    var isOfItsPlace = false
    /// Whether it waits for a failure, when it stands in an undo.
    var readsFailure = false
    /// Where it reads the reason of a failure as if there were one in any case.
    var reasonReads: [Range<Int>] = []

    /// A field that has to be set.
    struct Read {
        let field: Int
        let range: Range<Int>
        /// Whether evaluation stops in any case where it is not set.
        let isCertain: Bool
    }
}

extension ExpressionCompiler {
    /// What a text says in a scope, whichever place says it.
    final class Compiled {
        /// The expression; `nil` when it is wrong.
        let expression: CompiledExpression?
        /// What it asks, if it is a condition.
        let tree: ConditionTree?
        let problems: [ExpressionProblem]
        let use: DataUse
        /// Reads of fields that may be absent by their types.
        let optionalReads: [FieldRead]

        init(
            _ expression: CompiledExpression?, _ tree: ConditionTree?,
            _ problems: [ExpressionProblem], _ dataNumbers: [String: Int]
        ) {
            self.expression = expression
            self.tree = tree
            self.problems = problems
            use = expression.map { DataUse(of: $0, dataNumbers) } ?? DataUse()
            optionalReads =
                expression?.needs.reads.filter { read in
                    read.isOptional && read.variable != "data" && read.path != "failure.reason"
                } ?? []
        }
    }
}

extension DataUse {
    /// What a compiled expression needs.
    fileprivate init(of expression: CompiledExpression, _ dataNumbers: [String: Int]) {
        for read in expression.needs.reads {
            if read.variable == "data" {
                guard let field = dataNumbers[read.field] else { continue }
                reads.append(Read(field: field, range: read.range, isCertain: read.isCertain))
            } else if read.path == "failure.reason" {
                reasonReads.append(read.range)
            }
        }
        for reference in expression.references {
            switch reference.path[0] {
            case "data" where reference.path.count > 1:
                guard let field = dataNumbers[reference.path[1]] else { continue }
                if !mentions.contains(field) { mentions.append(field) }
            case "now": readsTime = true
            case "failure": readsFailure = true
            case "data", "saga": break
            default: isOfItsPlace = true
            }
        }
        whenTrue = Self.numbers(of: expression.needs.whenTrue, dataNumbers)
        whenFalse = Self.numbers(of: expression.needs.whenFalse, dataNumbers)
        let type = expression.type
        mayBeAbsent = type.isOptional || type == .null || type.isDynamic
    }

    /// The numbers of the fields of data among some paths.
    private static func numbers(of paths: [String], _ dataNumbers: [String: Int]) -> [Int] {
        guard !paths.isEmpty else { return [] }
        return paths.compactMap { path in
            guard path.hasPrefix("data.") else { return nil }
            return dataNumbers[String(path.dropFirst("data.".count))]
        }
    }
}

extension ExpressionCompiler {
    /// Reports a read of what its type says may be absent, unless a test has found it there.
    mutating func reportOptional(
        _ read: FieldRead, _ draft: ExpressionDraft, _ use: TemplateUse?
    ) {
        optionalReads += 1
        guard context.options.checks, !known.contains(read.path) else { return }
        let span = context.span(draft.node, draft.bytes(of: read.range))
        let shown = String(decoding: Array(draft.text.utf8)[read.range], as: UTF8.self)
        let message = "\(shown) may be absent"
        let help = read.field.isEmpty ? "write [? in place of [" : Self.presenceHelp
        guard let use else {
            context.report(Finding(.maybeUnset, message, at: span, help: help))
            return
        }
        context.report(
            .maybeUnset, message, at: use.node, use.range, help: help,
            related: [RelatedPlace("the template of \"\(use.command)\" needs it", at: span)])
    }

    static let presenceHelp = "use has() or .?"
}
