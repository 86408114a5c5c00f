// The difference of two texts by lines, as `diff -u` and `git apply` write it.

/// A unified diff.
package struct LineDiff: Sendable {
    private let file: String
    private let lines: [Line]

    /// How many unchanged lines are shown around a change.
    private static let context = 3

    private enum Line {
        case same(String), removed(String), added(String)

        var isSame: Bool {
            if case .same = self { return true }
            return false
        }

        var text: String {
            switch self {
            case .same(let text): " " + text
            case .removed(let text): "-" + text
            case .added(let text): "+" + text
            }
        }
    }

    package init(file: String, old: [UInt8], new: [UInt8]) {
        self.file = file
        let (old, new) = (Self.lines(old), Self.lines(new))
        // Only the middle can differ; what both begin and end with needs no search.
        let lead = zip(old, new).prefix { $0 == $1 }.count
        let rest = min(old.count, new.count) - lead
        let tail = zip(old.reversed(), new.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let middle = Self.middle(
            Array(old[lead..<old.count - tail]), Array(new[lead..<new.count - tail]))
        lines = old[..<lead].map(Line.same) + middle + old[(old.count - tail)...].map(Line.same)
    }

    private static func middle(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        var (removed, added): (Set<Int>, Set<Int>) = ([], [])
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                lines.append(.removed(old[left]))
                left += 1
            } else if right < new.count, added.contains(right) {
                lines.append(.added(new[right]))
                right += 1
            } else {
                lines.append(.same(old[left]))
                left += 1
                right += 1
            }
        }
        return lines
    }

    /// The text of the diff; empty when nothing differs.
    package var text: String {
        let changed = lines.indices.filter { !lines[$0].isSame }
        guard !changed.isEmpty else { return "" }
        var text = "--- \(file)\n+++ \(file)\n"
        var (oldLine, newLine, next) = (1, 1, 0)
        for hunk in Self.hunks(around: changed, of: lines.count) {
            for line in lines[next..<hunk.lowerBound] { Self.count(line, &oldLine, &newLine) }
            next = hunk.upperBound
            let (oldStart, newStart) = (oldLine, newLine)
            for line in lines[hunk] { Self.count(line, &oldLine, &newLine) }
            text +=
                "@@ -\(Self.stretch(oldStart, oldLine)) +\(Self.stretch(newStart, newLine)) @@\n"
            for line in lines[hunk] {
                text +=
                    line.text.hasSuffix("\n")
                    ? line.text : line.text + "\n\\ No newline at end of file\n"
            }
        }
        return text
    }

    private static func count(_ line: Line, _ old: inout Int, _ new: inout Int) {
        switch line {
        case .same:
            old += 1
            new += 1
        case .removed: old += 1
        case .added: new += 1
        }
    }

    private static func stretch(_ start: Int, _ end: Int) -> String {
        "\(end == start ? start - 1 : start),\(end - start)"
    }

    private static func hunks(around changed: [Int], of count: Int) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in changed {
            let (start, end) = (max(0, index - context), min(count, index + context + 1))
            if let last = hunks.last, start <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<end
            } else {
                hunks.append(start..<end)
            }
        }
        return hunks
    }

    /// The lines of a text with their ends.
    private static func lines(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            lines.append(String(decoding: rest[...end], as: UTF8.self))
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
        return lines
    }
}
