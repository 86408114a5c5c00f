// The words of a picture: short, in one line, safe to show.
import MinkExpression

extension String {
    /// The text in one line: white space is one space, and nothing moves a cursor.
    var oneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ").visible
    }

    /// The text, cut behind a word when it is longer than a number of letters.
    func shortened(to length: Int) -> String {
        guard count > length else { return self }
        let cut = prefix(max(1, length - 1))
        let word = cut.lastIndex(of: " ").map { cut[..<$0] }
        // A word that is very long is cut itself.
        let kept = word.flatMap { $0.count >= length / 2 ? $0 : nil } ?? cut
        return kept + "…"
    }

    /// The first sentences, as far as they fit into a number of letters.
    func firstWords(_ length: Int) -> String {
        var text = ""
        var sentence = ""
        for word in oneLine.split(separator: " ") {
            sentence += (sentence.isEmpty ? "" : " ") + word
            guard word.hasSuffix("."), word.count > 2 else { continue }
            let longer = text.isEmpty ? sentence : "\(text) \(sentence)"
            if longer.count > length, !text.isEmpty { return text }
            (text, sentence) = (longer, "")
        }
        let whole = text.isEmpty || sentence.isEmpty ? text + sentence : "\(text) \(sentence)"
        return text.isEmpty || whole.count <= length ? whole.shortened(to: length) : text
    }

    /// The text in lines of at most a number of letters, broken between words.
    func wrapped(at width: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

extension Template {
    /// What the file says, in short.
    var words: String {
        switch self {
        case .literal(.string(let text)): text.oneLine
        case .literal(.duration(let duration)): DurationText.format(duration)
        case .literal(let value): value.json
        case .expression(let located): located.words
        case .list, .object: "…"
        }
    }
}

extension LocatedExpression {
    /// The text of the expression, in short.
    var words: String { expression.text.oneLine.shortened(to: 72) }
}

extension Timeout {
    /// When it is due.
    var words: String {
        switch due {
        case .after(let span): "after \(span.words)"
        case .at(let moment): "at \(moment.words)"
        }
    }
}

extension Need {
    /// How many parts a join waits for.
    var words: String {
        switch self {
        case .all: "all"
        case .any: "any one"
        case .count(let count): count.words
        }
    }
}

extension Join {
    /// What is said when it fires.
    var whenMet: String {
        switch self {
        case .forEach: "enough answers"
        case .waitFor(let gathering):
            switch gathering.need {
            case .all: "all came"
            case .any: "one came"
            case .count: "enough came"
            }
        }
    }
}
