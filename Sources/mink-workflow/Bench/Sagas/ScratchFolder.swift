// A folder for files that are of no use afterwards.
import Glibc
import MinkStore

/// A new folder among the machine's temporary files.
struct ScratchFolder: Sendable {
    let path: String

    /// Makes the folder.
    init() throws(StoreError) {
        var template = Array("/tmp/mink-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StoreError(code: .unavailable, message: "no folder can be made in /tmp")
        }
        path = template.withUnsafeBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Removes the folder and the files in it.
    func remove() {
        guard let entries = opendir(path) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(entries)
        rmdir(path)
    }
}
