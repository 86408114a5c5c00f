// A connection that is made when it is needed, and made again when it was lost. Lives in one thread.
import CLibpq
import Glibc
import MinkStore

/// Where a store is, and how it is used.
struct Address: Sendable {
    let url: String
    let schema: Schema
    let options: PostgresOptions
}

final class Session {
    let address: Address
    private var open: Connection?
    private var inTransaction = false
    /// Whether a new connection is held against what the store has noted of its server.
    var checksIdentity = true
    /// Counts the connections that were made.
    private(set) var generation = 0
    /// Gives others the means to end what runs here.
    private let publish: (Canceller?) -> Void

    init(_ address: Address, publish: @escaping (Canceller?) -> Void = { _ in }) {
        self.address = address
        self.publish = publish
    }

    /// The connection; a new one when there is none.
    ///
    /// - Throws: ``StoreError`` with code `unavailable` when it was lost inside a transaction.
    func connection() throws(StoreError) -> Connection {
        if let open, !open.isLost { return open }
        guard !inTransaction else {
            throw StoreError(
                code: .unavailable, message: "the connection was lost inside a transaction")
        }
        disconnect()
        let made = try connect()
        open = made
        generation += 1
        publish(Canceller(made))
        do throws(StoreError) {
            try welcome(made)
            if checksIdentity { try ServerIdentity.check(self) }
        } catch {
            disconnect()
            throw error
        }
        return made
    }

    func disconnect() {
        publish(nil)
        open = nil
        inTransaction = false
    }

    /// Tries to connect for some time: a server that starts anew is back soon.
    private func connect() throws(StoreError) -> Connection {
        let limits = address.options.limits
        let deadline = MonotonicTime.now + limits.connect
        var delay: Int64 = 50
        while true {
            do throws(ServerError) {
                return try Connection(url: address.url, limits: limits)
            } catch {
                let jitter = Int64.random(in: 0...delay)
                guard .now + .milliseconds(delay + jitter) < deadline, error.isPassing else {
                    throw StoreError(
                        code: .unavailable,
                        message: "the database can not be reached (\(error.message)); "
                            + "check its address and that it runs")
                }
                usleep(UInt32(1_000 * (delay + jitter)))
                delay = min(2 * delay, 1_000)
            }
        }
    }

    /// Tells the server how this session works, and refuses servers that can not be relied on.
    private func welcome(_ connection: Connection) throws(StoreError) {
        guard PQserverVersion(connection.handle) >= 140_000 else {
            throw StoreError(
                code: .unavailable,
                message: "the server is older than PostgreSQL 14; use a newer one")
        }
        guard connection.parameter("server_encoding") == "UTF8" else {
            throw StoreError(
                code: .unavailable,
                message: "the database does not keep its texts as UTF-8; create one that does")
        }
        let settings = SessionSettings(address)
        connection.pooled = settings
        // A pooler gives a number of its own to each client.
        let backend = try run(.backend).first { $0.integer() }
        if backend == Int64(connection.backend) {
            connection.pooled = nil
            try script(settings.script)
        }
        if !address.options.allowDataLoss { try ServerSafety.check(self) }
    }
}

// MARK: - Running

extension Session {
    /// Runs a statement.
    @discardableResult
    func run(
        _ statement: Statement, _ parameters: Parameters = Parameters()
    ) throws(StoreError) -> ResultRows {
        let connection = try connection()
        return try Self.told { () throws(ServerError) in
            try connection.run(statement, parameters)
        }
    }

    /// Runs a statement that only reads; once more when the connection turns out to be lost.
    func read(
        _ statement: Statement, _ parameters: Parameters = Parameters()
    ) throws(StoreError) -> ResultRows {
        let first = try connection()
        do throws(ServerError) {
            return try first.run(statement, parameters)
        } catch {
            guard error.isConnectionLost, !inTransaction else { throw StoreError(error) }
            return try run(statement, parameters)
        }
    }

    func script(_ sql: String) throws(StoreError) {
        let connection = try connection()
        try Self.told { () throws(ServerError) in try connection.script(sql) }
    }

    /// Runs statements with one trip to the server, all or none of them.
    @discardableResult
    func pipeline(_ calls: [Call]) throws(StoreError) -> [ResultRows] {
        let connection = try connection()
        return try Self.told { () throws(ServerError) in try connection.pipeline(calls) }
    }

    static func told<Result>(
        _ body: () throws(ServerError) -> Result
    ) throws(StoreError) -> Result {
        do throws(ServerError) {
            return try body()
        } catch {
            throw StoreError(error)
        }
    }

    /// Runs a body in a transaction: all of it is written, or nothing when it throws.
    func transaction<Result>(
        isolation: String = "read committed", _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try begin(isolation: isolation)
        do throws(StoreError) {
            let result = try body()
            try commit()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs a body that reads everything as of one moment.
    func snapshot<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try transaction(isolation: "repeatable read, read only", body)
    }

    func begin(isolation: String = "read committed") throws(StoreError) {
        let plain = "begin isolation level \(isolation)"
        try script(try connection().pooled?.beginning(isolation) ?? plain)
        inTransaction = true
    }

    func commit() throws(StoreError) {
        try script("commit")
        inTransaction = false
    }

    /// Undoes an open transaction; a lost connection has done so already.
    func rollback() {
        guard inTransaction else { return }
        inTransaction = false
        guard let open, !open.isLost else { return }
        do { try open.script("rollback") } catch { self.open = nil }
    }
}

extension ServerError {
    /// Whether it may be otherwise in a moment.
    fileprivate var isPassing: Bool {
        // What the server says before it lets somebody in has no state here, only words.
        let lasting = ["password authentication", "does not exist", "pg_hba", "invalid", "missing"]
        return !lasting.contains { message.contains($0) }
    }
}

extension Connection {
    /// What the server told of itself; empty when it did not.
    func parameter(_ name: String) -> String {
        PQparameterStatus(handle, name).map { String(cString: $0) } ?? ""
    }
}

extension Statement {
    static let backend = Statement("backend", "select pg_backend_pid()::bigint")
}
