// Looks for bytes eight at a time.

extension [UInt8] {
    private static var ones: UInt64 { 0x0101_0101_0101_0101 }

    /// Whether all bytes are ASCII.
    var isASCII: Bool {
        withUnsafeBytes { bytes in
            var all: UInt64 = 0
            var place = 0
            while place + 8 <= bytes.count {
                all |= bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                place += 8
            }
            while place < bytes.count {
                all |= UInt64(bytes[place])
                place += 1
            }
            return all & (Self.ones &* 0x80) == 0
        }
    }

    /// All places of a byte, in their order.
    func places(of byte: UInt8) -> [Int] {
        let wanted = Self.ones &* UInt64(byte)
        var places: [Int] = []
        withUnsafeBytes { bytes in
            var place = 0
            while place < bytes.count {
                if place + 8 <= bytes.count {
                    let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ wanted
                    // A bit for each zero byte, if there is one at all.
                    if (word &- Self.ones) & ~word & (Self.ones &* 0x80) == 0 {
                        place += 8
                        continue
                    }
                }
                for index in place..<Swift.min(place + 8, bytes.count) where bytes[index] == byte {
                    places.append(index)
                }
                place += 8
            }
        }
        return places
    }
}
