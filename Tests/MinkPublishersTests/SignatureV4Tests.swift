// Signatures of AWS, held against the published vectors of its test suite for version 4.
import MinkExpression
import Testing

@testable import MinkPublishers

@Suite("A signature of AWS")
struct SignatureV4Tests {
    private static let host = (name: "Host", value: "example.amazonaws.com")
    private static let unreserved =
        "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    private static func request(
        _ method: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: String = ""
    ) -> SignatureV4.Request {
        SignatureV4.Request(
            method: method, query: query, headers: [host] + headers, body: Array(body.utf8))
    }

    private static let vectors: [(name: String, request: SignatureV4.Request, signature: String)] =
        [
            (
                "get-vanilla", request("GET"),
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
            ),
            (
                "post-vanilla", request("POST"),
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
            ),
            (
                "get-vanilla-query-order-key-case",
                request("GET", query: [("Param2", "value2"), ("Param1", "value1")]),
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
            (
                "get-vanilla-query-order-value",
                request("GET", query: [("Param1", "value2"), ("Param1", "value1")]),
                "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"
            ),
            (
                "get-vanilla-query-unreserved", request("GET", query: [(unreserved, unreserved)]),
                "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"
            ),
            (
                "post-x-www-form-urlencoded",
                request(
                    "POST", headers: [("Content-Type", "application/x-www-form-urlencoded")],
                    body: "Param1=value1"),
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            ),
            (
                "get-header-value-trim",
                request(
                    "GET", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")]),
                "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
            ),
            (
                "post-header-key-sort", request("POST", headers: [("My-Header1", "value1")]),
                "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
            ),
            (
                "post-header-value-case", request("POST", headers: [("My-Header1", "VALUE1")]),
                "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"
            ),
        ]

    private func headers(
        _ request: SignatureV4.Request, token: String? = nil
    ) throws -> [String: String] {
        let signature = SignatureV4(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE",
                secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                sessionToken: token.map { Secret($0) }),
            region: "us-east-1", service: "service")
        let now = try #require(Timestamp("2015-08-30T12:36:00.5Z"))
        return Dictionary(uniqueKeysWithValues: signature.headers(for: request, at: now).map { $0 })
    }

    @Test(arguments: vectors.indices)
    func `is that of the published vectors`(index: Int) throws {
        let vector = Self.vectors[index]

        let headers = try headers(vector.request)

        let authorization = headers["Authorization"] ?? ""
        #expect(authorization.hasSuffix("Signature=\(vector.signature)"), "\(vector.name)")
        #expect(headers["X-Amz-Date"] == "20150830T123600Z")
        #expect(
            authorization.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                    + "SignedHeaders="))
    }

    @Test func `covers the token of a session`() throws {
        let token =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmx"
            + "fpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0K"
            + "PkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZb"
            + "qBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

        let headers = try headers(Self.request("POST"), token: token)

        #expect(headers["X-Amz-Security-Token"] == token)
        #expect(
            headers["Authorization"]?.hasSuffix(
                "SignedHeaders=host;x-amz-date;x-amz-security-token, "
                    + "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")
                == true)
    }

    @Test func `is made with credentials that nothing shows`() {
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("s3cret"),
            sessionToken: Secret("t0ken"))
        var dumped = ""
        dump(credentials, to: &dumped)

        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("t0ken"))
        }
    }
}
