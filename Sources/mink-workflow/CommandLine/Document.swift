// Documents that are part of the binary.
import CDocuments

enum Document {
    /// The page of a rule, as Markdown.
    static func rule(_ code: String) -> String? { text("\(code).md") }

    /// The page about files of other engines, as Markdown.
    static var importing: String? { text("Importing.md") }

    /// The JSON Schema of a kind of file.
    static func schema(_ kind: String) -> String? { text("\(kind).schema.json") }

    private static func text(_ name: String) -> String? {
        var length = 0
        guard let bytes = mink_document(name, &length) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self)
    }
}
