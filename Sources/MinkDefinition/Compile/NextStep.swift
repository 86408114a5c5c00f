// What the author of a file does next, where that depends on types and on the place.
import MinkExpression

extension DataType {
    /// What makes a computed value fit this type, or another one take its place.
    ///
    /// - Parameters:
    ///   - type: What the expression gives.
    ///   - text: The expression as written.
    /// - Returns: An order to the author.
    func nextStep(from type: ExpressionType, writtenAs text: String) -> String {
        let shown = text.trimmingSpaces
        switch (kind, type) {
        case (_, .optional):
            return "add .orValue(…), which says what holds when it is absent"
        case (_, .null):
            return "write a value in place of null, or declare the field with \"?\""
        case (.string, .int), (.string, .uint), (.string, .double), (.string, .decimal),
            (.string, .bool), (.string, .timestamp), (.string, .duration):
            return "write string(\(shown))"
        case (.integer, .string), (.integer, .double):
            return "write int(\(shown))"
        case (.decimal, .string):
            return "write decimal(\(shown))"
        case (.number, .string), (.number, .decimal):
            return "write double(\(shown))"
        case (.timestamp, .string):
            return "write timestamp(\(shown))"
        case (.duration, .string):
            return "write duration(\(shown))"
        case (.duration, .int):
            return "write minutes(\(shown)), hours(\(shown)) or days(\(shown))"
        default:
            return "write an expression that gives \(phrase)"
        }
    }
}

extension TypeMismatch {
    /// What the author does about a value that is written out.
    func nextStep(for name: String) -> String {
        "write a value that fits, or declare \"\(name)\" with another type"
    }
}

extension Scope {
    /// What the author does where a name means nothing.
    static func nextStep(withoutName name: String) -> String {
        switch name {
        case "event":
            "keep what is needed in \"data\" when the event comes, and read it from \"data\" here"
        case "failure":
            "leave it out here, or move this to the failed or cancelled state"
        case "join":
            "keep the number in \"data\" in \"onJoin\", and read it from \"data\" here"
        case "command":
            "compare with \"event\" or \"data\" here"
        case "data", "saga", "now":
            "use \"event\" or \"meta\" here"
        default:
            "use it inside of that \"forEach\", or keep what is needed in \"data\""
        }
    }
}
