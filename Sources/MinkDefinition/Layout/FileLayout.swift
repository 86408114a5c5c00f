// The one layout of a workflow or scenario file, without changing what it says: keys stay in their
// order, numbers and texts as they are written.
import MinkExpression

/// A file as `mink-workflow fmt` writes it.
package struct FileLayout: Sendable {
    /// The text; `nil` when the file can not be read.
    package let text: String?
    /// What keeps the file from being read.
    package let findings: [Finding]
    package let source: SourceText

    /// Lays a file out.
    ///
    /// - Parameters:
    ///   - file: The name that findings show.
    ///   - bytes: The text of the file.
    package init(file: String, bytes: [UInt8]) {
        let document = JSONDocument(reading: bytes)
        let source = SourceText(file: file, bytes: bytes)
        self.source = source
        guard !document.hasErrors, document.isComplete, let root = document.root else {
            text = nil
            findings = document.problems.filter { $0.severity == .error }
                .map { Finding($0, in: source, at: "") }.inOrder()
            return
        }
        findings = []
        text = LayoutWriter(source: document.source).text(of: root)
    }

    /// Whether the text says the same as the source, token by token.
    package var isFaithful: Bool {
        text.map { Self.tokens(of: Array($0.utf8)) == Self.tokens(of: source.bytes) } ?? true
    }

    /// The bytes without the white space between tokens, and without a byte order mark.
    private static func tokens(of bytes: [UInt8]) -> [UInt8] {
        var tokens: [UInt8] = []
        tokens.reserveCapacity(bytes.count)
        var isInText = false
        var isEscaped = false
        for byte in bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...] {
            if isInText {
                if byte == UInt8(ascii: "\""), !isEscaped { isInText = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
                continue
            } else {
                isInText = byte == UInt8(ascii: "\"")
            }
            tokens.append(byte)
        }
        return tokens
    }
}
