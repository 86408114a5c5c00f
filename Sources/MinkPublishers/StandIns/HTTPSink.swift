// A receiver of requests on this machine, for tests and measurements: one thread for each connection,
// which stays open until the other side closes it.
import CCurl  // Its headers bring a part of the system's words for sockets.
import Glibc
package import MinkStore
import Synchronization

/// Takes requests on a free port of the loopback address, and answers what a function says.
package final class HTTPSink: Sendable {
    /// A request as it came.
    package struct Request: Sendable {
        /// The first line.
        package let line: String
        /// The headers by name in small letters.
        package let headers: [String: String]
        package let body: [UInt8]
    }

    /// What is answered.
    package struct Answer: Sendable {
        package var status = 200
        package var headers: [String: String] = [:]
        package var body: [UInt8] = []
        /// How long the answer waits.
        package var delay: Duration = .zero
        /// Whether the connection ends without an answer.
        package var hangsUp = false

        package init(_ status: Int = 200, json: String? = nil, headers: [String: String] = [:]) {
            self.status = status
            self.headers = headers
            guard let json else { return }
            body = Array(json.utf8)
            self.headers["Content-Type"] = "application/json"
        }
    }

    package let port: Int
    private let socket: Int32
    private let answer: @Sendable (Request) -> Answer
    private let open = Mutex<(sockets: Set<Int32>, isStopped: Bool)>(([], false))

    /// Starts to listen.
    package init(_ answer: @escaping @Sendable (Request) -> Answer) throws(PublisherError) {
        self.answer = answer
        (socket, port) = try Self.listen()
        try OwnThread.start { [self] in accept() }
    }

    /// The address of the sink.
    package var address: String { "http://127.0.0.1:\(port)/" }

    /// Closes all connections and stops to listen.
    package func stop() {
        let sockets = open.withLock { open in
            open.isStopped = true
            return open.sockets
        }
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        shutdown(socket, Int32(SHUT_RDWR))
    }

    private static func listen() throws(PublisherError) -> (socket: Int32, port: Int) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(socket, place, size) == 0 && Glibc.listen(socket, 256) == 0
                    && getsockname(socket, place, &size) == 0
            }
        }
        guard isReady else {
            close(socket)
            throw PublisherError("no port can be opened")
        }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(socket, nil, nil)
            guard connection >= 0 else {
                if errno == EINTR { continue }
                break
            }
            let isWanted = open.withLock { open in
                if !open.isStopped { open.sockets.insert(connection) }
                return !open.isStopped
            }
            let isStarted: Void? =
                isWanted ? try? OwnThread.start { [self] in serve(connection) } : nil
            if isStarted == nil { end(connection) }
        }
        close(socket)
    }

    private func end(_ connection: Int32) {
        _ = open.withLock { $0.sockets.remove(connection) }
        close(connection)
    }

    private func serve(_ connection: Int32) {
        var reader = RequestReader(connection)
        while let request = reader.next() {
            let answer = answer(request)
            if answer.delay > .zero { usleep(UInt32(clamping: answer.delay.milliseconds * 1_000)) }
            if answer.hangsUp || !send(answer, to: connection) { break }
        }
        end(connection)
    }

    private func send(_ answer: Answer, to connection: Int32) -> Bool {
        var head = "HTTP/1.1 \(answer.status) Answer\r\nContent-Length: \(answer.body.count)\r\n"
        for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + answer.body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    connection, buffer.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

/// Reads requests from a connection, one after the other.
private struct RequestReader {
    private let connection: Int32
    private var bytes: [UInt8] = []

    init(_ connection: Int32) { self.connection = connection }

    /// The next request; `nil` when the other side is done.
    mutating func next() -> HTTPSink.Request? {
        let mark = Array("\r\n\r\n".utf8)
        while bytes.firstRange(of: mark) == nil { guard readMore() else { return nil } }
        guard let end = bytes.firstRange(of: mark) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let size = headers["content-length"].flatMap(Int.init) ?? 0
        while bytes.count - end.upperBound < size { guard readMore() else { return nil } }
        let body = Array(bytes[end.upperBound..<end.upperBound + size])
        bytes.removeFirst(end.upperBound + size)
        return HTTPSink.Request(line: lines.first ?? "", headers: headers, body: body)
    }

    private mutating func readMore() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(connection, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        bytes += chunk[..<count]
        return true
    }
}
