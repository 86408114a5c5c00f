// An address of the Internet protocol as its bytes, in the forms of the system.
import CCurl  // Its headers bring a part of the system's words for sockets.
import Glibc

/// An IPv4 or IPv6 address.
package struct NetworkAddress: Sendable, Hashable {
    /// 4 or 16 bytes, the first one first.
    package let bytes: [UInt8]

    /// The address that a text writes; `nil` for names.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// The address in a socket address of the system; `nil` for other families.
    init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            var four = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        case AF_INET6:
            var six = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        default: return nil
        }
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// The address as it is written.
    package var description: String {
        var text = [CChar](repeating: 0, count: 64)
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return text.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}

extension NetworkAddress {
    /// All addresses of a host, as the system finds them.
    ///
    /// It waits for servers of names.
    ///
    /// - Returns: The addresses, each once; or why there are none, for people.
    static func lookUp(_ host: String) -> Result<[NetworkAddress], LookUpFailure> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let problem = getaddrinfo(host, nil, &hints, &list)
        guard problem == 0 else {
            return .failure(LookUpFailure(reason: String(cString: gai_strerror(problem))))
        }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var entry = list
        while let current = entry {
            if let address = current.pointee.ai_addr.flatMap({ NetworkAddress($0) }),
                !found.contains(address)
            {
                found.append(address)
            }
            entry = current.pointee.ai_next
        }
        return found.isEmpty ? .failure(LookUpFailure(reason: "no address")) : .success(found)
    }
}

/// Why a host has no address.
struct LookUpFailure: Error {
    let reason: String
}
