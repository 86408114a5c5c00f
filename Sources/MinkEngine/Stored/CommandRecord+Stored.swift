// Commands in the stored form, past their coding, as instances are.
import MinkExpression

extension CommandRecord {
    /// The command in the stored form.
    package var storedForm: [UInt8] {
        get throws(ValueCodingError) {
            try StoredText.bytes(of: self) { text throws in try write(to: text) }
        }
    }

    func write(to text: StoredText) throws {
        try text.object { () throws in
            text.name("id")
            text.write(id)
            text.name("number")
            text.write(number)
            text.name("instance")
            instance.write(to: text)
            text.name("name")
            text.write(name)
            text.name("arguments")
            text.write(arguments)
            text.name("role")
            text.write(role.rawValue)
            text.name("visit")
            text.write(visit)
            text.name("delivery")
            delivery.write(to: text)
            text.member("due", due)
            text.name("isKept")
            text.write(isKept)
            text.name("metadata")
            try metadata.write(to: text)
            text.name("personalArguments")
            text.list(personalArguments.sorted { $0.precedesByBytes($1) }) { text.write($0) }
        }
    }
}

extension EventRecord.Metadata {
    func write(to text: StoredText) throws {
        try text.object { () throws in
            text.member("correlationID", correlationID)
            text.member("causationID", causationID)
            text.name("tenant")
            text.write(tenant)
            text.name("entries")
            if entries.isEmpty { text.object {} } else { try text.encode(entries) }
        }
    }
}

extension Delivery {
    func write(to text: StoredText) {
        text.object {
            text.name("destination")
            destination.write(to: text)
            text.name("retry")
            retry.write(to: text)
        }
    }
}

extension Delivery.Destination {
    fileprivate func write(to text: StoredText) {
        text.object {
            switch self {
            case .handler:
                text.name("handler")
                text.object {}
            case .events:
                text.name("events")
                text.object {}
            case .named(let name):
                text.name("named")
                text.object {
                    text.name("_0")
                    text.write(name)
                }
            }
        }
    }
}

extension Delivery.Retry {
    fileprivate func write(to text: StoredText) {
        text.object {
            text.name("attempts")
            text.write(attempts)
            text.name("firstDelay")
            text.write(firstDelay)
            text.name("multiplyBy")
            text.write(multiplyBy)
            text.name("maxDelay")
            text.write(maxDelay)
            text.name("jitter")
            text.write(jitter)
            text.name("attemptTimeout")
            text.write(attemptTimeout)
            text.name("asksWhenExhausted")
            text.write(asksWhenExhausted)
        }
    }
}
