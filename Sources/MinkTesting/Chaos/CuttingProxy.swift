// A way to a server over which connections can be cut at a chosen moment.
//
//   client ──▶ socket in a folder of our own ──▶ server
//             │ before, inside or behind what the client sends
//             │ before, inside or behind the answer
//             │ silent for a while, or a byte at a time
import Glibc
import MinkWorkflow
import Synchronization

/// Passes connections on to a server, and cuts them.
package final class CuttingProxy: Sendable {
    /// Where a connection is cut.
    package enum Cut: String, Sendable, CaseIterable {
        /// The server gets nothing.
        case beforeRequest
        /// The server gets the first half.
        case insideRequest
        /// The server has done what it was asked, and the client never hears of it.
        case beforeAnswer
        /// The client gets a part of the answer.
        case insideAnswer
        /// The client gets the whole answer, and no further one.
        case afterAnswer
        /// Nothing passes any more, and nobody is told for a while.
        case halfOpen
        /// The answer passes a byte at a time, for a while.
        case trickle
    }

    private struct State {
        var cut: Cut?
        /// Cuts only what holds this text; anything when it is empty.
        var words: [UInt8] = []
        var done = 0
    }

    /// Why there is no proxy.
    package struct Failure: Error {
        package let errno: Int32
    }

    private let folder: String
    private let listener: Int32
    private let target: String
    private let silence: Duration
    private let state = Mutex(State())

    /// How to connect through the proxy.
    package var url: String { "host=\(folder) user=mink dbname=postgres" }

    /// How many connections were cut.
    package var cuts: Int { state.withLock(\.done) }

    /// Whether a cut was asked for and has not found its connection yet.
    package var isArmed: Bool { state.withLock { $0.cut != nil } }

    /// A proxy before a scratch server.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - silence: How long a connection that is half open stays so.
    /// - Throws: ``Failure`` when no socket can be made.
    package init(to server: ScratchPostgres, silence: Duration = .seconds(1)) throws(Failure) {
        var template = Array("/tmp/mink-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(errno: errno) }
        folder = template.withUnsafeBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.silence = silence
        target = "\(server.folder)/.s.PGSQL.5432"
        listener = try Self.socket("\(folder)/.s.PGSQL.5432") { bind($0, $1, $2) }
        guard listen(listener, 64) == 0 else { throw Failure(errno: errno) }
        let isRunning = OwnThread.run { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 { serve(client) }
        }
        guard isRunning else { throw Failure(errno: EAGAIN) }
    }

    /// Cuts the connection that next sends something, or something that holds these words.
    package func cutNext(_ cut: Cut, holding words: String = "") {
        state.withLock { state in
            state.cut = cut
            state.words = Array(words.utf8)
        }
    }

    /// Takes back a cut that has not found its connection.
    package func disarm() {
        state.withLock { $0.cut = nil }
    }

    /// Accepts no more connections, and removes the socket.
    package func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        unlink("\(folder)/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func serve(_ client: Int32) {
        let server = try? Self.socket(target) { connect($0, $1, $2) }
        guard let server else {
            Glibc.close(client)
            return
        }
        _ = OwnThread.run { [self] in
            pump(client, server)
            Glibc.close(client)
            Glibc.close(server)
        }
    }

    private func takeCut(for request: ArraySlice<UInt8>) -> Cut? {
        state.withLock { state in
            guard let cut = state.cut, request.holds(state.words) else { return nil }
            state.cut = nil
            state.done += 1
            return cut
        }
    }
}

// MARK: - Passing bytes

extension CuttingProxy {
    /// Passes bytes both ways until one side ends or the connection is cut.
    private func pump(_ client: Int32, _ server: Int32) {
        var cut: Cut?
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            var ends = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&ends, 2, -1) > 0 || errno == EINTR else { return }
            if ends[0].revents != 0 {
                let count = recv(client, &bytes, bytes.count, 0)
                guard count > 0 else { return }
                if cut == nil { cut = takeCut(for: bytes[..<count]) }
                guard passRequest(bytes[..<count], cut, to: server) else { return }
            }
            if ends[1].revents != 0 {
                let count = recv(server, &bytes, bytes.count, 0)
                guard count > 0 else { return }
                guard passAnswer(bytes[..<count], cut, to: client) else { return }
            }
        }
    }

    /// Passes on what the client sends; `false` when the connection ends here.
    private func passRequest(_ bytes: ArraySlice<UInt8>, _ cut: Cut?, to server: Int32) -> Bool {
        switch cut {
        case .beforeRequest: return false
        case .insideRequest:
            _ = Self.send(bytes.prefix(max(1, bytes.count / 2)), to: server)
            return false
        case .halfOpen:
            _ = Self.send(bytes, to: server)
            Self.wait(silence)
            return false
        default: return Self.send(bytes, to: server)
        }
    }

    /// Passes on what the server answers; `false` when the connection ends here.
    private func passAnswer(_ bytes: ArraySlice<UInt8>, _ cut: Cut?, to client: Int32) -> Bool {
        switch cut {
        case .beforeAnswer: return false
        case .insideAnswer:
            _ = Self.send(bytes.prefix(max(1, bytes.count / 2)), to: client)
            return false
        case .afterAnswer:
            _ = Self.send(bytes, to: client)
            return false
        case .trickle:
            for place in bytes.indices.prefix(2) {
                guard Self.send(bytes[place...place], to: client) else { return false }
                Self.wait(silence / 2)
            }
            return false
        default: return Self.send(bytes, to: client)
        }
    }

    private static func wait(_ time: Duration) {
        usleep(UInt32(max(0, min(10_000_000, time / .microseconds(1)))))
    }

    private static func send(_ bytes: ArraySlice<UInt8>, to goal: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(goal, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private static func socket(
        _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(Failure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let problem = errno
            Glibc.close(socket)
            throw Failure(errno: problem)
        }
        return socket
    }
}

extension ArraySlice<UInt8> {
    /// Whether some bytes stand in these.
    fileprivate func holds(_ words: [UInt8]) -> Bool {
        guard let first = words.first else { return true }
        guard count >= words.count else { return false }
        return indices.dropLast(words.count - 1).contains { place in
            self[place] == first && self[place...].starts(with: words)
        }
    }
}
