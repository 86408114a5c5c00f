// One connection to the server, over a socket that never blocks. For one thread at a time: the
// thread waits here with a limit, so that a server that has gone silent is noticed.
import CLibpq
import Glibc
import MinkStore

/// An open connection.
final class Connection {
    let handle: OpaquePointer
    /// How long one answer may take.
    let answerLimit: Duration
    private var prepared: Set<String> = []
    /// The settings of a session, where a pooler may give each transaction another connection of
    /// the server; `nil` where this connection is one of the server itself.
    ///
    /// Then every transaction begins with its settings, and no statement is kept at the server.
    var pooled: SessionSettings?
    /// Whether nothing can be sent any more.
    private(set) var isLost = false

    /// Connects, within a limit.
    ///
    /// - Parameters:
    ///   - url: A connection string of libpq; what it says wins over the defaults here.
    ///   - limits: How long to wait, for the connection and for each answer.
    /// - Throws: ``ServerError`` if there is no way in.
    init(url: String, limits: ConnectionLimits) throws(ServerError) {
        try Self.checkReadable(url)
        let settings = [
            ("application_name", "mink-workflow"), ("keepalives_idle", "10"),
            ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "20000"),
            ("dbname", url),
            // Not to be overridden: the log must never be read on a standby, texts are UTF-8.
            ("target_session_attrs", "read-write"), ("client_encoding", "UTF8"),
        ]
        var names = settings.map { UnsafePointer(strdup($0.0)) } + [nil]
        var values = settings.map { UnsafePointer(strdup($0.1)) } + [nil]
        defer { for text in names + values { free(UnsafeMutableRawPointer(mutating: text)) } }
        guard let handle = PQconnectStartParams(&names, &values, 1) else {
            throw ServerError(state: "53200", message: "no memory for a connection")
        }
        self.handle = handle
        answerLimit = limits.answer
        // Notices are for people at a terminal.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try connect(until: .now + limits.connect)
        PQsetnonblocking(handle, 1)
    }

    deinit {
        PQfinish(handle)
    }

    /// Refuses an address that libpq can not read: what it says of one quotes it, passwords too.
    private static func checkReadable(_ url: String) throws(ServerError) {
        guard url.contains("=") || url.contains("://") else { return }
        guard let parsed = PQconninfoParse(url, nil) else {
            throw ServerError(
                state: "",
                message: "invalid address: in a URL a \"%\" of a password is written %25, and in "
                    + "the form key=value a value with spaces stands in quotes",
                isConnectionLost: true)
        }
        PQconninfoFree(parsed)
    }

    private func connect(until deadline: MonotonicTime) throws(ServerError) {
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw lost() }
            let event = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
            try wait(for: event, until: deadline)
            state = PQconnectPoll(handle)
        }
    }

    /// Waits until the socket is ready.
    private func wait(for events: Int32, until deadline: MonotonicTime) throws(ServerError) {
        var socket = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        guard socket.fd >= 0 else { throw lost() }
        while true {
            let ready = poll(&socket, 1, deadline.millisecondsLeft)
            if ready > 0 { return }
            guard ready == 0 || errno == EINTR else { throw lost() }
            if ready == 0, deadline.millisecondsLeft == 0 {
                throw lost("the server did not answer in time")
            }
        }
    }

    /// Notes that the connection is of no more use.
    func lost(_ words: String? = nil) -> ServerError {
        isLost = true
        let said = String(cString: PQerrorMessage(handle)).oneLine
        return ServerError(
            state: "", message: words ?? (said.isEmpty ? "the connection was closed" : said),
            isConnectionLost: true)
    }
}

// MARK: - Sending and receiving

extension Connection {
    /// Runs statements of text, without values.
    func script(_ sql: String) throws(ServerError) {
        guard PQsendQuery(handle, sql) == 1 else { throw lost() }
        try flush()
        try readAll()
    }

    /// Runs one statement in a transaction of its own, or in the open one.
    @discardableResult
    func run(_ statement: Statement, _ parameters: Parameters = Parameters()) throws(ServerError)
        -> ResultRows
    {
        if pooled != nil { return try pipeline([statement.with(parameters)])[0] }
        try prepare(statement)
        try send(statement.with(parameters))
        try flush()
        guard let rows = try readAll().last else {
            throw ServerError(state: "XX000", message: "\(statement.name) returned nothing")
        }
        return rows
    }

    /// Runs statements with one trip to the server, all or none of them.
    ///
    /// - Parameters:
    ///   - calls: The statements.
    ///   - endsBatch: Whether they are a batch of the engine, where a process may be told to end.
    /// - Returns: The rows of each, in order.
    /// - Throws: ``ServerError`` if one fails, or the connection is lost.
    func pipeline(_ calls: [Call], endsBatch: Bool = false) throws(ServerError) -> [ResultRows] {
        if pooled == nil { for call in calls { try prepare(call.statement) } }
        let settings = isInTransaction ? nil : pooled?.call
        guard PQenterPipelineMode(handle) == 1 else { throw lost() }
        if let settings { try send(settings) }
        for call in calls { try send(call) }
        if endsBatch { CrashPoint.batchSending.reach() }
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        try flush()
        if endsBatch { CrashPoint.batchSent.reach() }
        let rows = try readPipeline()
        guard PQexitPipelineMode(handle) == 1 else { throw lost() }
        guard rows.count == calls.count + (settings == nil ? 0 : 1) else {
            throw ServerError(state: "XX000", message: "a pipeline returned too little")
        }
        return Array(rows.suffix(calls.count))
    }

    /// Compiles a statement, once per connection.
    func prepare(_ statement: Statement) throws(ServerError) {
        guard !prepared.contains(statement.name) else { return }
        guard PQsendPrepare(handle, statement.name, statement.sql, 0, nil) == 1 else {
            throw lost()
        }
        try flush()
        try readAll()
        prepared.insert(statement.name)
    }

    private func send(_ call: Call) throws(ServerError) {
        let values = call.parameters.values
        // One byte more: an empty value needs an address too, because none would mean null.
        let flat = values.reduce(into: [UInt8]()) { $0 += $1 ?? [] } + [0]
        var lengths = values.map { Int32($0?.count ?? 0) }
        var formats = [Int32](repeating: 1, count: values.count)
        let sent = flat.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return Int32(0) }
            var offset = 0
            var places: [UnsafePointer<CChar>?] = values.map { value in
                guard let value else { return nil }
                defer { offset += value.count }
                return (start + offset).assumingMemoryBound(to: CChar.self)
            }
            let count = Int32(values.count)
            if pooled != nil {
                return PQsendQueryParams(
                    handle, call.statement.sql, count, nil, &places, &lengths, &formats, 1)
            }
            return PQsendQueryPrepared(
                handle, call.statement.name, count, &places, &lengths, &formats, 1)
        }
        guard sent == 1 else { throw lost() }
    }

    /// Sends what waits, and takes in what comes meanwhile, so that neither side blocks the other.
    private func flush() throws(ServerError) {
        let deadline = MonotonicTime.now + answerLimit
        while true {
            let left = PQflush(handle)
            if left == 0 { return }
            guard left > 0 else { throw lost() }
            try wait(for: POLLIN | POLLOUT, until: deadline)
            guard PQconsumeInput(handle) == 1 else { throw lost() }
        }
    }

    private func nextResult() throws(ServerError) -> OpaquePointer? {
        let deadline = MonotonicTime.now + answerLimit
        while PQisBusy(handle) == 1 {
            try wait(for: POLLIN, until: deadline)
            guard PQconsumeInput(handle) == 1 else { throw lost() }
            if PQflush(handle) < 0 { throw lost() }
        }
        return PQgetResult(handle)
    }

    /// Reads the results of one statement, or of one script.
    @discardableResult
    private func readAll() throws(ServerError) -> [ResultRows] {
        var rows: [ResultRows] = []
        var failure: ServerError?
        while let result = try nextResult() {
            if let error = error(in: result) {
                PQclear(result)
                failure = failure ?? error
            } else {
                rows.append(ResultRows(result))
            }
        }
        if let failure { throw failure }
        return rows
    }

    private func readPipeline() throws(ServerError) -> [ResultRows] {
        var rows: [ResultRows] = []
        var failure: ServerError?
        var wasEmpty = false
        while true {
            guard let result = try nextResult() else {
                // One empty answer ends each statement; two mean that nothing follows.
                if wasEmpty { throw lost() }
                wasEmpty = true
                continue
            }
            wasEmpty = false
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                break
            }
            if let error = error(in: result) {
                PQclear(result)
                failure = failure ?? error
            } else {
                rows.append(ResultRows(result))
            }
        }
        if let failure {
            _ = PQexitPipelineMode(handle)
            throw failure
        }
        return rows
    }

    /// What a result says went wrong; `nil` when nothing did.
    private func error(in result: OpaquePointer) -> ServerError? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return nil
        default:
            // After an error of this weight the server ends the connection.
            let weight = PQresultErrorField(result, Int32(UInt8(ascii: "V")))
                .map { String(cString: $0) }
            if PQstatus(handle) == CONNECTION_BAD || weight == "FATAL" || weight == "PANIC" {
                isLost = true
            }
            return ServerError(result, isConnectionLost: isLost)
        }
    }

    /// The process of the server that serves this connection.
    var backend: Int32 { PQbackendPID(handle) }

    /// Whether a transaction is open.
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
}
