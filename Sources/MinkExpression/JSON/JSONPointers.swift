// JSON pointers of all values of a text, found without walking from the root each time.

/// Where each value of a text stands, as a tree of names.
package struct JSONPointers: Sendable {
    private struct Entry {
        let start: UInt32
        let parent: Int32
        /// Of a member the place of its name on the tape; of an element `-1 - number`.
        let step: Int32
    }

    private let tape: JSONTape
    /// In the order of their first bytes.
    private var entries: [Entry] = []

    /// The pointers of all values of a document.
    package init(of document: JSONDocument) {
        tape = document.tape
        guard !tape.nodes.isEmpty else { return }
        entries.reserveCapacity(tape.nodes.count)
        add(0, parent: -1, step: 0)
    }

    private mutating func add(_ index: Int, parent: Int, step: Int) {
        let node = tape.nodes[index]
        let number = entries.count
        entries.append(
            Entry(
                start: node.start, parent: Int32(truncatingIfNeeded: parent),
                step: Int32(truncatingIfNeeded: step)))
        let end = Int(node.next)
        var place = index + 1
        switch node.kind {
        case .object:
            while place + 1 < end {
                if tape.nodes[place].kind != .missing {
                    add(place + 1, parent: number, step: place)
                }
                place = Int(tape.nodes[place + 1].next)
            }
        case .array:
            var position = 0
            while place < end {
                add(place, parent: number, step: -1 - position)
                position += 1
                place = Int(tape.nodes[place].next)
            }
        default: break
        }
    }

    /// The pointer of the value that begins at a byte, or of the one before it.
    package func pointer(ofByte start: Int) -> String {
        var (low, high) = (0, entries.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if entries[middle].start <= start { low = middle } else { high = middle }
        }
        var steps: [Int] = []
        while low >= 0, low < entries.count, entries[low].parent >= 0 {
            steps.append(Int(entries[low].step))
            low = Int(entries[low].parent)
        }
        var text = ""
        for step in steps.reversed() {
            text += "/"
            text += step < 0 ? String(-1 - step) : name(step)
        }
        return text
    }

    private func name(_ place: Int) -> String {
        JSONNode.escaped(tape.nodes[place].text(in: tape.source))
    }
}
