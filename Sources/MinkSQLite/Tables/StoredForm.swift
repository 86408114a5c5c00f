// The text in which bodies are kept: the stored form of the value that a type encodes itself to.
import MinkExpression
import MinkStore

enum StoredForm {
    /// The text of an instance, a command or a history row; the same one always has the same text.
    static func encode(_ body: some Encodable) throws(StoreError) -> [UInt8] {
        do throws(ValueCodingError) {
            return try StoredEncoder.encode(body)
        } catch {
            throw StoreError(code: .corrupt, message: "this can not be stored: \(error)")
        }
    }

    /// Reads back what ``encode(_:)`` wrote.
    static func decode<Body: Decodable>(
        _ type: Body.Type, from text: [UInt8]
    ) throws(StoreError) -> Body {
        do {
            return try ValueDecoder.decode(type, from: Value(storedJSON: text))
        } catch {
            throw StoreError(
                code: .corrupt,
                message: "a stored \(type) can not be read: \(error); restore a copy of the file")
        }
    }
}
