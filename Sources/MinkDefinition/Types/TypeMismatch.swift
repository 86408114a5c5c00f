// Why a value does not fit its type, in words for people.
import MinkExpression

/// A value that does not fit: where in it, and what was expected.
package struct TypeMismatch: Error, Sendable, Hashable, CustomStringConvertible {
    /// The way to the part that does not fit, as in `items[2].price`; empty for the whole value.
    package private(set) var path: String
    /// What was expected and what was found.
    package let message: String

    package init(_ message: String, at path: String = "") {
        self.message = message
        self.path = path
    }

    static func expected(_ type: DataType, found: String) -> TypeMismatch {
        TypeMismatch("expected \(type.phrase), found \(found)")
    }

    /// The same mismatch, seen from the object that holds the value.
    func inside(member name: String) -> TypeMismatch {
        TypeMismatch(
            message, at: path.isEmpty || path.hasPrefix("[") ? name + path : "\(name).\(path)")
    }

    /// The same mismatch, seen from the list that holds the value.
    func inside(element index: Int) -> TypeMismatch {
        let rest = path.isEmpty || path.hasPrefix("[") ? path : ".\(path)"
        return TypeMismatch(message, at: "[\(index)]\(rest)")
    }

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

extension Value {
    /// The value as messages name it, shortened when it is long.
    var inWords: String {
        switch self {
        case .null: return "null"
        case .bool(let flag): return "\(flag)"
        case .int(let number): return "\(number)"
        case .uint(let number): return "\(number)"
        case .double(let number): return "\(number)"
        case .decimal(let number): return "\(number)"
        case .string(let text):
            let shown = String(text.unicodeScalars.prefix(40).map(Character.init))
            return "the text \"\(shown)\(text.unicodeScalars.count > 40 ? "…" : "")\""
        case .bytes: return "bytes"
        case .list(let elements): return "a list of \(elements.count)"
        case .map: return "an object"
        case .timestamp: return "a timestamp"
        case .duration: return "a duration"
        case .type(let name): return "the type \(name)"
        }
    }
}
