// A folder of its own for one test.
import Glibc

struct ScratchFolder: Sendable {
    let path: String

    struct Failure: Error {
        let errno: Int32
    }

    init() throws {
        var template = Array("/tmp/mink-sqlite-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(errno: errno) }
        path = template.withUnsafeBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    func file(_ name: String) -> String { path + "/" + name }

    func remove() {
        guard let directory = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        closedir(directory)
        for name in names where name != "." && name != ".." { unlink(file(name)) }
        rmdir(path)
    }

    /// Reads a file whole.
    func bytes(of name: String) throws -> [UInt8] {
        guard let stream = fopen(file(name), "r") else { throw Failure(errno: errno) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 {
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    /// Writes a file whole.
    func write(_ bytes: some Collection<UInt8>, to name: String) throws {
        guard let stream = fopen(file(name), "w") else { throw Failure(errno: errno) }
        defer { fclose(stream) }
        let bytes = Array(bytes)
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
            throw Failure(errno: errno)
        }
    }
}
