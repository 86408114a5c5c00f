// base64.encode and base64.decode.
enum EncodingFunctions {
    static let all: [LibraryFunction] = [
        .global(
            "base64.encode", Signature(.bytes, gives: .string),
            body: .unary { machine, bytes in
                guard bytes.tag == .bytes else { return .noOverload(bytes) }
                guard bytes.count <= EvaluationScope.maxOutputBytes / 4 * 3,
                    machine.charge(bytes: bytes.count)
                else { return .error(.tooLarge) }
                return machine.makeText(Base64.encode(Array(bytes.utf8)))
            }),
        .global(
            "base64.decode", Signature(.string, gives: .bytes),
            body: .unary { machine, text in
                guard text.tag == .string else { return .noOverload(text) }
                guard machine.charge(bytes: text.count) else { return machine.exhausted }
                // The padding at the end may be left out.
                let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
                guard let bytes = Base64.decode(text.text + padding) else {
                    return .error(.badConversion)
                }
                return machine.makeBytes(.bytes, bytes)
            }),
    ]
}
