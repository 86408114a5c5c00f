// The folder of a chaos run: the definitions, the sink, and what the engines said.
import Glibc
import MinkWorkflow
import Synchronization

/// A folder that is gone after the run, unless it is to be kept.
final class ChaosFolder: Sendable {
    let path: String
    /// The version that was written last.
    private let version = Mutex(0)
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

    private var file: String { "\(definitions)/chaos-order.workflow.json" }

    /// Writes the workflow under its next version.
    func publishNext() {
        let next = version.withLock { version in
            version += 1
            return version
        }
        write(ChaosWorkflow.text(version: next))
    }

    /// Writes the workflow as it was last without mistakes.
    func publishLast() {
        write(ChaosWorkflow.text(version: version.withLock(\.self)))
    }

    /// Changes the workflow as people do: well, badly, by halves, or not there at all.
    func republish(_ draw: inout Draw) {
        let last = ChaosWorkflow.text(version: version.withLock(\.self))
        switch draw.below(6) {
        case 0: write(String(last.prefix(last.count / 2)))
        case 1: write(last.replacing("\"goto\": \"Packing\"", with: "\"goto\": \"Nowhere\""))
        case 2: unlink(file)
        default: publishNext()
        }
    }

    /// Writes the file in one go.
    ///
    /// What is not written is written at the next change: a reload needs no certainty here.
    private func write(_ text: String) {
        do throws(FileError) { try FileSystem.write(text, to: file) } catch {}
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
