// size(), type() and dyn().
enum SizeFunctions {
    private static let signatures: [Signature] = [
        Signature(.string, gives: .int), Signature(.bytes, gives: .int),
        Signature(.list(.a), gives: .int), Signature(.map(key: .a, value: .b), gives: .int),
    ]

    static let all: [LibraryFunction] = [
        LibraryFunction(name: "size", isMember: false, signatures: signatures, body: size),
        LibraryFunction(name: "size", isMember: true, signatures: signatures, body: size),
        .global("type", Signature(.a, gives: .type), body: .unary { .type($1.typeName) }),
        .global("dyn", Signature(.a, gives: .dynamic), body: .unary { $1 }),
    ]

    private static let size = FunctionBody.unary { machine, value in
        switch value.tag {
        case .string:
            guard machine.charge(bytes: value.count) else { return machine.exhausted }
            return .int(Int64(codePoints(value.utf8)))
        case .bytes, .list, .map: return .int(Int64(value.count))
        default: return .noOverload(value)
        }
    }

    /// The number of code points: of all bytes that do not continue one.
    static func codePoints(_ bytes: some Collection<UInt8>) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
