// Keys and passwords in a file. What was found is never printed, only the first letters of its kind.
import MinkExpression

/// Looks for secrets in the texts of a file.
struct SecretScan {
    let context: ReadingContext

    /// Walks a whole file; its depth is bounded by the reader of JSON.
    func scan(_ node: Node, under name: String = "") {
        switch node.kind {
        case .string: check(node, under: name)
        case .array: for element in node.elements { scan(element, under: name) }
        case .object: for member in node.members { scan(member.value, under: member.name) }
        default: break
        }
    }

    private func check(_ node: Node, under name: String) {
        guard let text = node.text, text.utf8.count >= 12, !text.hasPrefix("secret:") else {
            return
        }
        if let kind = Self.kinds.first(where: { $0.fits(text) }) {
            report(node, kind.words, kind.shown)
        } else if Self.isSecretName(name), Self.looksRandom(text) {
            report(node, "a secret", String(text.prefix(2)) + "…")
        }
    }

    private func report(_ node: Node, _ words: String, _ shown: String) {
        context.report(
            .secret, "this looks like \(words) (\(shown))", at: node,
            help: "keep it out of the file; use \"secret:NAME\" in the operator's configuration")
    }

    private struct Kind {
        let prefix: String
        let words: String
        /// How many letters and digits have to follow.
        let length: Int

        var shown: String { prefix + "…" }

        func fits(_ text: String) -> Bool {
            guard let found = text.firstRange(of: prefix) else { return false }
            if found.lowerBound > text.startIndex {
                let before = text[text.index(before: found.lowerBound)]
                guard !before.isLetter, !before.isNumber else { return false }
            }
            let rest = text[found.upperBound...].utf8.prefix { Self.isKeyByte($0) }
            return rest.count >= length
        }

        private static func isKeyByte(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2B, 0x2F, 0x2E: true
            default: false
            }
        }
    }

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

    /// Whether a text is no word of a language: long, of one piece, and of many kinds of letters.
    private static func looksRandom(_ text: String) -> Bool {
        guard text.utf8.count >= 16, !text.hasPrefix("="), !text.utf8.contains(0x20) else {
            return false
        }
        let kinds = text.utf8.reduce(into: Set<Int>()) { kinds, byte in
            switch byte {
            case 0x30...0x39: kinds.insert(0)
            case 0x41...0x5A: kinds.insert(1)
            case 0x61...0x7A: kinds.insert(2)
            default: kinds.insert(3)
            }
        }
        return kinds.contains(0) && kinds.count >= 2 && Set(text.utf8).count >= 10
    }
}
