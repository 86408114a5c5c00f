// Names one saga: two tenants, two workflows, or the keys "7" and 7 never meet.
package import MinkExpression

/// The name of an instance.
package struct InstanceID: Hashable, Sendable, Codable {
    /// Whose saga it is; empty unless the event's metadata says.
    package let tenant: String
    package let workflow: String
    package let key: InstanceKey

    package init(tenant: String, workflow: String, key: InstanceKey) {
        self.tenant = tenant
        self.workflow = workflow
        self.key = key
    }
}

/// The key that events carry: a text or a whole number.
package enum InstanceKey: Hashable, Sendable {
    case string(String)
    case int(Int64)

    /// The key in an event; `nil` when the value is no key: empty text, or another type.
    package init?(_ value: Value?) {
        switch value {
        case .string(let text) where !text.isEmpty: self = .string(text)
        case .int(let number): self = .int(number)
        default: return nil
        }
    }

    package static func == (left: InstanceKey, right: InstanceKey) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.int(let a), .int(let b)): a == b
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text): hasher.combine(bytesOf: text)
        case .int(let number): hasher.combine(number)
        }
    }

    package var value: Value {
        switch self {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        }
    }

    /// The key as one text: numbers begin with "#", and so do no other keys.
    package var stored: String {
        switch self {
        case .string(let text): text.utf8.first == UInt8(ascii: "#") ? "#" + text : text
        case .int(let number): "#\(number)"
        }
    }

    /// Reads the text that ``stored`` wrote.
    package init(stored text: String) {
        guard text.utf8.first == UInt8(ascii: "#") else {
            self = .string(text)
            return
        }
        let rest = String(text.dropFirst())
        self = Int64(rest).map(InstanceKey.int) ?? .string(rest)
    }
}

extension InstanceKey: CustomStringConvertible, Codable {
    package var description: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        }
    }

    package init(from decoder: any Decoder) throws {
        self.init(stored: try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(stored)
    }
}
