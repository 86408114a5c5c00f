// What the receivers of a chaos run saw, in order of arrival, whichever process received it.
//
// One file, to which every process appends: the operating system puts each line behind all others,
// so the order of lines is the order of arrival. It is no part of the store, and outlives every
// kill.
import Glibc
package import MinkEngine
import MinkExpression

/// One line of the sink.
package struct SinkLine: Sendable, Hashable {
    /// Whether the receiver did what it was asked, or only saw that it was asked.
    package let isEffect: Bool
    /// The command's id: the idempotency key.
    package let key: String
    package let number: Int
    package let command: String
    /// The saga's key.
    package let order: String
    /// The arguments, as JSON.
    package let body: String

    package init(_ record: CommandRecord, isEffect: Bool) {
        self.isEffect = isEffect
        key = record.id
        number = record.number
        command = record.name
        order = record.instance.key.description
        body = record.arguments.json
    }

    /// Reads a line; `nil` when it is not whole.
    package init?(_ text: Substring) {
        let parts = text.split(separator: "\t" as Character, omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count == 6, let number = Int(parts[2]) else { return nil }
        isEffect = parts[0] == "did"
        key = parts[1]
        self.number = number
        command = parts[3]
        order = parts[4]
        body = parts[5]
    }

    /// The line, without its end.
    ///
    /// JSON has no tab and no line break inside.
    package var text: String {
        [isEffect ? "did" : "saw", key, String(number), command, order, body]
            .joined(separator: "\t")
    }
}

/// The file that receivers append to.
package struct ChaosSink: Sendable {
    private let file: Int32

    /// Opens a file, which may be new; `nil` when it can not be written.
    package init?(_ path: String) {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        if file < 0 { return nil }
    }

    /// Appends a line with one call: whole, or not at all.
    package func append(_ line: SinkLine) {
        let bytes = Array((line.text + "\n").utf8)
        while write(file, bytes, bytes.count) < 0, errno == EINTR {}
    }
}
