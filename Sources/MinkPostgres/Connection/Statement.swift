// A statement that is prepared once per connection and run often.

/// SQL with numbered parameters, and the name under which the server keeps it.
struct Statement: Sendable, Hashable {
    let name: String
    let sql: String

    init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// The statement with its values.
    func with(_ parameters: Parameters) -> Call {
        Call(statement: self, parameters: parameters)
    }
}

/// A statement that is about to run.
struct Call {
    let statement: Statement
    let parameters: Parameters
}
