// Sends events: what is told as sent is committed.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkTesting
import MinkWorkflow

/// Events of a command line, and where they come from.
struct EventSending {
    private enum Source {
        /// Events of one type, as data.
        case data([String], type: String)
        /// Lines that are events.
        case lines(String)
    }

    /// How many events go into one transaction.
    private static let mostAtOnce = 500

    private let source: Source
    private let arguments: Arguments

    private var isJSON: Bool { arguments.value("--format") == "jsonl" }

    init(_ arguments: Arguments) throws(UsageError) {
        self.arguments = arguments
        let words = Array(arguments.operands.dropFirst())
        guard let word = words.first, words.count == 1 else {
            throw UsageError(
                message: "say what to send: send TYPE --data JSON, or send FILE, or send -")
        }
        let isFile = word == "-" || FileSystem.kind(of: word) == .file
        guard let data = arguments.value("--data") else {
            guard isFile else {
                throw UsageError(
                    message: "send \(word) needs --data JSON; a file, or - for standard input, "
                        + "goes too")
            }
            let own = ["--id", "--stream", "--correlation", "--tenant"]
            if let name = own.first(where: { arguments.value($0) != nil }) {
                throw UsageError(message: "\(name) goes with --data; lines say it themselves")
            }
            source = .lines(word)
            return
        }
        let texts = try Self.texts(data)
        guard arguments.value("--id") == nil || texts.count == 1 else {
            throw UsageError(message: "--id names one event, and here are \(texts.count)")
        }
        source = .data(texts, type: word)
    }

    /// The data of one event, or of one on each line.
    private static func texts(_ data: String) throws(UsageError) -> [String] {
        var text = data
        if data == "-" || !data.hasPrefix("{") {
            let content = data == "-" ? FileSystem.readStandardInput() : FileSystem.read(data)
            guard case .success(let bytes) = content else {
                throw UsageError(
                    message: "--data is neither a JSON object nor a file that can be read")
            }
            text = String(decoding: bytes, as: UTF8.self)
        }
        if isObject(text) { return [text] }
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.allSatisfy(\.isWhitespace) }
        if let line = lines.firstIndex(where: { !isObject($0) }) {
            let place = lines.count == 1 ? "" : "; see line \(line + 1)"
            throw UsageError(message: "--data has to be a JSON object\(place)")
        }
        guard !lines.isEmpty else { throw UsageError(message: "--data has no JSON object") }
        return lines
    }

    private static func isObject(_ text: String) -> Bool {
        let document = JSONDocument(reading: Array(text.utf8), limits: .event)
        return !document.hasErrors && document.root?.kind == .object
    }

    /// Sends everything.
    func send(to store: any AnyStore, _ catalog: Catalog) async throws(StoreError) -> ExitCode {
        switch source {
        case .data(let texts, let type):
            var code = ExitCode.ok
            var rest = texts.map { event(type, data: $0) }[...]
            while !rest.isEmpty {
                let events = Array(rest.prefix(Self.mostAtOnce))
                rest = rest.dropFirst(events.count)
                code = max(code, try await append(events, to: store, catalog))
            }
            return code
        case .lines(let path): return try await sendLines(of: path, to: store, catalog)
        }
    }

    private func event(_ type: String, data: String) -> EventRecord {
        EventRecord(
            id: arguments.value("--id") ?? FreshID.make(), type: type, data: data,
            metadata: EventRecord.Metadata(
                correlationID: arguments.value("--correlation"),
                tenant: arguments.value("--tenant") ?? ""),
            time: SystemClock().now(), stream: arguments.value("--stream") ?? "")
    }

    private func sendLines(
        of path: String, to store: any AnyStore, _ catalog: Catalog
    ) async throws(StoreError) -> ExitCode {
        var lines: LineSource
        switch LineSource.open(path) {
        case .success(let opened): lines = opened
        case .failure(let error):
            Output.message("mink-workflow: \(error.message)")
            return .usage
        }
        var code = ExitCode.ok
        while let next = lines.nextLines(atMost: Self.mostAtOnce) {
            var events: [EventRecord] = []
            for line in next where !line.isBlank {
                do throws(PlaybackProblem) {
                    events.append(try Self.event(line))
                } catch {
                    Output.message("\(path):\(line.number): error: \(error.message)")
                    code = max(code, .negative)
                }
            }
            code = max(code, try await append(events, to: store, catalog))
            // Who feeds line by line sees at once what was committed.
            Output.flush()
        }
        return code
    }

    private static func event(_ line: LineSource.Line) throws(PlaybackProblem) -> EventRecord {
        let read = try PlaybackLine(reading: line.bytes, number: line.number)
        guard case .event(let event, let at) = read else {
            throw PlaybackProblem(message: "only events can be sent; this needs \"type\"")
        }
        let hasID =
            JSONDocument(reading: line.bytes, limits: .event).root?["id"] != nil
        return EventRecord(
            id: hasID ? event.id : FreshID.make(), type: event.type, data: event.data,
            metadata: event.metadata, time: at ?? SystemClock().now(), stream: event.stream)
    }

    private func append(
        _ events: [EventRecord], to store: any AnyStore, _ catalog: Catalog
    ) async throws(StoreError) -> ExitCode {
        guard !events.isEmpty else { return .ok }
        for type in Set(events.map(\.type)).sorted() {
            guard catalog.definitions(listing: type).isEmpty else { continue }
            Output.message("mink-workflow: no workflow of this store lists \(type)".withoutControls)
        }
        if arguments.has("--dry-run") { return try await preview(events, of: store, catalog) }
        let (person, reason) = (arguments.person, arguments.value("--reason") ?? "")
        let now = SystemClock().now()
        let outcomes = try await store.append(events, at: now) { outcomes in
            AuditEntry(
                sending: events, outcomes, by: person, because: reason, at: now)
        }
        var code = ExitCode.ok
        for (event, outcome) in zip(events, outcomes) {
            switch outcome {
            case .appended: tell(event, "accepted", "")
            case .duplicate: tell(event, "duplicate", "the log has it already")
            case .refused:
                tell(event, "refused", "another event has this id; nothing was changed")
                code = .conflict
            }
        }
        return code
    }

    private func preview(
        _ events: [EventRecord], of store: any AnyStore, _ catalog: Catalog
    ) async throws(StoreError) -> ExitCode {
        var code = ExitCode.ok
        for event in events {
            let known = try await store.event(id: event.id, tenant: event.metadata.tenant)
            if let known {
                let isSame =
                    known.type == event.type && known.data == event.data
                    && known.stream == event.stream
                tell(event, isSame ? "duplicate" : "refused", "the log has an event with this id")
                if !isSame { code = .conflict }
                continue
            }
            let goals = catalog.definitions(listing: event.type).map { definition in
                switch route(event, by: definition) {
                case .instance(let id, _, _): "\(id.workflow) \(id.key)"
                case .deadLetter(_, let message): "nobody: \(message)"
                case .notListed: "nobody"
                }
            }
            tell(event, "would be sent", "for \(goals.joined(separator: ", "))")
        }
        return code
    }

    private func tell(_ event: EventRecord, _ outcome: String, _ why: String) {
        guard !isJSON else {
            return Output.line(
                Value.object([
                    "id": .string(event.id), "type": .string(event.type),
                    "outcome": .string(outcome), "why": .string(why),
                ]).json)
        }
        let more = why.isEmpty ? "" : ": \(why)"
        Output.line("\(outcome) \(event.type) \(event.id)\(more)".withoutControls)
    }
}

/// Ids for events whose senders give none.
private enum FreshID {
    /// A new id in the form of a UUID; later ones stand behind earlier ones.
    static func make() -> String {
        let now = SystemClock().now()
        let milliseconds = now.seconds * 1_000 + Int64(now.nanoseconds / 1_000_000)
        var random = SystemRandomNumberGenerator()
        var text = ""
        for index in 0..<16 {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            var byte = UInt8.random(in: 0...255, using: &random)
            if index < 6 {
                byte = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index))
            } else if index == 6 {
                byte = byte & 0x0F | 0x70  // Version 7 of RFC 9562: by time, then random.
            } else if index == 8 {
                byte = byte & 0x3F | 0x80
            }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}

extension AuditEntry {
    /// What the record tells of events that a person sent.
    fileprivate init(
        sending events: [EventRecord], _ outcomes: [Appended], by person: String,
        because reason: String, at now: Timestamp
    ) {
        let first = events.first.map { "\($0.type) \($0.id)" } ?? ""
        let new = outcomes.count { if case .appended = $0 { true } else { false } }
        self.init(
            at: now, person: person, verb: "events send", reason: reason,
            tenant: events.first?.metadata.tenant ?? "",
            subject: events.count == 1 ? "event \(first)" : "\(events.count) events from \(first)",
            after: [
                "accepted": .int(Int64(new)),
                "duplicates": .int(Int64(outcomes.count { $0 == .duplicate })),
                "refused": .int(Int64(outcomes.count { $0 == .refused })),
                "ids": .list(events.prefix(20).map { .string($0.id) }),
            ])
    }
}

/// The worse of two ways to end.
private func max(_ one: ExitCode, _ other: ExitCode) -> ExitCode {
    one.rawValue >= other.rawValue ? one : other
}
