// One line of an events file:
//
//   {"type": "OrderCreated", "id": "e1", "at": "2026-01-01T00:00:00Z", "data": {…}}
//   {"wait": "30m"}
//   {"command": "RefundPayment", "fails": "card closed", "times": 2}
//   {"operator": "resume", "workflow": "OrderFulfillment", "key": "o1", "reason": "…"}
import MinkDefinition
package import MinkEngine
package import MinkExpression
import MinkWorkflow

/// What a line of an events file asks for.
package enum PlaybackLine: Sendable, Hashable {
    case event(EventRecord, at: Timestamp?)
    case wait(Duration)
    case script(HandlerScript)
    case action(OperatorAction, on: InstanceID)
}

/// Why a line can not be read.
package struct PlaybackProblem: Error, Hashable {
    package let message: String

    package init(message: String) {
        self.message = message
    }
}

extension PlaybackLine {
    /// Reads a line.
    ///
    /// - Parameters:
    ///   - bytes: The line without its break.
    ///   - number: Its number, from 1; part of the id of an event that has none.
    /// - Throws: ``PlaybackProblem`` with a sentence for people.
    package init(reading bytes: [UInt8], number: Int) throws(PlaybackProblem) {
        var limits = JSONLimits.event
        limits.depth = 128
        let document = JSONDocument(reading: bytes, limits: limits)
        if let problem = document.problems.first(where: { $0.severity == .error }) {
            let column = document.position(ofByte: problem.range.lowerBound).column
            throw PlaybackProblem(message: "column \(column): \(problem.message)")
        }
        guard let root = document.root, root.kind == .object else {
            throw PlaybackProblem(message: "a line is one JSON object")
        }
        let line = LineReader(node: root)
        switch line.kind {
        case "type": self = try line.event(bytes, number: number)
        case "wait": self = .wait(try line.wait())
        case "command": self = .script(try line.script())
        case "operator": self = try line.action()
        default:
            throw PlaybackProblem(
                message: "needs \"type\", \"wait\", \"command\" or \"operator\"")
        }
    }
}

private struct LineReader {
    let node: JSONNode

    var kind: String? {
        ["type", "wait", "command", "operator"].first { node[$0] != nil }
    }

    func event(_ bytes: [UInt8], number: Int) throws(PlaybackProblem) -> PlaybackLine {
        try allow(["type", "id", "at", "data", "stream", "metadata"])
        let type = try text("type")
        let at = try node["at"].map { node throws(PlaybackProblem) in try moment(node) }
        let data = node["data"]
        if let data, data.kind != .object {
            throw PlaybackProblem(message: "\"data\" has to be an object")
        }
        let source = data.map { String(decoding: bytes[$0.range], as: UTF8.self) } ?? "{}"
        let id: String
        if node["id"] != nil {
            id = try text("id")
        } else {
            let content = String(decoding: bytes, as: UTF8.self)
            id = DerivedID.make(parent: content, parts: [String(number)])
        }
        let event = EventRecord(
            id: id, type: type, data: source, metadata: try metadata(),
            time: at ?? Timestamp.earliest, stream: try optionalText("stream") ?? "")
        return .event(event, at: at)
    }

    private func metadata() throws(PlaybackProblem) -> EventRecord.Metadata {
        var metadata = EventRecord.Metadata()
        guard let object = node["metadata"] else { return metadata }
        guard object.kind == .object else {
            throw PlaybackProblem(message: "\"metadata\" has to be an object")
        }
        for member in object.members {
            guard let value = member.value.text else {
                throw PlaybackProblem(message: "\"metadata.\(member.name)\" has to be a text")
            }
            switch member.name {
            case "tenant": metadata.tenant = value
            case "correlationId": metadata.correlationID = value
            case "causationId": metadata.causationID = value
            default: metadata.entries[member.name] = value
            }
        }
        return metadata
    }

    func wait() throws(PlaybackProblem) -> Duration {
        try allow(["wait"])
        let text = try text("wait")
        guard let duration = DurationText.parse(text), duration >= .zero else {
            throw PlaybackProblem(message: "\"\(text)\" is no duration; write 30s, 30m, 3h or 2d")
        }
        return duration
    }

    func script() throws(PlaybackProblem) -> HandlerScript {
        try allow(["command", "fails", "rejects", "returns", "times"])
        let behaviors = ["fails", "rejects", "returns"].filter { node[$0] != nil }
        guard behaviors.count == 1, let word = behaviors.first else {
            throw PlaybackProblem(
                message: "a command needs one of \"fails\", \"rejects\" and \"returns\"")
        }
        let behavior: HandlerScript.Behavior =
            switch word {
            case "fails": .fails(try text("fails"))
            case "rejects": .rejects(try text("rejects"))
            default: .returns(try answers())
            }
        var times: Int?
        if let node = node["times"] {
            guard let number = node.int, number > 0 else {
                throw PlaybackProblem(message: "\"times\" has to be a whole number above 0")
            }
            times = Int(clamping: number)
        }
        return HandlerScript(command: try text("command"), behavior: behavior, times: times)
    }

    private func answers() throws(PlaybackProblem) -> [AnswerEvent] {
        guard let list = node["returns"], list.kind == .array else {
            throw PlaybackProblem(message: "\"returns\" has to be a list of events")
        }
        var answers: [AnswerEvent] = []
        for element in list.elements {
            guard let type = element["type"]?.text else {
                throw PlaybackProblem(message: "each event of \"returns\" needs a \"type\"")
            }
            let data = element["data"]
            guard data == nil || data?.kind == .object else {
                throw PlaybackProblem(message: "\"data\" has to be an object")
            }
            answers.append(AnswerEvent(type: type, data: data?.source ?? "{}"))
        }
        return answers
    }

    func action() throws(PlaybackProblem) -> PlaybackLine {
        try allow(
            ["operator", "workflow", "key", "tenant", "reason", "with", "incident", "endIn"])
        let word = try text("operator")
        guard let verb = OperatorAction.Verb.scripted.first(where: { $0.rawValue == word }) else {
            let known = OperatorAction.Verb.scripted.map(\.rawValue).joined(separator: ", ")
            throw PlaybackProblem(message: "an operator can not \"\(word)\"; he can \(known)")
        }
        guard let key = InstanceKey(node["key"]?.value) else {
            throw PlaybackProblem(message: "an operator line needs the \"key\" of a saga")
        }
        let action = OperatorAction(
            verb: verb, reason: try text("reason"), arguments: node["with"]?.value,
            incident: node["incident"]?.int.map { Int(clamping: $0) },
            endIn: try optionalText("endIn"))
        let id = InstanceID(
            tenant: try optionalText("tenant") ?? "", workflow: try text("workflow"), key: key)
        return .action(action, on: id)
    }

    private func text(_ name: String) throws(PlaybackProblem) -> String {
        guard let text = node[name]?.text, !text.isEmpty else {
            throw PlaybackProblem(message: "\"\(name)\" has to be a text")
        }
        return text
    }

    private func optionalText(_ name: String) throws(PlaybackProblem) -> String? {
        node[name] == nil ? nil : try text(name)
    }

    private func moment(_ node: JSONNode) throws(PlaybackProblem) -> Timestamp {
        guard let text = node.text, let moment = Timestamp(text) else {
            throw PlaybackProblem(
                message: "\"at\" has to be a moment such as 2026-01-01T00:00:00Z")
        }
        return moment
    }

    private func allow(_ names: [String]) throws(PlaybackProblem) {
        for member in node.members where !names.contains(member.name) {
            throw PlaybackProblem(
                message: "\"\(member.name)\" is not known here; known: "
                    + names.joined(separator: ", "))
        }
    }
}
