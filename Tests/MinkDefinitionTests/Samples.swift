// Small workflows that tests start from.

@testable import MinkDefinition

enum Samples {
    /// A workflow that has one of almost everything, without a finding.
    static let everything = """
        { "$schema": "../schemas/workflow.schema.json",
          "workflow": "Everything", "version": 1, "owner": "team", "correlateBy": "id",
          "description": "One of almost everything.",
          "$comment": "for tests",
          "data": {
            "id": "string", "total": "decimal", "lines": "object[]", "paid": "decimal?",
            "due": { "type": "timestamp", "default": "2027-01-01T00:00:00Z" },
            "name": { "type": "string?", "personal": true, "description": "who asked" },
            "count": { "type": "integer", "default": 0 } },
          "events": {
            "Asked": { "schema": { "type": "object", "required": ["id", "total", "lines"],
              "properties": { "id": { "type": "string", "minLength": 1 },
                "total": { "$ref": "#/$defs/money" }, "name": { "type": ["string", "null"] },
                "lines": { "type": "array", "items": { "type": "object", "required": ["sku"],
                  "properties": { "sku": { "type": "string" } } } } },
              "$defs": { "money": { "type": "decimal", "minimum": 0 } } } },
            "Paid": { "fields": { "order": { "type": "object", "required": ["id"],
                "properties": { "id": "string" } }, "paymentId": "string", "amount": "decimal" },
              "correlate": "= event.order.id", "uniqueBy": "paymentId" },
            "Refused": { "fields": { "id": "string", "reason": "string" },
              "rules": { "early": { "holdFor": "2h", "then": "deadLetter" }, "late": "ignore",
                "unexpected": "incident", "ambiguous": "late" } },
            "Packed": { "fields": { "id": "string", "sku": "string" } },
            "Missing": { "fields": { "id": "string", "sku": "string" } },
            "Sent": { "fields": { "id": "string", "code": { "enum": ["air", "road"] } } },
            "Checked": { "fields": { "id": "string" } },
            "Refunded": { "fields": { "id": "string", "paymentId": "string" } },
            "Cancelled": { "fields": { "id": "string" } } },
          "retryPolicies": {
            "patient": { "attempts": 20, "firstDelay": "10s", "multiplyBy": 2, "maxDelay": "1h",
              "jitter": true, "attemptTimeout": "20s", "whenExhausted": "incident" } },
          "commands": {
            "Ask": { "with": { "id": "= data.id", "amount": "= data.total", "list": [1, "= now"] },
              "retry": "patient", "answers": { "done": "Paid", "failed": ["Refused"] },
              "undo": "GiveBack" },
            "Pack": { "with": { "sku": "= line.sku" },
              "answers": { "done": "Packed", "failed": "Missing" }, "undo": ["Unpack"] },
            "Unpack": { "with": { "sku": "= line.sku" } },
            "Remind": { "with": { "who": "= data.?name.orValue('you')" }, "undo": "none" },
            "Ship": { "to": "carrier", "with": { "id": "= data.id", "note": "== literal" },
              "undo": "none" },
            "GiveBack": { "with": { "paymentId": "= event.paymentId", "why": "= failure.reason" },
              "confirmedBy": { "event": "Refunded", "within": "1d", "failedBy": "Refused",
                "when": "event.?paymentId.orValue('') == command.paymentId" } },
            "Tell": { "to": "events", "with": { "id": "= data.id", "why": "= failure.state" },
              "undo": "none" } },
          "compensation": { "whenStuck": "continue", "endIn": "Failed" },
          "deadline": { "after": "30d", "fail": "= 'too slow: ' + data.id" },
          "eventRules": { "early": { "holdFor": "1h", "then": "deadLetter" }, "late": "compensate" },
          "retain": "10d",
          "limits": { "transitions": 100, "commands": 50, "held": 10, "dataBytes": 1000 },
          "migrate": { "from": [1, 2], "states": { "Old": "Paying" }, "set": { "count": 1 },
            "timers": "restart" },
          "start": { "Asked": [
            { "when": "event.total > 0",
              "set": { "id": "= event.id", "total": "= event.total", "lines": "= event.lines",
                "name": "= event.?name" }, "goto": "Paying" },
            { "otherwise": true, "set": { "id": "= event.id" }, "emit": ["Ship"], "goto": "Done",
              "onExisting": "deliver" } ] },
          "anyState": { "on": { "Cancelled": { "fail": "cancelled", "endIn": "Stopped" } },
            "except": ["Shipping"] },
          "states": {
            "Paying": { "description": "waits for money",
              "allow": { "code": "MW4009", "because": "who is asked twice pays once" },
              "onEnter": { "set": { "count": "= data.count + 1" }, "emit": "Ask" },
              "on": {
                "Paid": { "set": { "paid": "= event.amount" }, "compensation": ["GiveBack"],
                  "goto": "Packing" },
                "Refused": [ { "when": "data.count < 3", "emit": [
                    { "command": "Ask", "with": { "amount": 1.5 }, "delay": "5m", "keep": true } ] },
                  { "otherwise": true, "fail": "= event.reason" } ],
                "Ask.failed": { "fail": "= event.error.message" } },
              "remind": { "every": "1d", "emit": ["Remind"], "atMost": 2,
                "then": { "fail": "nobody answered" } },
              "timeout": { "at": "= data.due", "then": [
                { "when": "data.count > 1", "fail": "late" },
                { "otherwise": true, "goto": "Paying" } ] } },
            "Packing": { "description": "one box for each line",
              "forEach": { "in": "= data.lines", "as": "line", "key": "= string(line.sku)",
                "matchEvent": "= event.sku", "maxConcurrent": 5, "emit": ["Pack"],
                "done": { "Packed": { "compensation": ["Unpack"] } },
                "failed": { "Missing": {} }, "need": "all", "whenImpossible": "now" },
              "onJoin": [ { "when": "join.succeeded == join.total", "goto": "Shipping" },
                { "otherwise": true, "fail": "= string(join.failed) + ' missing'" } ],
              "timeout": { "after": "= duration('10m')", "fail": "not packed" } },
            "Shipping": { "description": "waits for two in any order",
              "onEnter": { "emit": ["Ship"] },
              "waitFor": { "events": { "Sent": { "when": "event.code == 'air'" }, "Checked": {} },
                "need": 2, "others": "keep" },
              "onJoin": { "pointOfNoReturn": true, "goto": "Done" },
              "on": { "Cancelled": { "ignore": true } },
              "timeout": { "after": "2d", "fail": "not sent" } },
            "Done": { "final": "completed" },
            "Failed": { "final": "failed", "onEnter": { "emit": ["Tell"] } },
            "Stopped": { "final": "cancelled" } } }
        """

    /// What a reader says about a text.
    static func read(_ text: String, _ files: [String: String] = [:]) -> DefinitionReader.ReadResult
    {
        DefinitionReader(files: MemoryFiles(files: files)).read(
            .init(file: "a.workflow.json", bytes: Array(text.utf8)))
    }

    /// What is said about a text, and about it as the version after a published one.
    static func findings(
        _ text: String, after published: String?, options: DefinitionReader.Options = .init()
    ) -> [Finding] {
        let reader = DefinitionReader(options: options)
        let versions = published.map { text in
            reader.compilePublished(.init(file: "old.workflow.json", bytes: Array(text.utf8)))
                .definition.map { [PublishedVersion($0, name: "old.workflow.json")] } ?? []
        }
        return reader.validate(
            [.init(file: "a.workflow.json", bytes: Array(text.utf8))], against: versions ?? []
        ).findings
    }

    /// The sample of everything after some changes of its text.
    static func definition(replacing changes: [(String, String)] = []) -> Definition? {
        let text = changes.reduce(everything) { $0.replacing($1.0, with: $1.1) }
        return DefinitionReader().compilePublished(
            .init(file: "a.workflow.json", bytes: Array(text.utf8))
        ).definition
    }
}
