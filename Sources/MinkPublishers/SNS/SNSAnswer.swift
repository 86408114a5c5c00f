// What SNS answers: a little XML, of which only the texts of a few elements matter.
import MinkStore

/// The answer to a batch.
struct SNSAnswer {
    /// What came of the entries, by their ids.
    let outcomes: [String: PublishOutcome]

    /// Reads an answer with status 200.
    init(_ text: String) {
        var outcomes: [String: PublishOutcome] = [:]
        let accepted = XMLText.elements("Successful", in: text[...])
        for member in accepted.flatMap({ XMLText.elements("member", in: $0) }) {
            if let id = XMLText.text(of: "Id", in: member) { outcomes[id] = .accepted() }
        }
        let failed = XMLText.elements("Failed", in: text[...])
        for member in failed.flatMap({ XMLText.elements("member", in: $0) }) {
            guard let id = XMLText.text(of: "Id", in: member) else { continue }
            outcomes[id] = Self.failure(
                code: XMLText.text(of: "Code", in: member) ?? "",
                message: XMLText.text(of: "Message", in: member) ?? "")
        }
        self.outcomes = outcomes
    }

    /// What a code of SNS says of a message.
    static func failure(code: String, message: String) -> PublishOutcome {
        let words = message.isEmpty ? code : "\(code): \(message)"
        return neverTaken.contains(code)
            ? .rejected("SNS refuses it: \(words)") : .failed("SNS did not take it: \(words)")
    }

    /// Codes that no further try changes: the message itself is wrong.
    private static let neverTaken: Set<String> = [
        "InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationError",
    ]

    /// The code and message of an answer with another status.
    static func error(in text: String) -> (code: String, message: String)? {
        guard let error = XMLText.elements("Error", in: text[...]).first,
            let code = XMLText.text(of: "Code", in: error)
        else { return nil }
        return (code, XMLText.text(of: "Message", in: error) ?? "")
    }
}

/// Finds elements in XML that holds no comments and no sections of raw text, as answers of AWS.
enum XMLText {
    /// What stands inside of the elements with a name, one after the other.
    static func elements(_ name: String, in text: Substring) -> [Substring] {
        var found: [Substring] = []
        var rest = text
        while let start = rest.firstRange(of: "<\(name)>") {
            guard let end = rest[start.upperBound...].firstRange(of: "</\(name)>") else { break }
            found.append(rest[start.upperBound..<end.lowerBound])
            rest = rest[end.upperBound...]
        }
        return found
    }

    /// The text of the first element with a name.
    static func text(of name: String, in text: Substring) -> String? {
        elements(name, in: text).first.map(decoded)
    }

    private static func decoded(_ text: Substring) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
            .reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}
