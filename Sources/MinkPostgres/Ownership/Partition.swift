// Which part of the work an instance belongs to.
import MinkEngine

/// One of 64 parts of the work, which one owner has at a time.
enum Partition {
    static let count: Int16 = 64
    static let all = Array(0..<count)

    /// The partition of an instance: the same in every process, for ever.
    static func number(of id: InstanceID) -> Int16 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        for text in [id.tenant, id.workflow, id.key.stored] {
            for byte in text.utf8 { add(byte) }
            add(0xFF)  // No byte of a text, so that texts can not run into each other.
        }
        // FNV-1a mixes its low bits badly; the high ones are good.
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        return Int16(hash >> 58)
    }
}
