// Files of other engines that people try: one sentence about them helps more than a crowd.

/// The languages of other engines.
enum OtherLanguage: String {
    case stepFunctions = "Amazon States Language"
    case serverless = "a Serverless Workflow"
    case xstate = "an XState machine"
    case bpmn = "BPMN"

    /// What to say about a file in it.
    var message: String { "this looks like \(rawValue)" }

    /// Where to go from here.
    static let help = "see \"importing\""
    static let note = "mink-workflow explain importing shows what becomes of each construct"

    /// The language that the root's keys speak of; `nil` for ours.
    init?(of root: Node) {
        if root.hasMember("workflow") { return nil }
        let keys = Set(root.members.map(\.name))
        if keys.contains("StartAt") && keys.contains("States") {
            self = .stepFunctions
        } else if keys.contains("specVersion") || (keys.contains("document") && keys.contains("do"))
        {
            self = .serverless
        } else if keys.contains("states"),
            keys.contains("initial") || root.member("type")?.text == "parallel"
        {
            self = .xstate
        } else {
            return nil
        }
    }

    /// The language of a text that is no JSON object; `nil` when it may be a broken one of ours.
    init?(ofText bytes: [UInt8]) {
        let isBlank: (UInt8) -> Bool = { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
        guard let start = bytes.firstIndex(where: { !isBlank($0) }),
            ![UInt8(ascii: "{"), UInt8(ascii: "[")].contains(bytes[start])
        else { return nil }
        let text = String(decoding: bytes[start...].prefix(4_096), as: UTF8.self)
        let lines = text.split(separator: "\n")
        func begins(_ word: String) -> Bool { lines.contains { $0.hasPrefix(word) } }
        if text.hasPrefix("<"), text.contains("<definitions") || text.lowercased().contains("bpmn")
        {
            self = .bpmn
        } else if begins("StartAt:") {
            self = .stepFunctions
        } else if begins("specVersion:") || (begins("document:") && begins("do:")) {
            self = .serverless
        } else if text.contains("createMachine(")
            || ["'xstate'", "\"xstate\""].contains(where: text.contains)
        {
            self = .xstate
        } else {
            return nil
        }
    }
}
