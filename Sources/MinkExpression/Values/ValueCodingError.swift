// Says where in a value the coder gave up, and why.

/// A type of Swift and a value do not fit together.
public struct ValueCodingError: Error, Sendable, Hashable {
    /// One step into a list or an object.
    package enum Step: Sendable, Hashable {
        case name(String)
        case index(Int)
    }

    /// The way from the whole value to the place, from the outside in.
    package private(set) var path: [Step] = []

    /// What is wrong there, for people.
    public let message: String

    package init(_ message: String) {
        self.message = message
    }

    /// Wraps what a type's own coding threw.
    package init(_ error: any Error) {
        switch error {
        case let error as ValueCodingError: self = error
        case EncodingError.invalidValue(_, let context): self.init(context)
        case DecodingError.dataCorrupted(let context): self.init(context)
        case DecodingError.typeMismatch(_, let context): self.init(context)
        case DecodingError.valueNotFound(_, let context): self.init(context)
        case DecodingError.keyNotFound(let key, _):
            self.init("\"\(key.stringValue)\" is missing")
        default: self.init("\(error)")
        }
    }

    private init(_ context: EncodingError.Context) {
        self.init(context.debugDescription)
    }

    private init(_ context: DecodingError.Context) {
        self.init(context.debugDescription)
    }

    /// The same error, seen from one step further out.
    func inside(_ step: Step) -> ValueCodingError {
        var error = self
        error.path.insert(step, at: 0)
        return error
    }
}

extension ValueCodingError: CustomStringConvertible {
    /// The place as `items[2].sku`, and what is wrong there.
    public var description: String {
        path.isEmpty ? message : "at \(place): \(message)"
    }

    private var place: String {
        var place = ""
        for step in path {
            switch step {
            case .index(let index): place += "[\(index)]"
            case .name(let name): place += place.isEmpty ? name : ".\(name)"
            }
        }
        return place
    }
}
