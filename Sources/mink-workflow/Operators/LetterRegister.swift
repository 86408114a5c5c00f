// Dead letters, as a list for operators.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow

struct LetterRegister: Register {
    let store: any AnyStore
    let mask: PersonalMask
    let tenant: String?
    /// Whether letters are listed too that somebody has decided about.
    let withSettled: Bool

    var nouns: (one: String, many: String) { ("dead letter", "dead letters") }

    static var variables: [(name: String, type: ExpressionType)] {
        [
            (
                "letter",
                .row(
                    "letter",
                    [
                        ("number", .int), ("reason", .string), ("message", .string),
                        ("at", .timestamp), ("outcome", .dynamic),
                    ])
            ),
            (
                "event",
                .row(
                    "event",
                    [
                        ("id", .string), ("type", .string), ("time", .timestamp),
                        ("data", .dynamic),
                    ])
            ),
            ("saga", .dynamic),
        ]
    }

    func visit(
        _ body: (LetterRow) async throws(StoreError) -> Bool
    ) async throws(StoreError) {
        var filter = LetterFilter()
        (filter.tenant, filter.withSettled, filter.limit) = (tenant, withSettled, 1_000)
        while true {
            let rows = try await store.letters(filter)
            for row in rows {
                guard try await body(row) else { return }
            }
            guard let last = rows.last, rows.count == filter.limit else { return }
            filter.after = last.number
        }
    }

    func find(_ name: String) async throws(StoreError) -> LetterRow? {
        guard let number = Int64(name), number > 0 else { return nil }
        var filter = LetterFilter()
        (filter.number, filter.withSettled) = (number, true)
        return try await store.letters(filter).first
    }

    func text(_ row: LetterRow) -> String {
        let (letter, event) = (row.letter, row.letter.event)
        let saga = letter.instance.map { "\($0.workflow) \($0.key)" } ?? "no saga"
        let columns = [
            ("\(row.number)", 5), (letter.at.toTheSecond, 20), ("\(event.type) \(event.id)", 32),
            (saga, 20), (letter.reason, 10),
        ]
        let line = columns.map { $0.0.padded(to: $0.1) }.joined(separator: "  ")
        return "\(line)  \(letter.message)" + (row.outcome.map { "  (\($0))" } ?? "")
    }

    func value(_ row: LetterRow) -> Value {
        let (letter, event) = (row.letter, row.letter.event)
        return [
            "letter": [
                "number": .int(row.number), "reason": .string(letter.reason),
                "message": .string(letter.message), "at": .timestamp(letter.at),
                "outcome": row.outcome.map(Value.string) ?? .null,
            ],
            "event": [
                "id": .string(event.id), "type": .string(event.type),
                "time": .timestamp(event.time), "data": mask.data(of: event),
            ],
            "saga": letter.instance?.value ?? .null,
        ]
    }
}
