// Names → numbers, once for all expressions of a definition.
import Synchronization

/// The variables of a definition, and the field names that its expressions use.
///
/// A field is found by its number instead of its text. All expressions that run in one scope are
/// compiled with the layout of that scope.
package final class VariableLayout: Sendable {
    /// The variables, in the order of their slots.
    package let names: [String]

    private let slots: [ByteName: Int]
    private let fields = Mutex(FieldNames())
    private let read = Mutex<Set<Int>>([])

    /// A layout with a slot for each of these names.
    package init(names: [String]) {
        self.names = names
        slots = Dictionary(
            names.enumerated().map { (ByteName(text: $1), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The slot of a variable.
    func slot(_ name: String) -> Int? { slots[ByteName(text: name)] }

    /// Whether some expression that was compiled so far reads a variable.
    package func isRead(_ name: String) -> Bool {
        slot(name).map { slot in read.withLock { $0.contains(slot) } } ?? false
    }

    func noteRead(_ slots: [Int]) { read.withLock { $0.formUnion(slots) } }

    /// The number of a field name, which it gets when it is new; 0 when there are too many.
    func intern(_ name: String) -> UInt16 { fields.withLock { $0.intern(name) } }

    /// The field names that are known now.
    var knownFields: FieldNames { fields.withLock { $0 } }
}

/// The numbers of field names; from 1, since 0 stands for a name without one.
///
/// A hash table of its own, because it is asked with bytes for each key of each bound value. The
/// names come from definitions, so that no data from outside can make its chains long.
struct FieldNames: Sendable {
    static let none = FieldNames()

    private var names: [[UInt8]] = []
    /// Numbers by hash, 0 where a place is free: a power of two of them, at most half full.
    private var table: [UInt16] = Array(repeating: 0, count: 64)

    /// The number of a name; 0 when it is not known.
    func number(_ name: UnsafeBufferPointer<UInt8>) -> UInt16 {
        var place = Self.hash(name) & (table.count - 1)
        while table[place] != 0 {
            let known = names[Int(table[place]) - 1]
            if known.count == name.count, known.elementsEqual(name) { return table[place] }
            place = (place + 1) & (table.count - 1)
        }
        return 0
    }

    mutating func intern(_ name: String) -> UInt16 {
        let bytes = Array(name.utf8)
        let known = bytes.withUnsafeBufferPointer { number($0) }
        if known != 0 || names.count >= Int(UInt16.max) { return known }
        names.append(bytes)
        if names.count * 2 > table.count {
            rebuild(table.count * 2)
        } else {
            insert(names.count)
        }
        return UInt16(truncatingIfNeeded: names.count)
    }

    private mutating func rebuild(_ count: Int) {
        table = Array(repeating: 0, count: count)
        for number in 1...names.count { insert(number) }
    }

    private mutating func insert(_ number: Int) {
        var place = names[number - 1].withUnsafeBufferPointer { Self.hash($0) }
        place &= table.count - 1
        while table[place] != 0 { place = (place + 1) & (table.count - 1) }
        table[place] = UInt16(truncatingIfNeeded: number)
    }

    /// FNV-1a.
    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: hash >> 8)
    }
}

/// A text that is compared byte by byte, not by canonical equivalence.
struct ByteName: Hashable, Sendable {
    let text: String

    static func == (left: ByteName, right: ByteName) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: text) }
}
