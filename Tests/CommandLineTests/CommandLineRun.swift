// Runs the built command line as a process, as people and CI do.
import Foundation
import Testing

/// What a process printed, and how it ended.
struct CommandLineRun {
    let output: String
    let errors: String
    let code: Int32

    /// The lines of the output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    init(output: String, errors: String, code: Int32) {
        (self.output, self.errors, self.code) = (output, errors, code)
    }

    /// Runs a command line, in the root of the package unless told.
    @discardableResult
    init(_ words: String..., input: String? = nil, in folder: URL = root) throws {
        try self.init(all: words, input: input, in: folder)
    }

    /// Runs a command line whose words are in a list.
    init(all words: [String], input: String? = nil, in folder: URL = root) throws {
        let process = Self.process(words)
        process.currentDirectoryURL = folder
        let (outputPipe, errorPipe, inputPipe) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        process.standardInput = inputPipe
        try process.run()
        inputPipe.fileHandleForWriting.write(Data((input ?? "").utf8))
        try inputPipe.fileHandleForWriting.close()
        output = Self.text(of: outputPipe)
        errors = Self.text(of: errorPipe)
        process.waitUntilExit()
        code = process.terminationStatus
    }

    /// A process of the command line that was not started.
    static func process(_ words: [String]) -> Process {
        let process = Process()
        process.executableURL = binary
        process.arguments = words
        process.currentDirectoryURL = root
        var environment = ProcessInfo.processInfo.environment
        environment["NO_COLOR"] = "1"
        process.environment = environment
        return process
    }

    /// All that a process writes into a pipe. (`FileHandle` gives up when a signal interrupts it.)
    static func text(of pipe: Pipe) -> String {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(pipe.fileHandleForReading.fileDescriptor, &chunk, chunk.count)
            if count > 0 {
                content += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                return String(decoding: content, as: UTF8.self)
            }
        }
    }

    /// The root of the package.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The binary stands beside the one that runs the tests.
    static let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "mink-workflow")
}

/// Other programs of the machine.
enum Program {
    /// Where a program of the search path stands; `nil` when there is none.
    static func find(_ name: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { URL(filePath: String($0)).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// Runs a script in a shell that finds our binary.
    static func shell(
        _ script: String, in folder: ScratchFolder
    ) throws -> (code: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder.url
        var environment = ProcessInfo.processInfo.environment
        let binaries = CommandLineRun.binary.deletingLastPathComponent().path
        environment["PATH"] = "\(binaries):\(environment["PATH"] ?? "")"
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = CommandLineRun.text(of: output)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}

/// A folder that is gone when the test ends.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "mink-workflow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file and names its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}

/// Texts that are kept in files; `MINK_UPDATE=1` writes them anew.
enum Golden {
    static func check(_ text: String, _ name: String) throws {
        let file = CommandLineRun.root.appending(path: "Tests/Golden/\(name)")
        if ProcessInfo.processInfo.environment["MINK_UPDATE"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(text == kept, "differs from Tests/Golden/\(name); MINK_UPDATE=1 writes it anew")
    }
}
