// The canonical form of a JSON text, over which fingerprints are taken: names sorted by bytes, no
// white space, numbers as they are written, texts with as few escapes as there can be.

extension JSONNode {
    /// The canonical form of this value.
    ///
    /// - Parameter isLeftOut: Whether a member is left out, by its path: the names and, for elements
    ///   of lists, numbers that lead to it from here, its own name last.
    /// - Returns: The form in UTF-8.
    package func canonicalBytes(
        leavingOut isLeftOut: (_ path: [String]) -> Bool = { _ in false }
    ) -> [UInt8] {
        var writer = JSONWriter()
        var path: [String] = []
        writeCanonical(to: &writer, &path, isLeftOut)
        return writer.bytes
    }

    private func writeCanonical(
        to writer: inout JSONWriter, _ path: inout [String], _ isLeftOut: ([String]) -> Bool
    ) {
        switch kind {
        case .missing, .null: writer.null()
        case .bool, .number: writer.token(tape.source[range])
        case .string: writer.string(entry.text(in: tape.source))
        case .array:
            writer.beginArray()
            for (number, element) in elements.enumerated() {
                path.append(String(number))
                element.writeCanonical(to: &writer, &path, isLeftOut)
                path.removeLast()
            }
            writer.endArray()
        case .object:
            writer.beginObject()
            let named = members.map { (name: $0.name, value: $0.value) }
            for member in named.sorted(by: { $0.name.precedesByBytes($1.name) }) {
                path.append(member.name)
                if !isLeftOut(path) {
                    writer.name(member.name)
                    member.value.writeCanonical(to: &writer, &path, isLeftOut)
                }
                path.removeLast()
            }
            writer.endObject()
        }
    }
}
