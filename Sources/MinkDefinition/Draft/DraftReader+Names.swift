// What a name may look like: letters, digits, "_" or "-", at most 80 of them.
import MinkExpression

extension DraftReader {
    /// Says what is wrong with a declared name.
    func checkName(_ name: Located<String>, of noun: String) {
        if let words = HiddenCharacters.objection(to: name.value) {
            // The name looks right, so only this says what is wrong with it.
            let thing = noun.split(separator: " ", maxSplits: 1).last ?? "name"
            context.report(
                Finding(
                    .hiddenCharacters, "\(thing) \(HiddenCharacters.shown(name.value)) \(words)",
                    at: context.span(name.node, name.range), help: HiddenCharacters.help
                ).with(.error))
        } else if !Self.isName(name.value) {
            context.report(
                .badName,
                "\(noun) needs a name of letters, digits, \"_\" or \"-\", at most 80", at: name)
        } else if noun == "a command", name.value == "none" {
            context.report(
                .badName, "\"none\" cannot name a command; under \"undo\" it says \"nothing\"",
                at: name)
        }
    }

    /// Whether a text can name something.
    static func isName(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x5F || $0 == 0x2D }
    }

    /// Whether a text can name a variable of expressions.
    static func isVariable(_ text: String) -> Bool {
        guard isName(text), let first = text.utf8.first, !isDigit(first) else { return false }
        return !text.utf8.contains(0x2D) && !Scope.reserved.contains(text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
