// What a batch changes about commands that stay in the outbox, one change a command.
import MinkEngine
import MinkExpression
import MinkStore

struct CommandPatches {
    struct Patch {
        var attempts: Int64?
        /// The moment of the next try, if it is changed; within, `nil` is at once.
        var due: Timestamp??
        var isLast: Bool?
        var isExhausted: Bool?
        var error: String?
    }

    private(set) var ids: [String] = []
    private var patches: [String: Patch] = [:]

    /// Failed tries come first, then what turns decided: that is the order of judging.
    init(_ batch: TurnBatch) {
        for failure in batch.failedAttempts {
            change(failure.command) { patch in
                patch.attempts = Int64(failure.attempts)
                patch.due = .some(failure.nextDue)
                patch.isExhausted = failure.nextDue == nil
                patch.error = failure.error
            }
        }
        for turn in batch.turns {
            for id in turn.decision.redelivered {
                change(id) { patch in
                    patch.attempts = 0
                    patch.due = .some(nil)
                    patch.isExhausted = false
                    patch.isLast = false
                }
            }
            for id in turn.decision.lastAttempts { change(id) { $0.isLast = true } }
            for id in turn.decision.parked { change(id) { $0.isExhausted = true } }
        }
    }

    private mutating func change(_ id: String, _ body: (inout Patch) -> Void) {
        if patches[id] == nil { ids.append(id) }
        body(&patches[id, default: Patch()])
    }

    /// The change as a statement; `nil` when nothing changes.
    var call: Call? {
        guard !ids.isEmpty else { return nil }
        // One order everywhere, so that two writers never wait for each other.
        let sorted = ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let all = sorted.map { patches[$0] ?? Patch() }
        return Statement.patchCommands.with(
            Parameters().add(sorted).add(all.map(\.attempts)).add(all.map { $0.due != nil })
                .add(all.map { $0.due ?? nil }).add(all.map(\.isLast))
                .add(all.map(\.isExhausted)).add(all.map(\.error)))
    }
}

extension Statement {
    static let patchCommands = Statement(
        "patch_commands",
        """
        update outbox o set attempts = coalesce(x.attempts, o.attempts),
            due = case when x.moves then x.due else o.due end,
            due_nanos = case when x.moves then x.due_nanos else o.due_nanos end,
            is_last = coalesce(x.is_last, o.is_last),
            is_exhausted = coalesce(x.is_exhausted, o.is_exhausted),
            error = coalesce(x.error, o.error)
        from (select x.*, t.place
                from unnest($1::text[], $2::bigint[], $3::boolean[], $4::timestamptz[],
                        $5::smallint[], $6::boolean[], $7::boolean[], $8::text[])
                    x(id, attempts, moves, due, due_nanos, is_last, is_exhausted, error),
                lateral (select z.ctid place from outbox z where z.id = x.id offset 0) t) x
        where o.ctid = x.place
        """)
}
