// HMAC-SHA256, as the system's crypto library computes it, and a comparison that tells nothing by
// the time it takes.
import CCrypto

/// Keyed digests.
enum MessageDigest {
    /// The 32 bytes of HMAC-SHA256.
    static func hmac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length = 0
        // A key without bytes needs a place all the same.
        let padded = key.isEmpty ? [0] : key
        let done = EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, padded, max(key.count, padded.count), bytes,
            bytes.count, &digest, digest.count, &length)
        precondition(done != nil && length == 32, "the crypto library computes HMAC-SHA256")
        return digest
    }

    /// Whether both are the same, in a time that depends on their lengths alone.
    static func areSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
