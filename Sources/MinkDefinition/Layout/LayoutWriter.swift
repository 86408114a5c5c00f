// Lays out JSON the way people write workflow files:
//
//   "orderId":    "string",                                     a table: values in one column
//   "customerId": { "type": "string", "personal": true },       short objects on one line
//
//   { "when": "event.amount >= data.total",                     list elements that need more lines
//     "goto": "Paid" },                                         begin and end on lines of their parts
//
// A decision looks at the value alone, never at how it was laid out before, but for blank lines,
// which authors use to group what belongs together.
import MinkExpression

/// Writes the layout of one file.
struct LayoutWriter {
    /// The most columns of a line that holds an object.
    static let widest = 200
    /// The most columns of an object that is nested deeper than two levels.
    static let widestNested = 160
    /// The most columns of a declaration that has its description on the same line.
    static let widestDescribed = 170
    /// The most columns of a transition.
    static let widestStep = 140

    private let source: [UInt8]

    init(source: [UInt8]) { self.source = source }

    /// A value as lines; the first goes on where its name ends, the others have their indentation.
    enum Piece {
        case lines([String])
        /// Rows between brackets, below each other, wherever the first one begins.
        case rows([String])

        var isOneLine: Bool {
            switch self {
            case .lines(let lines), .rows(let lines): lines.count == 1
            }
        }

        /// Whether it begins and ends on lines of its own.
        var isBlock: Bool {
            if case .lines(let lines) = self { return lines.count > 1 }
            return false
        }

        /// The lines of a value that begins at a column.
        func lines(at column: Int) -> [String] {
            guard case .rows(let rows) = self else {
                if case .lines(let lines) = self { return lines }
                return []
            }
            return rows.enumerated().map { number, row in
                (number == 0 ? "{ " : spaces(column + 2)) + row
                    + (number == rows.count - 1 ? " }" : ",")
            }
        }
    }

    func text(of root: JSONNode) -> String {
        let kind: LayoutKind = root.kind == .object ? .root : .plain
        return piece(root, as: kind, indent: 0, column: 0).lines(at: 0).joined(separator: "\n")
            + "\n"
    }

    /// The layout of a value that begins at a column of a line with an indentation.
    func piece(_ node: JSONNode, as kind: LayoutKind, indent: Int, column: Int) -> Piece {
        if node.isEmpty { return Piece.lines([inline(node)]) }
        switch node.kind {
        case .object:
            if fits(node, as: kind, column: column) { return Piece.lines([inline(node)]) }
            return object(node, as: kind, indent: indent)
        case .array:
            if fits(node, as: kind, column: column) { return Piece.lines([inline(node)]) }
            return list(node, as: kind, indent: indent)
        default:
            return Piece.lines([node.source])
        }
    }

    // MARK: One line

    private func fits(_ node: JSONNode, as kind: LayoutKind, column: Int) -> Bool {
        if kind.isAlwaysBroken { return false }
        if case .alternatives = kind, node.isLongStep { return false }
        if case .alternatives = kind, node.kind == .array,
            node.elements.count(where: { _ in true }) > 1
        {
            return false
        }
        let width = inline(node).visibleWidth
        if node.height > 2, width > Self.widestNested { return false }
        if case .alternatives = kind, width > Self.widestStep { return false }
        return column + width + 1 <= Self.widest
    }

    /// The value on one line.
    func inline(_ node: JSONNode) -> String {
        switch node.kind {
        case .object:
            let members = node.members.map { "\($0.nameNode.source): \(inline($0.value))" }
            return members.isEmpty ? "{}" : "{ \(members.joined(separator: ", ")) }"
        case .array:
            return "[\(node.elements.map(inline).joined(separator: ", "))]"
        default:
            return node.source
        }
    }

    // MARK: Many lines

    private func object(_ node: JSONNode, as kind: LayoutKind, indent: Int) -> Piece {
        let members = Array(node.members)
        return object(
            members, members.map { entry($0, as: kind, indent: indent + 2) }, as: kind,
            indent: indent)
    }

    private func object(
        _ members: [JSONNode.Member], _ pieces: [Piece], as kind: LayoutKind, indent: Int
    ) -> Piece {
        let columns = columns(of: members, pieces, as: kind)
        var lines = ["{"]
        for (number, member) in members.enumerated() {
            if number > 0,
                isSeparated(members[number - 1], member)
                    || kind.separates(pieces[number - 1], pieces[number], at: member.name)
            {
                lines.append("")
            }
            let lead = spaces(indent + 2) + member.lead.padded(to: columns[number])
            var entry = pieces[number].lines(at: lead.visibleWidth)
            entry[0] = lead + entry[0]
            if number < members.count - 1 { entry[entry.count - 1] += "," }
            lines += entry
        }
        return .lines(lines + [spaces(indent) + "}"])
    }

    /// The columns at which values begin, counted from their names.
    ///
    /// In tables it is the same for all; elsewhere for neighbours that stand on one line each.
    private func columns(
        of members: [JSONNode.Member], _ pieces: [Piece], as kind: LayoutKind
    ) -> [Int] {
        let widths = members.map(\.lead.visibleWidth)
        let canAlign = zip(members, pieces).map { kind.aligns($0.value) && !$1.isBlock }
        if kind.isTable {
            let widest = zip(widths, canAlign).map { $1 ? $0 : 0 }.max() ?? 0
            return zip(widths, canAlign).map { $1 ? widest : $0 }
        }
        var columns = widths
        var start = 0
        while start < members.count {
            var end = start + 1
            while end < members.count, canAlign[end - 1], canAlign[end],
                !isSeparated(members[end - 1], members[end])
            {
                end += 1
            }
            let widest = widths[start..<end].max() ?? 0
            for number in start..<end { columns[number] = widest }
            start = end
        }
        return columns
    }

    private func entry(_ member: JSONNode.Member, as kind: LayoutKind, indent: Int) -> Piece {
        let value = member.value
        let column = indent + member.lead.visibleWidth
        if case .table(.declaration) = kind, value.kind == .object, !value.isEmpty,
            let rows = declaration(value, column: column)
        {
            return rows
        }
        let kind = kind.kind(of: member.name, value["final"] != nil)
        return piece(value, as: kind, indent: indent, column: column)
    }

    /// An event, a command or a policy as rows below each other; `nil` when a row is too long.
    private func declaration(_ node: JSONNode, column: Int) -> Piece? {
        var rows: [[String]] = []
        for member in node.members {
            guard !member.value.isComposed || fits(member.value, as: .plain, column: 0) else {
                return nil
            }
            let startsRow = ["answers", "rules", "confirmedBy"].contains(member.name)
            if rows.isEmpty || startsRow { rows.append([]) }
            rows[rows.count - 1].append(member.lead + inline(member.value))
        }
        // A description stands alone where there is more than one row, or the row gets long.
        let isDescribed = node.members.first { _ in true }?.name == "description"
        if isDescribed, rows[0].count > 1,
            rows.count > 1 || column + inline(node).visibleWidth > Self.widestDescribed
        {
            rows.insert([rows[0].removeFirst()], at: 0)
        }
        let lines = rows.map { $0.joined(separator: ", ") }
        let isNarrow = lines.allSatisfy { column + $0.visibleWidth + 4 <= Self.widest }
        return isNarrow ? .rows(lines) : nil
    }

    private func list(_ node: JSONNode, as kind: LayoutKind, indent: Int) -> Piece {
        let elements = Array(node.elements)
        var lines = ["["]
        for (number, element) in elements.enumerated() {
            var element = self.element(element, as: kind, indent: indent + 2)
            if number < elements.count - 1 { element[element.count - 1] += "," }
            lines.append(spaces(indent + 2) + element[0])
            lines += element.dropFirst()
            if number < elements.count - 1, case .scenarios = kind { lines.append("") }
        }
        return .lines(lines + [spaces(indent) + "]"])
    }

    private func element(_ node: JSONNode, as kind: LayoutKind, indent: Int) -> [String] {
        if case .scenarios = kind, node.kind == .object, !node.isEmpty {
            return scenario(node, indent: indent)
        }
        guard node.kind == .object, !node.isEmpty, !fits(node, as: kind, column: indent) else {
            return piece(node, as: .plain, indent: indent, column: indent).lines(at: indent)
        }
        // The first member stands beside the bracket, when each has a line.
        let members = Array(node.members)
        let pieces = members.map { entry($0, as: kind, indent: indent + 2) }
        guard pieces.allSatisfy(\.isOneLine) else {
            return object(members, pieces, as: kind, indent: indent).lines(at: indent)
        }
        return Piece.rows(zip(members, pieces).map { $0.lead + $1.lines(at: 0)[0] })
            .lines(at: indent)
    }

    /// A scenario, whose steps have a line each.
    private func scenario(_ node: JSONNode, indent: Int) -> [String] {
        var lines: [String] = []
        for member in node.members {
            let isSteps = member.name == "steps" && member.value.kind == .array
            let piece =
                isSteps && !member.value.isEmpty
                ? steps(member.value, indent: indent + 2)
                : entry(member, as: .plain, indent: indent + 2).lines(at: indent + 2)
            if !lines.isEmpty { lines[lines.count - 1] += "," }
            lines.append((lines.isEmpty ? "{ " : spaces(indent + 2)) + member.lead + piece[0])
            lines += piece.dropFirst()
        }
        lines[lines.count - 1] += " }"
        return lines
    }

    private func steps(_ node: JSONNode, indent: Int) -> [String] {
        var lines = ["["]
        for step in node.elements {
            if lines.count > 1 { lines[lines.count - 1] += "," }
            let step = element(step, as: .plain, indent: indent + 2)
            lines.append(spaces(indent + 2) + step[0])
            lines += step.dropFirst()
        }
        lines[lines.count - 1] += " ]"
        return lines
    }

    /// Whether the author left a line empty between two members.
    private func isSeparated(_ first: JSONNode.Member, _ second: JSONNode.Member) -> Bool {
        source[first.value.range.upperBound..<second.nameRange.lowerBound]
            .count { $0 == UInt8(ascii: "\n") } > 1
    }
}
