// The folder of a chaos run: the definitions, the sink, and what the engines said.
import Glibc
import MinkWorkflow

/// A folder that is gone after the run, unless it is to be kept.
struct ChaosFolder: Sendable {
    let path: String
    private let isKept: Bool

    /// Why there is no folder.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Makes a folder: one of its own, or the one that is to be kept.
    init(_ kept: String?) throws(Failure) {
        isKept = kept != nil
        if let kept {
            path = kept
            mkdir(kept, 0o755)
        } else {
            var template = Array("/tmp/mink-chaos-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                throw Failure(description: "no folder can be made in /tmp")
            }
            path = template.withUnsafeBytes { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        guard mkdir("\(path)/workflows", 0o755) == 0 || errno == EEXIST else {
            throw Failure(description: "no folder can be made in \"\(path)\"")
        }
    }

    var definitions: String { "\(path)/workflows" }
    var sink: String { "\(path)/sink.tsv" }

    /// Writes the workflow.
    func publish(_ text: String) throws(FileError) {
        try FileSystem.write(text, to: "\(definitions)/chaos-order.workflow.json")
    }

    /// What the receivers noted.
    var sinkLines: [SinkLine] {
        guard case .success(let bytes) = FileSystem.read(sink) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .compactMap { SinkLine($0) }
    }

    func remove() {
        guard !isKept else { return }
        // Only what a run puts there.
        for folder in [definitions, path] {
            guard case .success(let names) = FileSystem.list(folder) else { continue }
            for name in names { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
    }
}
