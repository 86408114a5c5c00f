// Reads the payload of an event, which stays text until its type is known.
package import MinkExpression

extension DataType {
    /// The value of this type in a JSON text.
    ///
    /// - Parameter json: The text as it was sent; decimals are read from its digits.
    /// - Returns: The value, or why the text does not hold one.
    package func read(json: String) -> Result<Value, TypeMismatch> {
        let document = JSONDocument(reading: Array(json.utf8), limits: .event)
        if let problem = document.problems.first(where: { $0.severity == .error }) {
            return .failure(TypeMismatch("the payload can not be read: \(problem.message)"))
        }
        guard let root = document.root else {
            return .failure(TypeMismatch("the payload is empty"))
        }
        return read(root)
    }
}
