// Writes `Encodable` types straight into the stored form, with no value between: this runs several
// times in every turn. The bytes are those of `ValueEncoder.encode(…).storedJSON`.

/// Writes what is `Encodable` in the stored form of values.
package enum StoredEncoder {
    /// The stored form of an instance of any encodable type that names each member once.
    ///
    /// - Throws: ``ValueCodingError`` if the type encodes nothing, or a set that has no order.
    package static func encode(_ value: some Encodable) throws(ValueCodingError) -> [UInt8] {
        let text = StoredText()
        do {
            try text.encode(value)
        } catch {
            throw ValueCodingError(error)
        }
        return text.bytes
    }
}
