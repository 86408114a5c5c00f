// Which addresses a message may be sent to: only those that anyone on the Internet can reach.
//
// A destination's name may lead, today or after the next look-up, to a server of this machine, of
// its network, or of its cloud. So each address is judged by itself, at every try, and again when
// the socket is opened. The ranges are those that IANA lists as special (RFC 6890 and its
// successors). What carries an IPv4 address inside an IPv6 one is refused whole: nobody needs it to
// be reached, and it is a way around the other ranges.

/// Which addresses may be called.
public struct AddressPolicy: Sendable, Hashable {
    /// Whether this machine itself may be called, also without encryption: for tests.
    public var allowLoopback: Bool

    /// A policy.
    ///
    /// - Parameter allowLoopback: Whether this machine itself may be called; not unless told.
    public init(allowLoopback: Bool = false) {
        self.allowLoopback = allowLoopback
    }

    /// What kind of address this is that must not be called, for people; `nil` when it may be.
    package func refusal(of address: NetworkAddress) -> String? {
        let ranges = address.bytes.count == 4 ? Self.four : Self.six
        let range = ranges.first { $0.contains(address.bytes) }
        guard let range else {
            // Whatever stands outside of the range of today's Internet is not assigned.
            let isGlobal = address.bytes.count == 4 || address.bytes[0] & 0xE0 == 0x20
            return isGlobal ? nil : "an unassigned address"
        }
        if allowLoopback, range.isLoopback { return nil }
        return range.kind
    }

    /// Why an address must not be called in this way, for people; `nil` when it may be.
    package func refusal(of web: WebAddress, at addresses: [NetworkAddress]) -> String? {
        for address in addresses {
            if let kind = refusal(of: address) {
                return "\"\(web.host)\" is \(kind) (\(address)); calls into this network are "
                    + "not allowed"
            }
        }
        let isLocal = addresses.allSatisfy { Self.isLoopback($0) }
        guard web.isEncrypted || (allowLoopback && isLocal) else {
            return "\"\(web)\" is not encrypted; write \"https\""
        }
        return nil
    }

    private static func isLoopback(_ address: NetworkAddress) -> Bool {
        (address.bytes.count == 4 ? four : six).contains {
            $0.isLoopback && $0.contains(address.bytes)
        }
    }
}

extension AddressPolicy {
    /// Addresses that begin with the same bits.
    private struct Range {
        let prefix: [UInt8]
        let bits: Int
        let kind: String
        var isLoopback = false

        func contains(_ bytes: [UInt8]) -> Bool {
            for (index, byte) in prefix.enumerated() {
                let counted = min(8, bits - index * 8)
                if counted <= 0 { return true }
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> counted)
                if bytes[index] & mask != byte & mask { return false }
            }
            return true
        }
    }

    private static func range(_ prefix: String, _ bits: Int, _ kind: String) -> Range? {
        NetworkAddress(prefix).map {
            Range(
                prefix: $0.bytes, bits: bits, kind: kind, isLoopback: kind == "a loopback address")
        }
    }

    private static let four = [
        range("0.0.0.0", 8, "an address of this network"),
        range("10.0.0.0", 8, "a private address"),
        range("100.64.0.0", 10, "a shared address"),
        range("127.0.0.0", 8, "a loopback address"),
        range("169.254.0.0", 16, "a link-local address"),
        range("172.16.0.0", 12, "a private address"),
        range("192.0.0.0", 24, "a reserved address"),
        range("192.0.2.0", 24, "an address for examples"),
        range("192.88.99.0", 24, "a 6to4 relay"),
        range("192.168.0.0", 16, "a private address"),
        range("198.18.0.0", 15, "an address for measurements"),
        range("198.51.100.0", 24, "an address for examples"),
        range("203.0.113.0", 24, "an address for examples"),
        range("224.0.0.0", 4, "a multicast address"),
        range("240.0.0.0", 4, "a reserved address"),
    ].compactMap(\.self)

    private static let six = [
        range("::1", 128, "a loopback address"),
        range("::", 128, "an address of this network"),
        range("::ffff:0:0", 96, "an IPv4 address inside an IPv6 one"),
        range("::", 96, "an IPv4 address inside an IPv6 one"),
        range("::ffff:0:0:0", 96, "an IPv4 address inside an IPv6 one"),
        range("64:ff9b::", 96, "a NAT64 address"),
        range("64:ff9b:1::", 48, "a NAT64 address"),
        range("100::", 64, "an address that leads nowhere"),
        range("2001::", 32, "a Teredo address"),
        range("2001::", 23, "a reserved address"),
        range("2001:db8::", 32, "an address for examples"),
        range("2002::", 16, "a 6to4 address"),
        range("3fff::", 20, "an address for examples"),
        range("5f00::", 16, "a reserved address"),
        range("fc00::", 7, "a private address"),
        range("fe80::", 10, "a link-local address"),
        range("fec0::", 10, "a private address"),
        range("ff00::", 8, "a multicast address"),
    ].compactMap(\.self)
}
