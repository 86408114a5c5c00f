// The table of networks that no message may be sent into.
import MinkStore
import Testing

@testable import MinkPublishers

@Suite("The policy of addresses")
struct AddressPolicyTests {
    private static let refused: [(address: String, kind: String)] = [
        ("0.0.0.0", "an address of this network"),
        ("0.255.255.255", "an address of this network"),
        ("10.0.0.0", "a private address"),
        ("10.255.255.255", "a private address"),
        ("100.64.0.0", "a shared address"),
        ("100.127.255.255", "a shared address"),
        ("127.0.0.1", "a loopback address"),
        ("127.255.255.255", "a loopback address"),
        ("169.254.0.0", "a link-local address"),
        ("169.254.169.254", "a link-local address"),
        ("172.16.0.0", "a private address"),
        ("172.31.255.255", "a private address"),
        ("192.0.0.8", "a reserved address"),
        ("192.0.2.1", "an address for examples"),
        ("192.88.99.1", "a 6to4 relay"),
        ("192.168.0.0", "a private address"),
        ("192.168.255.255", "a private address"),
        ("198.18.0.0", "an address for measurements"),
        ("198.19.255.255", "an address for measurements"),
        ("198.51.100.7", "an address for examples"),
        ("203.0.113.255", "an address for examples"),
        ("224.0.0.1", "a multicast address"),
        ("239.255.255.255", "a multicast address"),
        ("240.0.0.0", "a reserved address"),
        ("255.255.255.255", "a reserved address"),
        ("::", "an address of this network"),
        ("::1", "a loopback address"),
        ("::ffff:127.0.0.1", "an IPv4 address inside an IPv6 one"),
        ("::ffff:8.8.8.8", "an IPv4 address inside an IPv6 one"),
        ("::127.0.0.1", "an IPv4 address inside an IPv6 one"),
        ("::ffff:0:10.0.0.1", "an IPv4 address inside an IPv6 one"),
        ("64:ff9b::10.0.0.1", "a NAT64 address"),
        ("64:ff9b::8.8.8.8", "a NAT64 address"),
        ("64:ff9b:1::1", "a NAT64 address"),
        ("100::1", "an address that leads nowhere"),
        ("2001::1", "a Teredo address"),
        ("2001:1::1", "a reserved address"),
        ("2001:1ff:ffff::1", "a reserved address"),
        ("2001:db8::1", "an address for examples"),
        ("2002:7f00:1::", "a 6to4 address"),
        ("2002:a00:1::1", "a 6to4 address"),
        ("3fff::1", "an address for examples"),
        ("3fff:fff::1", "an address for examples"),
        ("5f00::1", "a reserved address"),
        ("fc00::1", "a private address"),
        ("fd00:ec2::254", "a private address"),
        ("fdff:ffff::1", "a private address"),
        ("fe80::1", "a link-local address"),
        ("febf::1", "a link-local address"),
        ("fec0::1", "a private address"),
        ("ff02::1", "a multicast address"),
        ("4000::1", "an unassigned address"),
        ("1000::1", "an unassigned address"),
    ]

    @Test(arguments: refused)
    func `refuses what not everyone can reach`(address: String, kind: String) throws {
        let address = try #require(NetworkAddress(address))

        #expect(AddressPolicy().refusal(of: address) == kind)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "2000::1",
        "2001:200::1", "2001:db7::1", "2001:db9::1", "2003::1", "2606:4700::1111", "3ffe::1",
        "3fff:1000::1",
    ])
    func `lets through what stands beside`(address: String) throws {
        let address = try #require(NetworkAddress(address))

        #expect(AddressPolicy().refusal(of: address) == nil)
    }

    @Test(arguments: refused)
    func `lets only this machine itself through for tests`(address: String, kind: String) throws {
        let address = try #require(NetworkAddress(address))
        let isLoopback = kind == "a loopback address"

        let refusal = AddressPolicy(allowLoopback: true).refusal(of: address)

        #expect(refusal == (isLoopback ? nil : kind))
    }

    @Test func `judges each address of a host, not only the first`() throws {
        let web = try WebAddress("https://shop.example/")
        let addresses = ["8.8.8.8", "10.0.0.1"].compactMap { NetworkAddress($0) }

        #expect(
            AddressPolicy().refusal(of: web, at: addresses)
                == "\"shop.example\" is a private address (10.0.0.1); calls into this network are "
                + "not allowed")
    }

    @Test func `asks for encryption, except at this machine in tests`() throws {
        let web = try WebAddress("http://shop.example/")
        let (there, here) = (NetworkAddress("8.8.8.8"), NetworkAddress("127.0.0.1"))

        let refusal = AddressPolicy(allowLoopback: true).refusal(of: web, at: [try #require(there)])
        let local = AddressPolicy(allowLoopback: true).refusal(of: web, at: [try #require(here)])

        #expect(refusal == "\"http://shop.example/\" is not encrypted; write \"https\"")
        #expect(local == nil)
    }
}

@Suite("A web address")
struct WebAddressTests {
    @Test(arguments: [
        ("https://a.example/x?y=1", "a.example", 443, true),
        ("http://a.example:81", "a.example", 81, false),
        ("https://[2001:db8::1]:8443/", "2001:db8::1", 8443, true),
        // Numbers in forms that only machines read are read as the machine will.
        ("https://2130706433/", "127.0.0.1", 443, true),
        ("https://0x7f.1/", "127.0.0.1", 443, true),
        ("https://0177.0.0.1/", "127.0.0.1", 443, true),
    ])
    func `has a host and a port`(text: String, host: String, port: Int, isEncrypted: Bool) throws {
        let address = try WebAddress(text)

        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.isEncrypted == isEncrypted)
    }

    @Test(arguments: [
        "", "payments.example", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/",
        "https://", "https://user:pass@a.example/", "https://user@a.example/",
        "https://a.example:99999/", "https://[fe80::1%25eth0]/", "https://a b/", "https://a\u{0}b/",
    ])
    func `is refused in any other form`(text: String) {
        #expect(throws: PublisherError.self) { try WebAddress(text) }
    }

    @Test(arguments: [
        "https://user:s3cret@a.example/", "ftp://user:s3cret@h/", "postgres://u:s3cret@h/",
        "https://u:s3cret @h/",
    ])
    func `never shows a password that stands in it`(text: String) {
        let error = #expect(throws: PublisherError.self) { try WebAddress(text) }

        #expect(error?.message.contains("s3cret") == false)
    }
}
