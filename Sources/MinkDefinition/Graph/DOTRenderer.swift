// A picture in the language of Graphviz, whose `dot` finds a place for every box.
//
// Words stand in HTML-like labels, where only `&`, `<`, `>` and quotes mean something. They are all
// escaped, so that no name or condition of a file can change the picture.

/// Writes a picture as DOT.
package struct DOTRenderer: Sendable {
    private let picture: WorkflowPicture

    package init(_ picture: WorkflowPicture) { self.picture = picture }

    /// The text, one box or arrow on each line.
    package var text: String {
        var text = "digraph \(quoted(picture.title)) {\n"
        text += """
              graph [rankdir=TB, nodesep=0.45, ranksep=0.55, pad=0.3, bgcolor="white",
                     fontname="Helvetica", labelloc=t, labeljust=l, label=<\(heading)>];
              node [fontname="Helvetica", fontsize=11, margin="0.14,0.09"];
              edge [fontname="Helvetica", fontsize=10, arrowsize=0.8];

            """
        for number in picture.shownBoxes { text += "  b\(number) [\(look(ofBox: number))];\n" }
        for arrow in picture.arrows {
            text += "  b\(arrow.from) -> b\(arrow.to) [\(look(of: arrow))];\n"
        }
        return text + "}\n"
    }

    private var heading: String {
        var rows = [row("<B>\(escaped(picture.title.oneLine))</B>", size: 17, Colour.text)]
        rows += (picture.subtitle?.oneLine.wrapped(at: 100) ?? [])
            .map { row(escaped($0), size: 11, Colour.quiet) }
        if let state = picture.failure {
            let words = "What is undone when a saga fails in \(state), newest first"
            rows.append(row(escaped(words.oneLine), size: 13, Colour.failure))
        }
        rows.append(row(escaped(legend), size: 9, Colour.quiet))
        return table(rows)
    }

    /// The signs that the picture uses.
    private var legend: String {
        let kinds = picture.arrows.map(\.kind)
        let roles = Set(
            (picture.arrows.flatMap(\.lines) + picture.boxes.flatMap(\.lines)).map(\.role))
        var signs: [String] = []
        if roles.contains(.command) { signs.append("→ sends a command") }
        if roles.contains(.undo) { signs.append("⟲ what undoes the step") }
        if kinds.contains(where: \.isFailure) {
            signs.append("red: a failure, everything done so far is undone")
        }
        if kinds.contains(where: \.isTimed) { signs.append("dashed: after a time") }
        if roles.contains(.pointOfNoReturn) {
            signs.append("◆ blue: from here on nothing is undone")
        }
        if picture.boxes.contains(where: { $0.kind == .undo(isCertain: false) }) {
            signs.append("dashed box: not always, or more than once")
        }
        return signs.joined(separator: "   ·   ")
    }
}

// MARK: Boxes

extension DOTRenderer {
    private func look(ofBox number: Int) -> String {
        let box = picture.boxes[number]
        if box.kind == .start {
            return "shape=circle, style=filled, width=0.22, fixedsize=true, label=\"\", "
                + "fillcolor=\"\(Colour.text)\", color=\"\(Colour.text)\""
        }
        let paint = Paint(of: box)
        let isFaint = box.stress == .faint
        var look = "shape=box, style=\"\(paint.style)\""
        look += ", fillcolor=\"\(isFaint ? "#FAFAFA" : paint.fill)\""
        look += ", color=\"\(isFaint ? Colour.faint : paint.line)\""
        look += ", penwidth=\(box.stress == .strong ? "2.4" : "1.2")"
        if case .end = box.kind { look += ", peripheries=2" }
        if case .endAgain = box.kind { look += ", margin=\"0.08,0.03\"" }
        return look + ", label=<\(label(of: box))>"
    }

    private func label(of box: WorkflowPicture.Box) -> String {
        let isFaint = box.stress == .faint
        var rows = [
            row(
                "<B>\(escaped(box.title.oneLine))</B>", size: box.isSmall ? 9 : 12,
                isFaint ? Colour.pale : Colour.text)
        ]
        let words = box.lines.filter { $0.role == .description }
        let happenings = box.lines.filter { $0.role != .description }
        for line in words {
            rows += line.text.wrapped(at: 34).map {
                row("<I>\(escaped($0))</I>", size: 10, isFaint ? Colour.pale : Colour.quiet)
            }
        }
        rows += self.rows(of: happenings, isFaint: isFaint, indent: true)
        return table(rows)
    }
}

// MARK: Arrows

extension DOTRenderer {
    private func look(of arrow: WorkflowPicture.Arrow) -> String {
        let isFaint = arrow.stress == .faint
        let kind = arrow.kind
        let colour =
            isFaint
            ? Colour.faint
            : kind.isFailure
                ? Colour.failure : kind.isPointOfNoReturn ? Colour.noReturn : Colour.line
        var look = "color=\"\(colour)\""
        if kind.isTimed { look += ", style=dashed" }
        if kind.isPointOfNoReturn || arrow.stress == .strong { look += ", penwidth=2.4" }
        // What goes well runs straight down; failures bend around it.
        look += ", weight=\(kind.isFailure ? 1 : kind.isTimed ? 2 : 8)"
        if !arrow.lines.isEmpty {
            let rows = rows(
                of: arrow.lines, isFaint: isFaint, isFailure: kind.isFailure)
            look += ", label=<\(table(rows, padding: 2))>"
        }
        return look
    }

    /// Lines as rows.
    ///
    /// What belongs to an event stands beside it where it fits, else below it.
    private func rows(
        of lines: [WorkflowPicture.Line], isFaint: Bool, isFailure: Bool = false,
        indent: Bool = false
    ) -> [String] {
        var rows: [(words: String, length: Int)] = []
        var isBelowEvent = false
        for line in lines {
            let words = painted(line, isFaint, isFailure)
            let startsAnew = line.role == .event || line.role == .command || rows.isEmpty
            if !startsAnew, isBelowEvent, let last = rows.last,
                last.length + line.text.count < Self.widest
            {
                rows[rows.count - 1] = (
                    "\(last.words)&#160;&#160;\(words)", last.length + line.text.count + 2
                )
                continue
            }
            if line.role == .event { isBelowEvent = true }
            let lead = indent && isBelowEvent && line.role != .event ? "&#160;&#160;&#160;" : ""
            let parts = line.text.wrapped(at: Self.widest)
            for part in parts {
                let words = painted(.init(line.role, part), isFaint, isFailure)
                rows.append((lead + words, part.count))
            }
        }
        return rows.map { row($0.words, size: 10, Colour.text) }
    }

    /// The most letters of a row.
    private static let widest = 36

    private func painted(
        _ line: WorkflowPicture.Line, _ isFaint: Bool, _ isFailure: Bool
    ) -> String {
        let colour =
            switch line.role {
            case .description, .condition: Colour.quiet
            case .event: isFailure ? Colour.failure : Colour.text
            case .command: Colour.text
            case .undo: Colour.undo
            case .pointOfNoReturn: Colour.noReturn
            }
        return "<FONT COLOR=\"\(isFaint ? Colour.pale : colour)\">\(escaped(line.text))</FONT>"
    }
}

// MARK: Text

extension DOTRenderer {
    private func row(_ words: String, size: Double, _ colour: String) -> String {
        "<TR><TD ALIGN=\"LEFT\"><FONT POINT-SIZE=\"\(size)\" COLOR=\"\(colour)\">"
            + "\(words)</FONT></TD></TR>"
    }

    private func table(_ rows: [String], padding: Int = 0) -> String {
        "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"\(padding)\" CELLPADDING=\"1\">"
            + rows.joined() + "</TABLE>"
    }

    private func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\\": escaped += "\\\\"  // A single one stands for a name, as in `\N`.
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private func quoted(_ text: String) -> String {
        let text = text.oneLine.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(text)\""
    }
}

extension WorkflowPicture.Box {
    fileprivate var isSmall: Bool {
        if case .endAgain = kind { return true }
        return false
    }
}

/// The colours of a picture.
private enum Colour {
    static let text = "#1F2933"
    static let quiet = "#52606D"
    static let line = "#3E4C59"
    static let failure = "#C62828"
    static let undo = "#9A4B00"
    static let noReturn = "#1A56DB"
    static let pale = "#A0A8B0"
    static let faint = "#D5DAE0"
}

/// How a box is painted.
private struct Paint {
    let style: String
    let fill: String
    let line: String

    init(of box: WorkflowPicture.Box) {
        switch box.kind {
        case .end(.completed), .endAgain(.completed):
            (style, fill, line) = ("rounded,filled", "#E3F4E1", "#2E7D32")
        case .end(.failed), .endAgain(.failed):
            (style, fill, line) = ("rounded,filled", "#FDE7E7", "#C62828")
        case .end(.cancelled), .endAgain(.cancelled):
            (style, fill, line) = ("rounded,filled", "#FFF3DC", "#B26A00")
        case .anyState: (style, fill, line) = ("rounded,dashed", "#FFFFFF", "#52606D")
        case .undo(let isCertain):
            style = isCertain ? "filled" : "filled,dashed"
            (fill, line) = ("#FFF0E0", "#9A4B00")
        case .start, .waiting:
            style = "rounded,filled"
            fill = box.isBehindNoReturn ? "#E3EDFF" : "#F7F9FB"
            line =
                box.stress == .strong
                ? Colour.failure : box.isBehindNoReturn ? Colour.noReturn : "#52606D"
        }
    }
}
