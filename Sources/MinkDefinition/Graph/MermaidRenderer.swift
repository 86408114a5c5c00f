// A picture as a Mermaid flowchart, which code forges and note books draw.
//
// Labels are quoted texts. What means something there, or could, is written as an entity code.

/// Writes a picture as Mermaid.
package struct MermaidRenderer: Sendable {
    private let picture: WorkflowPicture

    package init(_ picture: WorkflowPicture) { self.picture = picture }

    /// The text, one box or arrow on each line.
    package var text: String {
        var text = "---\ntitle: \"\(yaml(heading))\"\n---\nflowchart TD\n"
        for number in picture.shownBoxes { text += "  \(box(number))\n" }
        for arrow in picture.arrows { text += "  \(words(of: arrow))\n" }
        return text + looks
    }

    private var heading: String {
        picture.failure.map { "\(picture.title): what is undone when a saga fails in \($0)" }
            ?? picture.title
    }

    private func box(_ number: Int) -> String {
        let box = picture.boxes[number]
        let rows = ["<b>\(escaped(box.title.oneLine))</b>"] + rows(of: box.lines)
        let label = rows.joined(separator: "<br/>")
        let shape =
            switch box.kind {
            case .start: "((\" \"))"
            case .end, .endAgain: "([\"\(label)\"])"
            case .undo: "[\"\(label)\"]"
            case .waiting, .anyState: "(\"\(label)\")"
            }
        return "b\(number)\(shape)\(box.className.map { ":::\($0)" } ?? "")"
    }

    private func words(of arrow: WorkflowPicture.Arrow) -> String {
        let line = arrow.kind.isTimed ? "-.->" : arrow.kind.isPointOfNoReturn ? "==>" : "-->"
        let label = rows(of: arrow.lines).joined(separator: "<br/>")
        let words = label.isEmpty ? "" : "|\"\(label)\"|"
        return "b\(arrow.from) \(line)\(words) b\(arrow.to)"
    }

    private func rows(of lines: [WorkflowPicture.Line]) -> [String] {
        lines.flatMap { line in
            switch line.role {
            case .description: line.text.wrapped(at: 34).map { "<i>\(escaped($0))</i>" }
            default: [escaped(line.text)]
            }
        }
    }

    private var looks: String {
        var text = ""
        let used = Set(picture.boxes.compactMap(\.className))
        for (name, look) in Self.classes where used.contains(name) {
            text += "  classDef \(name) \(look)\n"
        }
        let arrows = Array(picture.arrows.enumerated())
        func style(_ look: String, _ holds: (WorkflowPicture.Arrow) -> Bool) {
            let numbers = arrows.filter { holds($0.element) }.map { String($0.offset) }
            if !numbers.isEmpty {
                text += "  linkStyle \(numbers.joined(separator: ",")) \(look)\n"
            }
        }
        style("stroke:#C62828,color:#C62828") { $0.kind.isFailure && $0.stress != .faint }
        style("stroke:#1A56DB,color:#1A56DB") {
            $0.kind.isPointOfNoReturn && !$0.kind.isFailure && $0.stress != .faint
        }
        style("stroke:#D5DAE0,color:#A0A8B0") { $0.stress == .faint }
        return text
    }

    private static let classes = [
        ("start", "fill:#1F2933,stroke:#1F2933"),
        ("completed", "fill:#E3F4E1,stroke:#2E7D32,color:#1F2933"),
        ("failed", "fill:#FDE7E7,stroke:#C62828,color:#1F2933"),
        ("cancelled", "fill:#FFF3DC,stroke:#B26A00,color:#1F2933"),
        ("waiting", "fill:#F7F9FB,stroke:#52606D,color:#1F2933"),
        ("anyState", "fill:#FFFFFF,stroke:#52606D,color:#1F2933,stroke-dasharray:4 3"),
        ("noReturn", "fill:#E3EDFF,stroke:#1A56DB,color:#1F2933"),
        ("undo", "fill:#FFF0E0,stroke:#9A4B00,color:#1F2933"),
        ("perhaps", "fill:#FFF0E0,stroke:#9A4B00,color:#1F2933,stroke-dasharray:4 3"),
        ("failing", "fill:#F7F9FB,stroke:#C62828,color:#1F2933,stroke-width:3px"),
        ("faint", "fill:#FAFAFA,stroke:#D5DAE0,color:#A0A8B0"),
    ]

    /// Letters, digits and harmless signs stay; all other signs of ASCII become codes.
    ///
    /// A row that begins as a list does, or holds a link, would be taken for Markdown.
    private func escaped(_ text: String) -> String {
        var escaped = ""
        var isOnlyDigits = true
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            let isDigit = ("0"..."9").contains(scalar)
            let isLetter = scalar.isASCII && scalar.properties.isAlphabetic
            let isHarmless =
                " ,'!?/=".unicodeScalars.contains(scalar)
                || (scalar == "." || scalar == ")" || scalar == "-" || scalar == "+")
                    && !isOnlyDigits
                || (scalar == "(" || scalar == "[") && last != "]" || scalar == "]"
            if !scalar.isASCII || isDigit || isLetter || isHarmless {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "#\(scalar.value);"
            }
            isOnlyDigits = isOnlyDigits && (isDigit || scalar == " ")
            last = scalar
        }
        return escaped
    }

    private func yaml(_ text: String) -> String {
        text.oneLine.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}

extension WorkflowPicture.Box {
    /// The class of a box in the flowchart.
    fileprivate var className: String? {
        if stress == .faint { return "faint" }
        return switch kind {
        case .start: "start"
        case .end(let outcome), .endAgain(let outcome): outcome.rawValue
        case .anyState: "anyState"
        case .undo(let isCertain): isCertain ? "undo" : "perhaps"
        case .waiting:
            stress == .strong ? "failing" : isBehindNoReturn ? "noReturn" : "waiting"
        }
    }
}
