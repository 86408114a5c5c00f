// Signatures of webhooks after the Standard Webhooks specification, version 1.0.0.
//
//   webhook-signature: v1,base64(HMAC-SHA256(secret, id "." timestamp "." body)) v1,…
//
// While a secret is being replaced, messages are signed with the new one and the old one, and a
// receiver takes whichever it knows.
public import MinkExpression
public import MinkStore

/// A secret that webhooks are signed with.
public struct WebhookSecret: Sendable, Hashable {
    private let key: Secret

    /// A secret from its text: base64 of 24 to 64 bytes, with `whsec_` before it or without.
    ///
    /// - Parameter secret: The text that both sides have.
    /// - Throws: ``MinkStore/PublisherError`` if it has another form; the message does not show it.
    public init(_ secret: Secret) throws(PublisherError) {
        var text = secret.text
        if text.hasPrefix(Self.prefix) { text.removeFirst(Self.prefix.count) }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let key = Base64.decode(text + padding) else {
            throw PublisherError("a secret of a webhook is \"whsec_\" and base64; this one is not")
        }
        guard Self.sizes.contains(key.count) else {
            throw PublisherError(
                "a secret of a webhook has \(Self.sizes.lowerBound) to \(Self.sizes.upperBound) "
                    + "bytes; this one has \(key.count)")
        }
        self.key = Secret(bytes: key)
    }

    private static let prefix = "whsec_"
    private static let sizes = 24...64

    /// The signature of a message, as it stands in the header.
    ///
    /// - Parameters:
    ///   - id: The message's id.
    ///   - timestamp: The time of this try, in seconds since 1970.
    ///   - body: The body, byte by byte as it is sent.
    /// - Returns: `v1,` and base64.
    public func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        "v1," + Base64.encode(digest(id: id, timestamp: String(timestamp), body: body))
    }

    fileprivate func digest(id: String, timestamp: String, body: [UInt8]) -> [UInt8] {
        MessageDigest.hmac(Array("\(id).\(timestamp).".utf8) + body, key: key.bytes)
    }
}

/// Checks webhooks that come in.
///
/// A message that passes was sent by someone who has the secret, and not long ago. It may still be
/// one that came before: its id tells.
public struct WebhookVerifier: Sendable {
    /// The names of the headers.
    public enum Header {
        /// The message's id.
        public static let id = "webhook-id"
        /// The time of the try, in seconds since 1970.
        public static let timestamp = "webhook-timestamp"
        /// The signatures, with spaces between them.
        public static let signature = "webhook-signature"
    }

    private let secrets: [WebhookSecret]
    private let tolerance: Duration

    /// A verifier.
    ///
    /// - Parameters:
    ///   - secrets: The secrets, each of which may sign.
    ///   - tolerance: How far the sender's time may be away, to both sides; 5 minutes unless told.
    public init(secrets: [WebhookSecret], tolerance: Duration = .seconds(300)) {
        self.secrets = secrets
        self.tolerance = tolerance
    }

    /// Checks a message.
    ///
    /// - Parameters:
    ///   - headers: The headers of the request, by name in small letters.
    ///   - body: The body, byte by byte as it came.
    ///   - now: The present moment.
    /// - Throws: ``WebhookRefusal`` if the message must not be believed.
    public func verify(
        headers: [String: String], body: [UInt8], at now: Timestamp
    ) throws(WebhookRefusal) {
        guard let id = headers[Header.id], !id.isEmpty,
            let timestamp = headers[Header.timestamp],
            let signatures = headers[Header.signature]
        else { throw .missingHeader }
        // Only plain digits: what is signed is the text, so it must have one meaning.
        guard timestamp.utf8.allSatisfy({ (48...57).contains($0) }), timestamp.utf8.count <= 11,
            let seconds = Int64(timestamp), let sent = Timestamp(seconds: seconds)
        else { throw .badTimestamp }
        let age = now.since(sent)
        guard age <= tolerance else { throw .tooOld }
        guard age >= .zero - tolerance else { throw .tooNew }
        let expected = secrets.map { $0.digest(id: id, timestamp: timestamp, body: body) }
        let isSigned = signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let digest = Base64.decode(signature.dropFirst(3))
            else { return false }
            return expected.contains { MessageDigest.areSame($0, digest) }
        }
        guard isSigned else { throw .noMatch }
    }
}

/// Why a webhook that came in must not be believed.
public enum WebhookRefusal: Error, Sendable, Hashable {
    /// One of the three headers is missing.
    case missingHeader
    /// The timestamp is no number of seconds.
    case badTimestamp
    /// It was sent longer ago than is tolerated.
    case tooOld
    /// It was sent further in the future than is tolerated.
    case tooNew
    /// No signature was made with a secret of ours.
    case noMatch
}
