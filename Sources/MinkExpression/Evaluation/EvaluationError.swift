// Why an expression has no value.

/// The failure of an expression at run time.
package struct EvaluationError: Error, Hashable, Sendable {
    /// The kinds of failures.
    package enum Code: UInt8, Hashable, Sendable, CaseIterable {
        /// A variable that has no value here.
        case unbound
        /// A field or key that the value does not have.
        case noSuchField
        case divideByZero
        /// A result that does not fit into its type.
        case overflow
        /// An operator or function that does not take these types.
        case noSuchOverload
        /// More steps than the limit allows.
        case costExceeded
        /// A result or intermediate value that is too large.
        case tooLarge
        /// A value that cannot become another type.
        case badConversion
        case indexOutOfBounds
        /// An argument that the function cannot use.
        case badArgument
        case duplicateKey
        case badKey
        case badPattern
        case unknownTimeZone
        case unknownFunction
        /// The value of an optional that has none.
        case noValue
    }

    package let code: Code

    /// What happened, for people, in names and types of the expression, never in data.
    package let message: String

    /// The place in the text, in UTF-8 bytes.
    package let range: Range<Int>

    package init(code: Code, message: String, range: Range<Int>) {
        self.code = code
        self.message = message
        self.range = range
    }
}

/// A part of an expression that can fail.
struct EvaluationSite: Sendable {
    let range: Range<Int>

    /// What the message is about: a field, a function, an operator.
    let subject: String

    /// What the subject belongs to, such as `data`.
    let owner: String
}

extension EvaluationError {
    /// The error that a cell stands for.
    init(_ cell: Cell, sites: [EvaluationSite], text: String) {
        let index = Int(cell.length) - 1
        let site =
            sites.indices.contains(index)
            ? sites[index]
            : EvaluationSite(range: 0..<text.utf8.count, subject: text, owner: "")
        code = cell.errorCode
        range = site.range
        message = Self.message(cell, site)
    }

    private static func message(_ cell: Cell, _ site: EvaluationSite) -> String {
        let subject = site.subject
        let owner = site.owner.isEmpty ? "this" : site.owner
        switch cell.errorCode {
        case .unbound: return "there is no value \"\(subject)\" here"
        case .noSuchField:
            return "\(owner) has no \"\(subject)\"" + (owner == "data" ? " yet" : "")
        case .divideByZero: return "division by zero"
        case .overflow: return "the result of \"\(subject)\" does not fit into its type"
        case .noSuchOverload: return mismatch(cell, subject)
        case .costExceeded: return "the expression needs more steps than its limit allows"
        case .tooLarge: return "the expression makes a value that is too large"
        case .badConversion: return "\"\(subject)\" cannot convert this value"
        case .indexOutOfBounds: return "\(owner) has no element at this index"
        case .badArgument: return "\"\(subject)\" cannot use this argument"
        case .duplicateKey: return "the same key stands twice in this map"
        case .badKey: return "this cannot be the key of a map"
        case .badPattern: return "this is no regular expression"
        case .unknownTimeZone: return "there is no such time zone"
        case .unknownFunction: return "there is no function \"\(subject)\" for these arguments"
        case .noValue: return "this optional value is absent"
        }
    }

    private static func mismatch(_ cell: Cell, _ subject: String) -> String {
        let types = cell.errorTypes
        return types.isEmpty
            ? "\"\(subject)\" does not take these types"
            : "\"\(subject)\" does not take \(types.joined(separator: " and "))"
    }
}
