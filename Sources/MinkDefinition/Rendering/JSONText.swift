// JSON for machines, written by hand: members in the order given, one indented level per object.

/// A JSON value that is about to be written.
package indirect enum JSONText: Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case list([JSONText])
    case object([(String, JSONText)])

    /// The text, with a line for each member and element.
    package var indented: String {
        var text = ""
        write(to: &text, indent: 0)
        return text + "\n"
    }

    private func write(to text: inout String, indent: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let number): text += String(number)
        case .string(let string): text += Self.quoted(string)
        case .list(let elements):
            write(elements.map { (nil, $0) }, "[", "]", to: &text, indent: indent)
        case .object(let members):
            write(members.map { ($0, $1) }, "{", "}", to: &text, indent: indent)
        }
    }

    private func write(
        _ parts: [(name: String?, value: JSONText)], _ open: String, _ close: String,
        to text: inout String, indent: Int
    ) {
        text += open
        for (index, part) in parts.enumerated() {
            text += (index > 0 ? ",\n" : "\n") + String(repeating: "  ", count: indent + 1)
            if let name = part.name { text += Self.quoted(name) + ": " }
            part.value.write(to: &text, indent: indent + 1)
        }
        if !parts.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    /// A text in quotes, with escapes where JSON asks for them.
    static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
