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
    /// Notes what a compiled expression needs, and reports what its type says may be absent.
    mutating func note(
        _ expression: CompiledExpression, _ draft: ExpressionDraft, _ use: TemplateUse?
    ) {
        var noted = DataUse()
        for read in expression.needs.reads {
            if read.variable == "data" {
                guard let field = environments.dataNumbers[read.field] else { continue }
                noted.reads.append(
                    DataUse.Read(field: field, range: read.range, isCertain: read.isCertain))
            } else if read.path == "failure.reason" {
                noted.reasonReads.append(read.range)
            } else if read.isOptional {
                reportOptional(read, draft, use)
            }
        }
        for reference in expression.references {
            switch reference.path[0] {
            case "data" where reference.path.count > 1:
                guard let field = environments.dataNumbers[reference.path[1]] else { continue }
                if !noted.mentions.contains(field) { noted.mentions.append(field) }
            case "now": noted.readsTime = true
            case "failure": noted.readsFailure = true
            case "data", "saga": break
            default: noted.isOfItsPlace = true
            }
        }
        noted.whenTrue = numbers(of: expression.needs.whenTrue)
        noted.whenFalse = numbers(of: expression.needs.whenFalse)
        let type = expression.type
        noted.mayBeAbsent = type.isOptional || type == .null || type.isDynamic
        dataUses[draft.node.id] = noted
    }

    /// The numbers of the fields of data among some paths.
    private func numbers(of paths: [String]) -> [Int] {
        guard !paths.isEmpty else { return [] }
        return paths.compactMap { path in
            guard path.hasPrefix("data.") else { return nil }
            return environments.dataNumbers[String(path.dropFirst("data.".count))]
        }
    }

    private mutating func reportOptional(
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
