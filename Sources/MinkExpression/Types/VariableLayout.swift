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

    /// A layout with a slot for each of these names.
    package init(names: [String]) {
        self.names = names
        slots = Dictionary(
            names.enumerated().map { (ByteName(text: $1), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The slot of a variable.
    func slot(_ name: String) -> Int? { slots[ByteName(text: name)] }

    /// The number of a field name, which it gets when it is new; 0 when there are too many.
    func intern(_ name: String) -> UInt16 {
        fields.withLock { $0.intern(ByteName(text: name)) }
    }

    /// The field names that are known now.
    var knownFields: [ByteName: UInt16] { fields.withLock { $0.numbers } }
}

/// The numbers of field names; from 1, since 0 stands for a name without one.
private struct FieldNames {
    var numbers: [ByteName: UInt16] = [:]

    mutating func intern(_ name: ByteName) -> UInt16 {
        if let number = numbers[name] { return number }
        guard numbers.count < Int(UInt16.max) else { return 0 }
        let number = UInt16(numbers.count + 1)
        numbers[name] = number
        return number
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
