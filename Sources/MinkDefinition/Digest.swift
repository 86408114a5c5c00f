// SHA-256, as the system's crypto library computes it.
import CCrypto

/// The digests that identify definitions, commands and frames.
package enum Digest {
    /// The algorithm, fetched once: a search for it takes as long as a short digest.
    ///
    /// Immutable and meant to be shared by threads, which the pointer's type does not tell.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    /// The 32 bytes of the SHA-256 digest.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, algorithm, nil)
        precondition(done == 1 && length == 32, "the crypto library computes SHA-256")
        return digest
    }

    /// Bytes as hexadecimal digits.
    package static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            var position = 0
            for byte in bytes {
                text[position] = hexadecimalDigit(byte >> 4)
                text[position + 1] = hexadecimalDigit(byte & 15)
                position += 2
            }
            return position
        }
    }

    /// The digit of a number below 16, as ASCII.
    package static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
