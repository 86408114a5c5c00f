// What a function takes and gives.

/// One way to call a function.
struct Signature: Sendable {
    let parameters: [ExpressionType]
    let result: ExpressionType
    /// Whether the last parameter may repeat.
    var repeats = false

    /// The type of the result; `nil` when the arguments do not fit.
    func result(for arguments: [ExpressionType]) -> ExpressionType? {
        guard repeats ? arguments.count >= parameters.count : arguments.count == parameters.count
        else { return nil }
        var bindings = TypeBindings()
        for (index, argument) in arguments.enumerated() {
            let wanted = parameters[min(index, parameters.count - 1)]
            if !bindings.accept(wanted, argument) { return nil }
        }
        return bindings.resolve(result)
    }
}

extension Signature: CustomStringConvertible {
    var description: String {
        "(\(parameters.map { "\($0)" }.joined(separator: ", ")))"
    }
}
