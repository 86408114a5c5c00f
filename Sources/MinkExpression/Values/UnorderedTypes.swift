// Finds out, from what a type asks of its encoder, whether its elements come in an order.

/// A collection whose elements come in another order in every process.
private protocol UnorderedCollection {}
extension Set: UnorderedCollection {}
extension Dictionary: UnorderedCollection {}

private protocol UnorderedElements {}
extension Set: UnorderedElements {}

extension ValuePart.Kind {
    /// The kind of list that a type writes.
    static func of(_ type: any Any.Type) -> ValuePart.Kind {
        guard type is any UnorderedCollection.Type else { return .list }
        return type is any UnorderedElements.Type ? .set : .unorderedPairs
    }

    /// The kind of object that has keys of this type.
    static func of(keys: any Any.Type) -> ValuePart.Kind {
        keys == DictionaryKeys.type ? .dictionary : .map
    }
}

/// The type of the keys with which a dictionary encodes itself.
private enum DictionaryKeys {
    /// Asked of an empty dictionary, because the standard library does not name it.
    static let type: (any Any.Type)? = {
        let probe = Probe()
        try? [String: Int]().encode(to: probe)
        return probe.asked.type
    }()

    private final class Asked {
        var type: (any Any.Type)?
    }

    private struct Probe: Encoder {
        let asked = Asked()
        let draft = ValueDraft()

        var codingPath: [any CodingKey] { [] }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            asked.type = type
            return KeyedEncodingContainer(KeyedDraft(draft: draft, part: 0))
        }

        func unkeyedContainer() -> any UnkeyedEncodingContainer {
            ListDraft(draft: draft, part: 0)
        }

        func singleValueContainer() -> any SingleValueEncodingContainer {
            ListDraft(draft: draft, part: 0)
        }
    }
}
