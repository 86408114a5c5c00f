// All or nothing.
import MinkStore

/// Runs transactions on a connection.
final class Transactions {
    private let connection: Connection
    private let begin: Statement
    private let commit: Statement
    private let rollback: Statement
    private let whenUndone: () -> Void
    private var isGroupOpen = false

    /// Transactions on a connection, and who has to know that what was written is gone.
    init(on connection: Connection, whenUndone: @escaping () -> Void = {}) {
        self.connection = connection
        self.whenUndone = whenUndone
        begin = connection.statement("begin immediate")
        commit = connection.statement("commit")
        rollback = connection.statement("rollback")
    }

    /// Opens a transaction that holds all runs until ``endGroup()``.
    func beginGroup() throws(StoreError) {
        guard !isGroupOpen else { return }
        try begin.run()
        isGroupOpen = true
    }

    /// Commits what ran since ``beginGroup()``; all of it is undone when that fails.
    func endGroup() throws(StoreError) {
        guard isGroupOpen else { return }
        isGroupOpen = false
        do {
            try commit.run()
        } catch {
            undo()
            throw error
        }
    }

    /// Runs a body in a transaction: all of it is written, or nothing when it throws.
    ///
    /// In a group the transaction is that of the group.
    func run<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        let isPart = isGroupOpen
        if !isPart { try begin.run() }
        do {
            let result = try body()
            if !isPart {
                CrashPoint.fileBeforeCommit.reach()
                try commit.run()
                CrashPoint.fileCommitted.reach()
            }
            return result
        } catch {
            isGroupOpen = false
            undo()
            throw error
        }
    }

    private func undo() {
        // Some errors have rolled back already; then there is nothing left to do.
        if connection.isInTransaction { _ = try? rollback.run() }
        whenUndone()
    }
}
