// A JSON text after reading, mistakes included.

/// A JSON text after reading: its mistakes, and a cursor on its value.
///
/// Nothing is decoded until it is asked for. Copies share what was read.
package struct JSONDocument: Sendable {
    let tape: JSONTape

    /// Reads a text; never fails, but for what it says in ``problems``.
    package init(reading source: [UInt8], limits: JSONLimits = .definition) {
        var reader = JSONReader(source, limits: limits)
        reader.read()
        tape = JSONTape(of: reader)
    }

    /// The bytes that were read.
    package var source: [UInt8] { tape.source }

    /// What is wrong, in the order of the text.
    package var problems: [JSONProblem] { tape.problems }

    /// Whether the text must be refused; warnings alone do not count.
    package var hasErrors: Bool { tape.problems.contains { $0.severity == .error } }

    /// Whether the text was read to its end; else what is missing in ``root`` says nothing.
    package var isComplete: Bool { tape.isComplete }

    /// The value of the whole text; `nil` when nothing could be read.
    package var root: JSONNode? {
        tape.nodes.isEmpty ? nil : JSONNode(tape: tape, index: 0)
    }

    /// The line and column of a byte.
    package func position(ofByte byte: Int) -> TextPosition {
        lineTable.position(ofByte: byte, in: tape.source)
    }

    /// The bytes of a line, counted from 1, without its line break.
    package func range(ofLine line: Int) -> Range<Int>? {
        lineTable.range(ofLine: line, in: tape.source)
    }

    private var lineTable: LineTable { tape.lines ?? LineTable(of: tape.source) }
}
