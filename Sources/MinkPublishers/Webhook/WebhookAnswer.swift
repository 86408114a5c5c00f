// What a receiver of webhooks answers, and what that says of the message.
//
//   2xx       taken; a JSON body may answer with events: {"events": [{"type": …, "data": {…}}]}
//   410       never again: this receiver is gone
//   413, 422  this message never: it is too large, or the receiver has understood and refuses it
//   others    not now
import MinkExpression
import MinkStore

extension HTTPAnswer {
    /// What a receiver of webhooks says with this.
    func webhookOutcome(at now: Timestamp) -> PublishOutcome {
        switch status {
        case 200...299: accepted
        case 410: .rejected("the receiver answered 410: it is gone")
        case 413:
            .rejected(refusalReason ?? "the receiver answered 413: the message is too large")
        case 422: .rejected(refusalReason ?? "the receiver answered 422: it refuses the message")
        case 300...399:
            .failed("the receiver answered \(status): it has moved; change the address")
        default:
            .failed(
                "the receiver answered \(status)",
                retryAfter: RetryAfter.delay(headers["retry-after"], at: now))
        }
    }

    private var accepted: PublishOutcome {
        // Many receivers answer "ok", which is no answer for a workflow.
        guard isJSON, !body.isEmpty else { return .accepted() }
        do throws(JSONError) {
            let answer = try Value(json: body, numbers: .exact)
            return try Self.read(answer)
        } catch {
            return unreadable("\(error)")
        }
    }

    private static func read(_ answer: Value) throws(JSONError) -> PublishOutcome {
        guard let list = answer["events"] else {
            return .accepted(result: answer["result"] ?? .null)
        }
        guard case .list(let elements) = list else { return unreadable("\"events\" is no list") }
        var events: [PublishedAnswer] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let type) = element["type"], !type.isEmpty else {
                return unreadable("event \(index + 1) has no \"type\"")
            }
            let data = element["data"] ?? .map(ValueMap())
            guard case .map = data else {
                return unreadable("\"data\" of event \(index + 1) is no object")
            }
            events.append(PublishedAnswer(type: type, data: data.json))
        }
        return .accepted(events: events, result: answer["result"] ?? .null)
    }

    /// The receiver has taken the message and will again: its events would be lost without a try.
    private static func unreadable(_ reason: String) -> PublishOutcome {
        .failed("the receiver took it, but its answer can not be read: \(reason)")
    }

    private func unreadable(_ reason: String) -> PublishOutcome { Self.unreadable(reason) }

    private var isJSON: Bool {
        let type = headers["content-type"]?.split(separator: ";").first?.lowercased() ?? ""
        return type == "application/json" || type.hasSuffix("+json")
    }

    /// The text under `reason` in a JSON answer.
    private var refusalReason: String? {
        guard isJSON, let answer = try? Value(json: body),
            case .string(let reason) = answer["reason"]
        else { return nil }
        return String(reason.prefix(500))
    }
}
