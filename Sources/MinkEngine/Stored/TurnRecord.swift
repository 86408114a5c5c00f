// One row of the history in the stored form, past its coding, as instances are.
import MinkExpression

/// What a turn was asked, and what it did.
package struct TurnRecord: Sendable, Codable {
    /// `nil` for an event that the log keeps.
    package let input: Input?
    package let facts: [Fact]

    package init(input: Input?, facts: [Fact]) {
        self.input = input
        self.facts = facts
    }

    /// The row in the stored form.
    package var storedForm: [UInt8] {
        get throws(ValueCodingError) {
            try StoredText.bytes(of: self) { text throws in
                try text.object { () throws in
                    if let input {
                        text.name("input")
                        try input.write(to: text)
                    }
                    text.name("facts")
                    try text.list(facts) { fact throws in try fact.write(to: text) }
                }
            }
        }
    }
}

extension Input {
    fileprivate func write(to text: StoredText) throws {
        guard case .outcome(let outcome) = self, case .accepted(let value) = outcome.result else {
            return try text.encode(self)
        }
        try text.object { () throws in
            text.name("outcome")
            try text.object { () throws in
                text.name("_0")
                try text.object { () throws in
                    text.name("command")
                    try outcome.command.write(to: text)
                    text.name("result")
                    text.object {
                        text.name("accepted")
                        text.object {
                            text.name("_0")
                            text.write(value)
                        }
                    }
                }
            }
        }
    }
}

extension Fact {
    /// The facts of nearly every turn; the others by their coding.
    fileprivate func write(to text: StoredText) throws {
        switch self {
        case .event(let id, let type, let judged, let why):
            text.object {
                text.name("event")
                text.object {
                    text.name("id")
                    text.write(id)
                    text.name("type")
                    text.write(type)
                    text.name("judged")
                    text.write(judged.rawValue)
                    text.member("why", why)
                }
            }
        case .transition(let from, let to, .event(let event)):
            text.object {
                text.name("transition")
                text.object {
                    text.member("from", from)
                    text.name("to")
                    text.write(to)
                    text.name("cause")
                    text.object {
                        text.name("event")
                        text.object {
                            text.name("_0")
                            text.write(event)
                        }
                    }
                }
            }
        case .emitted(let command):
            try text.object { () throws in
                text.name("emitted")
                try text.object { () throws in
                    text.name("_0")
                    try command.write(to: text)
                }
            }
        default: try text.encode(self)
        }
    }
}
