// Signatures of requests to AWS, version 4.
//
//   request ─▶ canonical text ─▶ digest ─▶ text to sign ─▶ HMAC with a key of the day ─▶ header
import MinkDefinition
import MinkExpression

/// Who calls AWS.
public struct AWSCredentials: Sendable, Hashable {
    let accessKeyID: String
    let secretAccessKey: Secret
    let sessionToken: Secret?

    /// Credentials.
    ///
    /// - Parameters:
    ///   - accessKeyID: The id of the key.
    ///   - secretAccessKey: The key.
    ///   - sessionToken: What temporary credentials have besides.
    public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// Signs requests to one service of AWS in one region.
struct SignatureV4: Sendable {
    let credentials: AWSCredentials
    let region: String
    let service: String

    /// A request, as far as it is signed.
    struct Request {
        var method = "POST"
        /// The path, encoded as it is sent.
        var path = "/"
        /// The query's names and values, not encoded.
        var query: [(name: String, value: String)] = []
        /// The headers that are signed; the host is one of them.
        var headers: [(name: String, value: String)]
        var body: [UInt8] = []
    }

    /// The headers to send besides those of the request: the date, a session's token, and the
    /// signature.
    func headers(
        for request: Request, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let date = Self.text(of: now)
        var added = [(name: "X-Amz-Date", value: date)]
        if let token = credentials.sessionToken {
            added.append(("X-Amz-Security-Token", token.text))
        }
        var signed = request
        signed.headers += added
        return added + [("Authorization", authorization(of: signed, date: date))]
    }

    private func authorization(of request: Request, date: String) -> String {
        let (canonical, names) = request.canonical
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let digest = Self.hexadecimal(Digest.sha256(Array(canonical.utf8)))
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(digest)"
        let key = [day, region, service, "aws4_request"].reduce(
            Array("AWS4".utf8) + credentials.secretAccessKey.bytes
        ) { MessageDigest.hmac(Array($1.utf8), key: $0) }
        let signature = Self.hexadecimal(MessageDigest.hmac(Array(text.utf8), key: key))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(names), Signature=\(signature)"
    }

    /// A moment as `20150830T123600Z`.
    private static func text(of now: Timestamp) -> String {
        let whole = Timestamp(seconds: now.seconds) ?? now
        return "\(whole)".filter { $0 != "-" && $0 != ":" }
    }

    fileprivate static func hexadecimal(_ bytes: [UInt8]) -> String {
        Digest.hexadecimal(bytes[...])
    }
}

extension SignatureV4.Request {
    /// The one text of the request that both sides sign, and the names of the signed headers.
    fileprivate var canonical: (text: String, names: String) {
        var values: [String: [String]] = [:]
        for header in headers {
            values[header.name.lowercased(), default: []].append(Self.trimmed(header.value))
        }
        let names = values.keys.sorted { $0.precedesByBytes($1) }
        let lines = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }
        let signedNames = names.joined(separator: ";")
        let parts = [
            method, path, encodedQuery, lines.joined(), signedNames,
            SignatureV4.hexadecimal(Digest.sha256(body)),
        ]
        return (parts.joined(separator: "\n"), signedNames)
    }

    private var encodedQuery: String {
        let pairs = query.map { (FormText.encode($0.name), FormText.encode($0.value)) }
        return
            pairs.sorted {
                $0.0 == $1.0 ? $0.1.precedesByBytes($1.1) : $0.0.precedesByBytes($1.0)
            }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// A header's value without spaces at its ends, and with single ones inside.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }
}

/// Text in forms and queries.
enum FormText {
    /// The text with everything but letters, digits, "-", ".", "_" and "~" written as "%" and two
    /// digits.
    static func encode(_ text: String) -> String {
        HeaderText.encode(text) { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                false
            default: !"-._~".utf8.contains(byte)
            }
        }
    }

    /// A form's fields as one text.
    static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
        Array(
            fields.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&").utf8)
    }
}
