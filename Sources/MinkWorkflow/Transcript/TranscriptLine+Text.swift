// A line of a transcript for people, in columns:
//
//   2026-01-01T00:30:00Z  o3        command     RefundPayment            accepted   undo  {…}
import MinkEngine
import MinkExpression

extension TranscriptLine {
    /// The line in columns, without a line break.
    package var text: String {
        var line = ""
        line.reserveCapacity(160)
        line.append(column: at.description, width: 20)
        line.append(column: owner, width: 12)
        line.append(column: word, width: 10)
        line.append(column: subject, width: 28)
        line.append(column: predicate, width: 0)
        while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
        return line
    }

    private var owner: String {
        let name = key.map(\.description) ?? "-"
        return tenant.isEmpty ? name : "\(tenant)/\(name)"
    }

    private var word: String {
        switch fact {
        case .transition: "state"
        case .command(let command): command.isCompensation ? "undo" : "command"
        case .deadLetter: "dead letter"
        case .instance: "end"
        case .event, .incident: name
        }
    }

    private var subject: String {
        switch fact {
        case .event(_, let type, _, _): type
        case .transition(_, let to, _): to
        case .command(let command): command.name
        case .incident(let code, _): code
        case .deadLetter(_, let type, _): type
        case .instance(let summary): workflow.map { "\($0) v\(summary.version)" } ?? ""
        }
    }

    private var predicate: String {
        switch fact {
        case .event(let id, _, let judged, let why):
            "\(judged.words) (\(id))" + (why.map { ": \($0)" } ?? "")
        case .transition(let from, _, let trigger):
            trigger.words + (from.map { ", from \($0)" } ?? "")
        case .command(let command): command.words
        case .incident(_, let message): message
        case .deadLetter(let id, _, let reason): "\(reason) (\(id))"
        case .instance(let summary): summary.words
        }
    }
}

extension MinkEngine.Fact.Judgement {
    fileprivate var words: String {
        self == .deadLetter ? "set aside" : rawValue
    }
}

extension TranscriptLine.Trigger {
    fileprivate var words: String {
        switch self {
        case .event(let name): "by \(name)"
        case .timer(let name): "by the \(name)"
        }
    }
}

extension SentCommand {
    fileprivate var words: String {
        let tries = attempt > 1 ? " at try \(attempt)" : ""
        return "\(outcome.rawValue)\(tries)  \(arguments.json)"
    }
}

extension InstanceSummary {
    fileprivate var words: String {
        var text = status?.rawValue ?? "only held events"
        if let state { text += " in \(state)" }
        if let failureReason { text += ": \(failureReason)" }
        if !ledger.isEmpty { text += "; ledger \(ledger.joined(separator: ", "))" }
        if held > 0 { text += "; \(held) held" }
        if let incident { text += "; incident \(incident)" }
        return text
    }
}

extension String {
    /// Adds a text and fills its column with spaces, and two more.
    fileprivate mutating func append(column text: String, width: Int) {
        let isPlain = text.isPlain
        let shown = isPlain ? text : text.withoutControls
        append(shown)
        guard width > 0 else { return }
        let length = isPlain ? shown.utf8.count : shown.unicodeScalars.count
        append(String(repeating: " ", count: max(0, width - length) + 2))
    }

    /// The text with control and direction characters made visible, so that data cannot move the
    /// cursor of a terminal.
    package var withoutControls: String {
        guard !isPlain, unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.map {
            $0.isControl ? "\\u{\(String($0.value, radix: 16))}" : String($0)
        }.joined()
    }
}

extension String {
    /// Whether this is ASCII without control characters.
    fileprivate var isPlain: Bool {
        utf8.allSatisfy { $0 &- 0x20 < 0x5F }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
