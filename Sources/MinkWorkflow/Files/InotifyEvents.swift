// The events of inotify, as the kernel writes them one behind the other.
import Glibc

/// The events in some bytes.
struct InotifyEvents: Sequence, IteratorProtocol {
    /// Something happened in a watched folder, or to it.
    struct Event {
        let watch: Int32
        let mask: UInt32
        /// The name in the folder; empty when it happened to the folder itself.
        let name: String

        /// Whether the kernel had more to say than it could keep.
        var isOverflow: Bool { mask & UInt32(IN_Q_OVERFLOW) != 0 }

        /// Whether names came or went, so that other folders may have to be watched.
        var changesNames: Bool {
            let content = UInt32(IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB)
            return mask & ~content & ~UInt32(IN_ISDIR) != 0
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// How many bytes stand before a name.
    private static let head = MemoryLayout<inotify_event>.size

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func next() -> Event? {
        guard position + Self.head <= bytes.count else { return nil }
        let watch = bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)
        let mask = bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)
        let length = Int(bytes.loadUnaligned(fromByteOffset: position + 12, as: UInt32.self))
        let start = position + Self.head
        guard length <= bytes.count - start else { return nil }
        position = start + length
        let name = bytes[start..<position].prefix { $0 != 0 }
        return Event(watch: watch, mask: mask, name: String(decoding: name, as: UTF8.self))
    }
}
