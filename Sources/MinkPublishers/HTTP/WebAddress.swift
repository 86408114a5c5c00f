// A web address, read by the library that calls it: so that what is checked is what is called.
import CCurl
public import MinkStore

/// An address that begins with `https` or `http`.
public struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as it is called.
    public let description: String
    /// Whether it begins with `https`.
    public let isEncrypted: Bool
    /// The host, without brackets and with numbers in their usual form.
    public let host: String
    /// The port, also where the text has none.
    public let port: Int

    /// Reads an address.
    ///
    /// - Parameter text: An absolute address.
    /// - Throws: ``MinkStore/PublisherError`` when it is none, has another scheme, or has a name
    ///   and a password in it.
    public init(_ text: String) throws(PublisherError) {
        guard !text.utf8.contains(0), let parts = curl_url() else {
            throw Self.unreadable
        }
        defer { curl_url_cleanup(parts) }
        guard curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parts),
            let host = Self.part(CURLUPART_HOST, of: parts), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: parts).flatMap(Int.init),
            let whole = Self.part(CURLUPART_URL, of: parts)
        else { throw Self.unreadable }
        let user = Self.part(CURLUPART_USER, of: parts)
        guard user == nil, Self.part(CURLUPART_PASSWORD, of: parts) == nil else {
            throw PublisherError(
                "the address of \"\(host)\" has a name or password in it; use a secret instead")
        }
        guard scheme == "https" || scheme == "http" else {
            throw PublisherError(
                "the address of \"\(host)\" begins with \"\(scheme)\"; write \"https\"")
        }
        guard Self.part(CURLUPART_ZONEID, of: parts) == nil else {
            throw PublisherError(
                "the address of \"\(host)\" names a network card, which no receiver can be at")
        }
        description = whole
        isEncrypted = scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
    }

    /// The text is not repeated: a password may stand in it.
    private static var unreadable: PublisherError {
        PublisherError("this is no web address; write \"https://HOST/PATH\"")
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let flags = part == CURLUPART_PORT ? UInt32(CURLU_DEFAULT_PORT) : 0
        guard curl_url_get(parts, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
