// A way to the server that can be cut at a chosen moment: before the server gets what is sent, or
// after it has done it and before its answer arrives.
import Glibc
import MinkStore
import MinkTesting
import Synchronization

@testable import MinkPostgres

final class CuttingProxy: Sendable {
    enum Cut: Sendable {
        case beforeRequest
        case beforeAnswer
    }

    struct Failure: Error {
        let errno: Int32
    }

    private let folder: String
    private let listener: Int32
    private let target: String
    private let cut = Mutex<Cut?>(nil)

    /// How to connect through the proxy.
    var url: String { "host=\(folder) user=mink dbname=postgres" }

    init() throws {
        let server = try ScratchPostgres.shared.get()
        var template = Array("/tmp/mink-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(errno: errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        target = "\(server.folder)/.s.PGSQL.5432"
        listener = try Self.socket("\(folder)/.s.PGSQL.5432") { bind($0, $1, $2) }
        guard listen(listener, 16) == 0 else { throw Failure(errno: errno) }
        try Thread.start { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 { serve(client) }
        }
    }

    /// Cuts the connection that next sends something.
    func cutNext(_ cut: Cut) {
        self.cut.withLock { $0 = cut }
    }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        unlink("\(folder)/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func serve(_ client: Int32) {
        guard let server = try? Self.socket(target, { connect($0, $1, $2) }) else {
            Glibc.close(client)
            return
        }
        try? Thread.start { [self] in
            pump(client, server)
            Glibc.close(client)
            Glibc.close(server)
        }
    }

    /// Passes bytes both ways until one side ends or the connection is cut.
    private func pump(_ client: Int32, _ server: Int32) {
        var isCut = false
        while true {
            var ends = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&ends, 2, -1) > 0 else { return }
            if ends[0].revents != 0 {
                let cut = cut.withLock { cut in
                    defer { cut = nil }
                    return cut
                }
                if case .beforeRequest = cut { return }
                if case .beforeAnswer = cut { isCut = true }
                guard pass(from: client, to: server) else { return }
            }
            if ends[1].revents != 0 {
                // The answer comes when the server is done.
                if isCut { return }
                guard pass(from: server, to: client) else { return }
            }
        }
    }

    private func pass(from source: Int32, to goal: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(source, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        var sent = 0
        while sent < count {
            let more = bytes[sent..<count].withUnsafeBytes { rest in
                send(goal, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard more > 0 else { return false }
            sent += more
        }
        return true
    }

    private static func socket(
        _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
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
        guard result == 0 else { throw Failure(errno: errno) }
        return socket
    }
}
