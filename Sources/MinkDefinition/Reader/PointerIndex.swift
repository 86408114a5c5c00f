// JSON pointers of all values of a file, found without walking from the root each time.
import MinkExpression

/// Where each value of a file stands, as a tree of names.
struct PointerIndex {
    private struct Entry {
        let start: Int
        let parent: Int
        let step: String
    }

    /// In the order of their first bytes.
    private var entries: [Entry] = []

    init(of root: JSONNode) { add(root, parent: -1, step: "") }

    private mutating func add(_ node: JSONNode, parent: Int, step: String) {
        let index = entries.count
        entries.append(Entry(start: node.range.lowerBound, parent: parent, step: step))
        switch node.kind {
        case .object:
            for member in node.members { add(member.value, parent: index, step: member.name) }
        case .array:
            for (number, element) in node.elements.enumerated() {
                add(element, parent: index, step: String(number))
            }
        default: break
        }
    }

    /// The pointer of the value that begins at a byte, or of the one before it.
    func pointer(ofByte start: Int) -> String {
        var (low, high) = (0, entries.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if entries[middle].start <= start { low = middle } else { high = middle }
        }
        var steps: [String] = []
        while low >= 0, low < entries.count, entries[low].parent >= 0 {
            steps.append(escaped(entries[low].step))
            low = entries[low].parent
        }
        return steps.reversed().map { "/" + $0 }.joined()
    }

    private func escaped(_ step: String) -> String {
        guard step.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
        else { return step }
        return step.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
