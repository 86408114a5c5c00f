// A message of a topic as an event, and what the log says of it.
//
// Two forms are read. An envelope: {"type": …, "data": {…}} with "id", "at", "stream" and
// "metadata" where the sender has them. Or bare data, an object, with the type in the header
// `mink-type`. Headers with the names of `OutboxMessage.Header` fill in what the envelope leaves
// out, so what one system publishes another one can read.
public import MinkExpression
import MinkStore

/// An event that came in.
public struct IncomingEvent: Sendable, Hashable {
    /// Its id; where the sender gives none, the message's place in its topic.
    public let id: String
    /// The event's name in workflows.
    public let type: String
    /// The fields: the text of a JSON object.
    public let data: String
    /// When it happened; where the sender does not say, when the message was written.
    public let time: Timestamp
    /// The stream that it belongs to; empty where the sender does not say.
    public let stream: String
    /// Ties together everything that one request led to.
    public let correlationID: String?
    /// The id of the command or event that led to it.
    public let causationID: String?
    /// Whose it is; empty where there is only one tenant.
    public let tenant: String
    /// What else travels along, such as `traceparent`.
    public let metadata: [String: String]

    /// What became of an event.
    public enum Fate: Sendable, Hashable {
        /// It is in the log, now or from an earlier time.
        case appended
        /// The log will never take it, and why.
        case refused(String)
    }
}

/// A message as it came from a topic.
public struct IncomingMessage: Sendable, Hashable {
    /// Where it stands: topic, partition and offset with "/" between them.
    public let place: String
    /// The key, as text.
    public let key: String
    /// The content.
    public let body: [UInt8]
    /// The headers by name; of a repeated one the last counts.
    public let headers: [String: String]
    /// When it was written.
    public let time: Timestamp
}

/// A message that no event can be made of, or that the log refuses.
public struct PoisonMessage: Sendable, Hashable {
    /// The message.
    public let message: IncomingMessage
    /// What is wrong with it, for people.
    public let reason: String
}

/// Why a message is no event.
struct NotAnEvent: Error, Hashable {
    let reason: String
}

extension IncomingEvent {
    /// Reads a message.
    init(_ message: IncomingMessage) throws(NotAnEvent) {
        guard !message.body.isEmpty else { throw NotAnEvent(reason: "the message is empty") }
        let root: Value
        do throws(JSONError) {
            root = try Value(json: message.body, numbers: .exact)
        } catch {
            throw NotAnEvent(reason: "the message is no JSON: \(error)")
        }
        guard case .map = root else { throw NotAnEvent(reason: "the message is no JSON object") }
        let headers = message.headers.filter { !$0.value.isEmpty }
        let isEnvelope = root["type"] != nil && (root["data"] != nil || headers["mink-type"] == nil)
        let envelope = isEnvelope ? root : .null
        let data = isEnvelope ? root["data"] ?? .map(ValueMap()) : root
        guard case .map = data else { throw NotAnEvent(reason: "its \"data\" is no object") }
        let type = try envelope.text("type") ?? headers[OutboxMessage.Header.type]
        guard let type, !type.isEmpty else { throw NotAnEvent(reason: "it has no \"type\"") }
        self.type = type
        self.data = data.json
        id = try envelope.text("id") ?? headers[OutboxMessage.Header.id] ?? message.place
        stream = try envelope.text("stream") ?? ""
        if let text = try envelope.text("at") {
            guard let time = Timestamp(text) else {
                throw NotAnEvent(reason: "its \"at\" is no time such as 2026-01-31T09:30:00Z")
            }
            self.time = time
        } else {
            time = message.time
        }
        var entries = envelope["metadata"]?.texts ?? [:]
        let correlation = entries.removeValue(forKey: "correlationId")
        let causation = entries.removeValue(forKey: "causationId")
        let tenant = entries.removeValue(forKey: "tenant")
        correlationID = correlation ?? headers[OutboxMessage.Header.correlation]
        causationID = causation ?? headers[OutboxMessage.Header.causation]
        self.tenant = tenant ?? headers[OutboxMessage.Header.tenant] ?? ""
        for name in ["traceparent", "tracestate"] where entries[name] == nil {
            entries[name] = headers[name]
        }
        metadata = entries
    }
}

extension Value {
    /// The text under a name; `nil` when there is none.
    fileprivate func text(_ name: String) throws(NotAnEvent) -> String? {
        switch self[name] {
        case nil, .null: return nil
        case .string(let text) where !text.isEmpty: return text
        default: throw NotAnEvent(reason: "its \"\(name)\" is no text")
        }
    }

    /// The members that are texts, by name.
    fileprivate var texts: [String: String] {
        guard case .map(let map) = self else { return [:] }
        var texts: [String: String] = [:]
        for entry in map.entries {
            if case .string(let name) = entry.key, case .string(let text) = entry.value {
                texts[name] = text
            }
        }
        return texts
    }
}
