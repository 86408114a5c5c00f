// The matrix and the rollback preview as text for a terminal, as Markdown, and as JSON.

/// Writes what `mink-workflow matrix` shows.
package struct MatrixRenderer: Sendable {
    private let identity: Definition.Identity
    private let matrix: EventMatrix
    private let preview: RollbackPreview

    package init(of definition: Definition) {
        identity = definition.identity
        matrix = EventMatrix(of: definition)
        preview = RollbackPreview(of: definition)
    }

    private static let before = "(no saga yet)"

    /// Aligned columns.
    package var text: String {
        var text = "\(identity.workflow), version \(identity.version)\n\n"
        text += aligned(table(of: [["state"] + matrix.events] + matrix.rows.map(cells)))
        text += "\nWhat a failure undoes, newest first\n\n"
        text += aligned(
            preview.states.flatMap { state in
                state.ledgers.isEmpty
                    ? [[state.state, "no way leads here"]]
                    : state.ledgers.enumerated().map { number, ledger in
                        [number == 0 ? state.state : "", words(ledger)]
                    }
            })
        return text + footnotes(lead: "\n")
    }

    /// Two tables of Markdown.
    package var markdown: String {
        var text = "## \(identity.workflow), version \(identity.version)\n\n"
        text += markdown([["State"] + matrix.events] + matrix.rows.map(cells))
        text += "\n### What a failure undoes, newest first\n\n"
        let rows = preview.states.map { state in
            let ledgers = state.ledgers.map(words).joined(separator: "<br>")
            return [state.state, ledgers.isEmpty ? "no way leads here" : ledgers]
        }
        return text + markdown([["State", "Undone"]] + rows) + footnotes(lead: "\n")
    }

    /// One document for machines.
    package var json: String {
        JSONText.object([
            ("formatVersion", .number(1)),
            ("workflow", .string(identity.workflow)),
            ("version", .number(identity.version)),
            ("events", .list(matrix.events.map(JSONText.string))),
            (
                "states",
                .list(
                    matrix.rows.map { row in
                        .object([
                            ("state", row.state.map(JSONText.string) ?? .null),
                            ("final", .bool(row.isFinal)),
                            ("events", .object(zip(matrix.events, row.cells).map(described))),
                        ])
                    })
            ),
            (
                "rollback",
                .list(
                    preview.states.map { state in
                        .object([
                            ("state", .string(state.state)),
                            ("undone", .list(state.ledgers.map { .list($0.map(described)) })),
                        ])
                    })
            ),
            ("complete", .bool(!preview.isCut)),
        ]).indented
    }

    private func described(_ event: String, _ cell: EventMatrix.Cell) -> (String, JSONText) {
        (event, .string(cell.rawValue))
    }

    private func described(_ frame: RollbackPreview.Frame) -> JSONText {
        .object([("command", .string(frame.command)), ("certain", .bool(frame.isCertain))])
    }

    private func cells(_ row: EventMatrix.Row) -> [String] {
        [row.state ?? Self.before] + row.cells.map(\.rawValue)
    }

    private func words(_ ledger: [RollbackPreview.Frame]) -> String {
        guard !ledger.isEmpty else { return "nothing" }
        return ledger.map { $0.isCertain ? $0.command : "\($0.command)?" }.joined(separator: ", ")
    }

    private func footnotes(lead: String) -> String {
        var notes: [String] = []
        if preview.states.contains(where: { $0.ledgers.joined().contains { !$0.isCertain } }) {
            notes.append("? = not always, or more than once")
        }
        if preview.isCut { notes.append("There are more ways than these.") }
        return notes.isEmpty ? "" : lead + notes.joined(separator: "\n") + "\n"
    }

    /// Turned on its side when it is wide, so that states stand in columns and events in rows.
    private func table(of rows: [[String]]) -> [[String]] {
        let width = rows.first.map { row in
            row.indices.reduce(0) { total, column in
                total + 2 + (rows.map { $0[column].visibleWidth }.max() ?? 0)
            }
        }
        guard let width, width > 140, rows.count < (rows.first?.count ?? 0) else { return rows }
        return (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column] } }
    }

    private func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].visibleWidth : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell.padded(to: widths[column] + 2)
            }.joined() + "\n"
        }.joined()
    }

    private func markdown(_ rows: [[String]]) -> String {
        guard let head = rows.first else { return "" }
        let lines =
            [head, head.map { _ in "---" }]
            + rows.dropFirst().map { $0.map { $0.replacing("|", with: "\\|") } }
        return lines.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }
}
