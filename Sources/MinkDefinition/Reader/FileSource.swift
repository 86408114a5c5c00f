// Where the texts come from that a file names in `use` and `$ref`. This module opens no files.

/// Hands out files below the project root.
///
/// A source follows no symbolic link that leads out of the root.
package protocol FileSource: Sendable {
    /// The bytes of a file.
    ///
    /// - Parameter path: Below the project root, without `.` and `..`, as in `shared/retries.json`.
    /// - Returns: The bytes, or why there are none.
    func read(_ path: String) -> Result<[UInt8], FileProblem>
}

/// Why a file could not be read.
package enum FileProblem: Error, Sendable, Hashable {
    case missing
    /// A symbolic link leads out of the project.
    case outside
    /// Another reason, in words.
    case unreadable(String)
}

/// No files at all: for texts that have to stand alone.
package struct NoFiles: FileSource {
    package init() {}

    package func read(_ path: String) -> Result<[UInt8], FileProblem> { .failure(.missing) }
}
