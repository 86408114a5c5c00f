// Keys and passwords in a file. What was found is never printed, only the first letters of its kind.
import MinkExpression

/// Looks for secrets in the texts of a file.
struct SecretScan {
    let context: ReadingContext

    /// Walks a whole file; its depth is bounded by the reader of JSON.
    func scan(_ root: Node) { scan(root.json, of: root.source, under: nil) }

    private func scan(_ node: JSONNode, of source: Int, under member: JSONNode.Member?) {
        switch node.kind {
        case .string: check(node, of: source, under: member)
        case .array:
            for element in node.elements { scan(element, of: source, under: member) }
        case .object:
            for member in node.members { scan(member.value, of: source, under: member) }
        default: break
        }
    }

    private func check(_ node: JSONNode, of source: Int, under member: JSONNode.Member?) {
        // No text is longer than the bytes that it is written with.
        guard node.range.count >= 12, let text = node.textBytes, text.count >= 12,
            !text.starts(with: "secret:".utf8)
        else { return }
        if let kind = Self.kind(of: text) {
            report(node, of: source, kind.words, kind.shown)
        } else if Self.mayBeRandom(text), let member, Self.isSecretName(member.name),
            Self.looksRandom(text)
        {
            report(node, of: source, "a secret", String((node.text ?? "").prefix(2)) + "…")
        }
    }

    private func report(_ node: JSONNode, of source: Int, _ words: String, _ shown: String) {
        context.report(
            .secret, "this looks like \(words) (\(shown))", at: Node(json: node, source: source),
            help: "keep it out of the file; use \"secret:NAME\" in the operator's configuration")
    }

    private struct Kind {
        let prefix: String
        let words: String
        /// How many letters and digits have to follow.
        let length: Int

        var shown: String { prefix + "…" }

        /// Whether a key of this kind begins at a place.
        func begins(at place: Int, in bytes: ArraySlice<UInt8>) -> Bool {
            guard bytes[place...].starts(with: prefix.utf8) else { return false }
            if place > bytes.startIndex, SecretScan.isLetterOrDigit(bytes[place - 1]) {
                return false
            }
            let rest = bytes[(place + prefix.utf8.count)...]
            return rest.prefix(length).allSatisfy(SecretScan.isKeyByte) && rest.count >= length
        }
    }

    /// The kind of key that stands in a text; `nil` when there is none.
    private static func kind(of text: ArraySlice<UInt8>) -> Kind? {
        let (beginsKey, isSecond) = (Self.beginsKey, Self.isSecond)
        for place in text.indices where beginsKey[Int(text[place])] {
            // The second byte too: keys begin with letters of many words.
            guard place + 1 < text.endIndex, isSecond[Int(text[place + 1])] else { continue }
            if let kind = kinds.first(where: { $0.begins(at: place, in: text) }) { return kind }
        }
        return nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || [0x5F, 0x2D, 0x2B, 0x2F, 0x2E].contains(byte)
    }

    /// For each byte whether keys begin with it: most texts hold few such bytes.
    private static let beginsKey: [Bool] = {
        let first = Set(kinds.compactMap(\.prefix.utf8.first))
        return (0...UInt8.max).map(first.contains)
    }()

    /// For each byte whether it is the second one of a key.
    private static let isSecond: [Bool] = {
        let second = Set(kinds.compactMap { $0.prefix.utf8.dropFirst().first })
        return (0...UInt8.max).map(second.contains)
    }()

    private static let kinds: [Kind] = [
        Kind(prefix: "AKIA", words: "an AWS access key", length: 12),
        Kind(prefix: "ASIA", words: "an AWS access key", length: 12),
        Kind(prefix: "sk_live_", words: "a Stripe secret key", length: 8),
        Kind(prefix: "rk_live_", words: "a Stripe secret key", length: 8),
        Kind(prefix: "ghp_", words: "a GitHub token", length: 16),
        Kind(prefix: "github_pat_", words: "a GitHub token", length: 16),
        Kind(prefix: "xoxb-", words: "a Slack token", length: 8),
        Kind(prefix: "xoxp-", words: "a Slack token", length: 8),
        Kind(prefix: "xoxa-", words: "a Slack token", length: 8),
        Kind(prefix: "xoxs-", words: "a Slack token", length: 8),
        Kind(prefix: "whsec_", words: "a webhook secret", length: 8),
        Kind(prefix: "eyJhbGci", words: "a signed token (JWT)", length: 16),
        Kind(prefix: "-----BEGIN ", words: "a private key", length: 0),
    ]

    private static func isSecretName(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["token", "secret", "password", "passwd", "apikey", "api_key", "privatekey"]
            .contains { name.hasSuffix($0) }
    }

    /// Whether a text is long, of one piece, and no expression.
    private static func mayBeRandom(_ text: ArraySlice<UInt8>) -> Bool {
        text.count >= 16 && text.first != UInt8(ascii: "=") && !text.contains(0x20)
    }

    /// Whether a text of one piece is no word of a language: it has many kinds of letters.
    private static func looksRandom(_ text: ArraySlice<UInt8>) -> Bool {
        let kinds = text.reduce(into: Set<Int>()) { kinds, byte in
            switch byte {
            case 0x30...0x39: kinds.insert(0)
            case 0x41...0x5A: kinds.insert(1)
            case 0x61...0x7A: kinds.insert(2)
            default: kinds.insert(3)
            }
        }
        return kinds.contains(0) && kinds.count >= 2 && Set(text).count >= 10
    }
}
