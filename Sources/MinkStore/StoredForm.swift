// The text in which bodies are kept: the stored form of the value that a type encodes itself to.
package import MinkEngine
import MinkExpression

/// How drivers write and read bodies.
package enum StoredForm {
    /// The text of a body; the same body always has the same text.
    package static func encode(_ body: some Encodable) throws(StoreError) -> [UInt8] {
        do throws(ValueCodingError) {
            return try StoredEncoder.encode(body)
        } catch {
            throw StoreError(unstorable: error)
        }
    }

    /// The text of an instance.
    package static func encode(_ instance: Instance) throws(StoreError) -> [UInt8] {
        do { return try instance.storedForm } catch { throw StoreError(unstorable: error) }
    }

    /// The text of a command.
    package static func encode(_ command: CommandRecord) throws(StoreError) -> [UInt8] {
        do { return try command.storedForm } catch { throw StoreError(unstorable: error) }
    }

    /// The text of a turn.
    package static func encode(_ turn: TurnRecord) throws(StoreError) -> [UInt8] {
        do { return try turn.storedForm } catch { throw StoreError(unstorable: error) }
    }

    /// Reads back an instance.
    package static func decode(_ type: Instance.Type, from text: [UInt8]) throws(StoreError)
        -> Instance
    {
        do { return try Instance(storedForm: text) } catch {
            throw StoreError(unreadable: type, error)
        }
    }

    /// Reads back what ``encode(_:)`` wrote.
    package static func decode<Body: Decodable>(
        _ type: Body.Type, from text: [UInt8]
    ) throws(StoreError) -> Body {
        do {
            return try ValueDecoder.decode(type, from: Value(storedJSON: text))
        } catch {
            throw StoreError(unreadable: type, error)
        }
    }
}

extension StoreError {
    fileprivate init(unreadable type: Any.Type, _ error: any Error) {
        self.init(
            code: .corrupt,
            message: "a stored \(type) can not be read: \(error); restore a copy of the store")
    }

    fileprivate init(unstorable error: ValueCodingError) {
        self.init(code: .corrupt, message: "this can not be stored: \(error)")
    }
}
