// Files and folders, without Foundation: a process that starts in five milliseconds instead of
// eighteen can run on every save.
import Glibc

/// Reads files and folders.
package enum FileSystem {
    /// What stands under a path.
    package enum Kind {
        case file, folder, other, missing
    }

    /// The content of a file; one byte more than the limit, so that the caller sees an excess.
    package static func read(_ path: String, limit: Int = .max - 1) -> Result<[UInt8], FileError> {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return .failure(FileError(path: path)) }
        defer { close(file) }
        var status = stat()
        let size = fstat(file, &status) == 0 ? Int(status.st_size) : 0
        // One byte more, so that the end shows without growing.
        return read(
            descriptor: file, path: path, limit: limit, chunk: max(1 << 10, min(size, limit) + 1))
    }

    /// All of standard input.
    package static func readStandardInput(limit: Int = .max - 1) -> Result<[UInt8], FileError> {
        read(descriptor: STDIN_FILENO, path: "-", limit: limit)
    }

    static func read(
        descriptor: Int32, path: String, limit: Int, chunk: Int = 1 << 16
    ) -> Result<[UInt8], FileError> {
        var content: [UInt8] = []
        while content.count <= limit {
            var count = 0
            let part = [UInt8](
                unsafeUninitializedCapacity: min(chunk, limit + 1 - content.count)
            ) { buffer, filled in
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(0, count)
            }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(FileError(path: path))
            }
            if content.isEmpty { content = part } else { content += part }
        }
        return .success(content)
    }

    /// When and how large a file is, to see that it changed; `nil` when there is none.
    package static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(
            size: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec),
            nanoseconds: Int(status.st_mtim.tv_nsec), node: UInt64(status.st_ino))
    }

    /// What tells one content of a file from the next.
    package struct Stamp: Hashable, Sendable {
        let size: Int
        let seconds: Int
        let nanoseconds: Int
        let node: UInt64

        /// Whether the last change was so long ago that a later one has another stamp.
        func isOlder(than age: Duration) -> Bool {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let passed =
                Duration.seconds(now.tv_sec - seconds) + .nanoseconds(now.tv_nsec - nanoseconds)
            return passed > age
        }
    }

    /// What stands under a path; links are followed.
    package static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// The names in a folder, in order; hidden ones are left out.
    package static func list(_ path: String) -> Result<[String], FileError> {
        guard let folder = opendir(path) else { return .failure(FileError(path: path)) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return .success(names.sorted())
    }

    /// The path without links and dots; `nil` when nothing stands there.
    package static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// Why a file can not be read or written.
package struct FileError: Error, Sendable {
    package let path: String
    package let reason: String

    init(path: String) {
        self.path = path
        reason = String(cString: strerror(errno))
    }

    /// The sentence for people.
    package var message: String { "\"\(path)\" can not be opened: \(reason)" }
}

extension FileSystem {
    /// Writes a file whole: readers see the old content or the new one.
    ///
    /// The permissions of a file that was there stay.
    package static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Writes a file whole; one that was there keeps its permissions.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let draft = "\(path).\(getpid()).new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError(path: path) }
        var status = stat()
        if stat(path, &status) == 0 { fchmod(file, status.st_mode & 0o7777) }
        let isSent = send(bytes, to: file)
        let isWhole = close(file) == 0 && isSent
        guard isWhole, rename(draft, path) == 0 else {
            let error = FileError(path: path)
            unlink(draft)
            throw error
        }
    }

    /// Writes over a file where it stands: readers may see a part of it.
    package static func overwrite(_ text: String, at path: String) throws(FileError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError(path: path) }
        let isSent = send(Array(text.utf8), to: file)
        guard close(file) == 0, isSent else { throw FileError(path: path) }
    }

    /// Makes a file that was not there before, and the folders above it.
    ///
    /// - Returns: Whether it was made; what was there before is never touched.
    package static func create(
        _ text: String, at path: String, isProgram: Bool = false
    ) throws(FileError) -> Bool {
        var folder = ""
        for step in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += step + "/"
            guard mkdir(folder, 0o755) == 0 || kind(of: folder) == .folder else {
                throw FileError(path: folder)
            }
        }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isProgram ? 0o755 : 0o644)
        guard file >= 0 else {
            if errno == EEXIST { return false }
            throw FileError(path: path)
        }
        let isSent = send(Array(text.utf8), to: file)
        guard close(file) == 0, isSent else {
            let error = FileError(path: path)
            unlink(path)
            throw error
        }
        return true
    }

    /// Writes bytes to an open file.
    ///
    /// - Returns: Whether all were taken.
    static func send(_ bytes: [UInt8], to file: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            guard count > 0 || errno == EINTR else { return false }
            sent += max(0, count)
        }
        return true
    }
}
