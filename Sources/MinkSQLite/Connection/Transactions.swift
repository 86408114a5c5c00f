// All or nothing.
import MinkStore

/// Runs transactions on a connection.
final class Transactions {
    private let connection: Connection
    private let begin: Statement
    private let commit: Statement
    private let rollback: Statement

    init(on connection: Connection) {
        self.connection = connection
        begin = connection.statement("begin immediate")
        commit = connection.statement("commit")
        rollback = connection.statement("rollback")
    }

    /// Runs a body in a transaction: all of it is written, or nothing when it throws.
    func run<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try begin.run()
        do {
            let result = try body()
            try commit.run()
            return result
        } catch {
            // Some errors have rolled back already; then there is nothing left to do.
            if connection.isInTransaction { _ = try? rollback.run() }
            throw error
        }
    }
}
