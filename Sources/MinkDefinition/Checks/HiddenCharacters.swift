// Characters that a reader does not see, or takes for others: they make a file say something else
// than it shows.
import MinkExpression

/// Looks for hidden characters in the texts of a file, and for look-alike letters in its names.
struct HiddenCharacters {
    let context: ReadingContext

    /// Walks a whole file; its depth is bounded by the reader of JSON.
    func scan(source: Int) {
        guard let root = context.root(ofSource: source),
            Self.mayHide(context.sources[source].text)
        else { return }
        scan(root)
    }

    /// Whether a text has more than plain letters; most have not.
    private static func mayHide(_ text: SourceText) -> Bool {
        guard text.isASCII else { return true }
        let bytes = text.bytes
        return bytes.places(of: UInt8(ascii: "\\")).contains { place in
            place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "u")
        }
    }

    private func scan(_ node: Node) {
        switch node.kind {
        case .string: checkText(node)
        case .array: for element in node.elements { scan(element) }
        case .object:
            for (name, value) in node.members {
                if let words = Self.objection(to: name) {
                    report("the name \(Self.shown(name)) \(words)", at: value, value.nameRange)
                }
                scan(value)
            }
        default: break
        }
    }

    private func checkText(_ node: Node) {
        guard let text = node.text,
            let hidden = text.unicodeScalars.first(where: Self.isHiddenInText)
        else { return }
        report("this text holds a hidden character (\(Self.code(hidden)))", at: node, nil)
    }

    /// Says it once; a name may have been looked at when it was declared.
    private func report(_ message: String, at node: Node, _ range: Range<Int>?) {
        let span = context.span(node, range)
        guard !context.findings.contains(where: { $0.rule == .hiddenCharacters && $0.span == span })
        else { return }
        context.report(.hiddenCharacters, message, at: node, range, help: Self.help)
    }

    static let help = "delete it and type it again"

    // MARK: What is hidden

    /// What is wrong with the letters of a name; `nil` when they are what they seem.
    static func objection(to name: String) -> String? {
        guard name.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        if let hidden = name.unicodeScalars.first(where: isHiddenInName) {
            return "holds a hidden character (\(code(hidden)))"
        }
        let isLatin = name.utf8.contains {
            (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
        guard isLatin, let letter = name.unicodeScalars.lazy.compactMap({ lookAlikes[$0] }).first
        else { return nil }
        return "holds a letter that looks like \"\(letter)\" but is not"
    }

    /// A name in quotes, in which nothing stays hidden.
    static func shown(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if isHiddenInName(scalar) {
                text += "‹\(code(scalar))›"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return "\"\(text)\""
    }

    private static func code(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// What turns the direction of writing, or has no width.
    private static func isHiddenInText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// In a name also the characters that only join others, as some scripts and pictures need.
    private static func isHiddenInName(_ scalar: Unicode.Scalar) -> Bool {
        isHiddenInText(scalar) || scalar.value == 0x200C || scalar.value == 0x200D
            || scalar.value == 0xAD
    }

    /// Letters of other scripts that look like Latin ones.
    private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = {
        let cyrillic = zip("аеорсхуіјѕһԁАВЕКМНОРСТХУІЈЅ", "aeopcxyijshdABEKMHOPCTXYIJS")
        let greek = zip("οαιντυρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oaivtupABEZHIKMNOPTYX")
        var letters: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (other, latin) in Array(cyrillic) + Array(greek) {
            letters[other.unicodeScalars[other.unicodeScalars.startIndex]] =
                latin.unicodeScalars[latin.unicodeScalars.startIndex]
        }
        return letters
    }()
}
