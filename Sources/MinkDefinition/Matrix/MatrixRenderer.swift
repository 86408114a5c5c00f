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
    private static let compensating = "(being undone)"

    /// Aligned columns.
    package var text: String {
        var text = "\(identity.workflow), version \(identity.version)\n\n"
        text += aligned(turned(rows(corner: "state")))
        text += "\nWhat a failure undoes, newest first\n\n"
        text += aligned(
            preview.states.flatMap { state in
                words(state).enumerated().map { number, words in
                    number == 0 ? [state.state, words, ends(of: state)] : ["", words, ""]
                }
            })
        return text + footnotes(lead: "\n")
    }

    /// Two tables of Markdown.
    package var markdown: String {
        var text = "## \(identity.workflow), version \(identity.version)\n\n"
        text += markdown(rows(corner: "State"))
        text += "\n### What a failure undoes, newest first\n\n"
        let rows = preview.states.map { state in
            [
                state.state, words(state).joined(separator: "<br>"),
                state.ends.joined(separator: ", "),
            ]
        }
        return text + markdown([["State", "Undone", "Ends in"]] + rows) + footnotes(lead: "\n")
    }

    private func rows(corner: String) -> [[String]] {
        [[corner] + matrix.events] + matrix.rows.map(cells)
            + [[Self.compensating] + matrix.compensating.map(\.rawValue)]
    }

    /// What is undone on each of the ways to a state.
    private func words(_ state: RollbackPreview.StatePreview) -> [String] {
        if state.isBehindNoReturn { return ["nothing: it is behind the point of no return"] }
        return state.ledgers.isEmpty ? ["no way leads here"] : state.ledgers.map(words)
    }

    private func ends(of state: RollbackPreview.StatePreview) -> String {
        state.ends.isEmpty ? "" : "then \(state.ends.joined(separator: " or "))"
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
                "compensating",
                .object(zip(matrix.events, matrix.compensating).map(described))
            ),
            (
                "rollback",
                .list(
                    preview.states.map { state in
                        .object([
                            ("state", .string(state.state)),
                            ("undone", .list(state.ledgers.map { .list($0.map(described)) })),
                            ("ends", .list(state.ends.map(JSONText.string))),
                            ("behindNoReturn", .bool(state.isBehindNoReturn)),
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
    private func turned(_ rows: [[String]]) -> [[String]] {
        let count = rows.first?.count ?? 0
        let width = (0..<count).reduce(0) { total, column in
            total + 2 + (rows.map { $0[column].visibleWidth }.max() ?? 0)
        }
        guard width > 140, rows.count < count else { return rows }
        var turned = (0..<count).map { column in rows.map { $0[column] } }
        turned[0][0] = "event"
        return turned
    }

    private func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].visibleWidth : 0 }.max() ?? 0
        }
        return rows.map { row in
            let last = row.lastIndex { !$0.isEmpty } ?? 0
            return row[...last].enumerated().map { column, cell in
                column == last ? cell : cell.padded(to: widths[column] + 2)
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
