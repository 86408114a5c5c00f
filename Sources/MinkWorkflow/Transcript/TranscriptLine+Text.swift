// A line of a transcript for people, in columns:
//
//   2026-01-01T00:30:00Z  o3        command     RefundPayment            accepted   undo  {…}
import MinkDefinition
import MinkEngine
import MinkExpression

extension TranscriptLine {
    /// The line in columns, without a line break.
    package var text: String {
        var bytes: [UInt8] = []
        writeText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the line in columns, without a line break, behind other bytes.
    package func writeText(to bytes: inout [UInt8]) {
        bytes.append(at)
        bytes.appendSpaces(2)
        bytes.append(column: owner, width: 12)
        bytes.append(column: word, width: 10)
        bytes.append(column: subject, width: 28)
        let start = bytes.count
        appendPredicate(to: &bytes)
        _ = bytes.showControls(from: start)
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
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
        case .action: "operator"
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
        case .action(let verb, _): verb
        case .instance(let summary): workflow.map { "\($0) v\(summary.version)" } ?? ""
        }
    }

    private func appendPredicate(to bytes: inout [UInt8]) {
        switch fact {
        case .event(let id, _, let judged, let why):
            bytes.append(judged.words, " (", id, ")")
            if let why { bytes.append(": ", why) }
        case .transition(let from, _, let trigger):
            bytes.append("by ")
            switch trigger {
            case .event(let name): bytes.append(name)
            case .timer(let name): bytes.append("the ", name)
            }
            if let from { bytes.append(", from ", from) }
        case .command(let command):
            bytes.append(command.outcome.rawValue)
            if command.attempt > 1 { bytes.append(" at try \(command.attempt)") }
            bytes.appendSpaces(2)
            bytes.append(json: command.arguments)
        case .incident(_, let message): bytes.append(message)
        case .action(_, let reason): bytes.append(reason)
        case .deadLetter(let id, _, let reason): bytes.append(reason, " (", id, ")")
        case .instance(let summary): bytes.append(summary.words)
        }
    }
}

extension MinkEngine.Fact.Judgement {
    fileprivate var words: String {
        self == .deadLetter ? "set aside" : rawValue
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

extension [UInt8] {
    fileprivate mutating func append(_ texts: String...) {
        for text in texts { append(contentsOf: text.utf8) }
    }

    fileprivate mutating func append(_ moment: Timestamp) {
        let start = count
        append(contentsOf: repeatElement(0, count: Timestamp.longestText))
        let length = withUnsafeMutableBufferPointer { bytes in
            moment.write(to: UnsafeMutableBufferPointer(rebasing: bytes[start...]))
        }
        removeLast(Timestamp.longestText - length)
    }

    fileprivate mutating func append(json value: Value) {
        var writer = JSONWriter(behind: self)
        self = []
        writer.value(value)
        self = writer.bytes
    }

    fileprivate mutating func appendSpaces(_ count: Int) {
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
    }

    /// Adds a text and fills its column with spaces, and two more.
    fileprivate mutating func append(column text: String, width: Int) {
        let start = count
        append(text)
        let length = showControls(from: start)
        appendSpaces(Swift.max(0, width - length) + 2)
    }

    /// Makes control and direction characters behind a place visible.
    ///
    /// - Returns: How many characters then stand there.
    fileprivate mutating func showControls(from start: Int) -> Int {
        let isPlain = self[start...].allSatisfy { $0 &- 0x20 < 0x5F }
        guard !isPlain else { return count - start }
        let shown = String(decoding: self[start...], as: UTF8.self).withoutControls
        replaceSubrange(start..., with: shown.utf8)
        return shown.unicodeScalars.count
    }
}

extension String {
    /// The text with control and direction characters made visible, so that data cannot move the
    /// cursor of a terminal.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.map {
            $0.isControl ? "\\u{\(String($0.value, radix: 16))}" : String($0)
        }.joined()
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
