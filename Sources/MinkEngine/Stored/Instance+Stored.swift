// Instances in the stored form, past their coding: an instance is written in every turn, and this
// takes a fifth of the time. The bytes are those of `StoredEncoder`; a debug build compares.
import MinkDefinition
import MinkExpression

extension Instance {
    /// The instance in the stored form.
    package var storedForm: [UInt8] {
        get throws(ValueCodingError) {
            try StoredText.bytes(of: self) { text throws in try write(to: text) }
        }
    }

    private func write(to text: StoredText) throws {
        try text.object { () throws in
            text.name("id")
            id.write(to: text)
            text.name("definition")
            definition.write(to: text)
            text.name("seed")
            text.write(seed)
            text.name("origin")
            try origin.write(to: text)
            text.member("status", status?.rawValue)
            text.member("state", state)
            text.name("visit")
            text.write(visit)
            text.name("visited")
            text.list(visited) { text.write($0) }
            text.name("data")
            text.write(data)
            text.name("ledger")
            try text.list(ledger) { frame throws in try frame.write(to: text) }
            text.name("isSealed")
            text.write(isSealed)
            text.name("signatures")
            text.list(signatures.sorted { $0.precedesByBytes($1) }) { text.write($0) }
            try text.rareMember("failure", failure)
            try text.rareMember("compensation", compensation)
            try text.rareList("joins", joins)
            try text.rareList("held", held)
            text.name("timers")
            text.list(timers) { $0.write(to: text) }
            try text.rareList("incidents", incidents)
            try text.rareMember("pause", pause)
            text.name("counters")
            counters.write(to: text)
            text.member("startedAt", startedAt)
            text.member("endedAt", endedAt)
        }
    }
}

extension InstanceID {
    func write(to text: StoredText) {
        text.object {
            text.name("tenant")
            text.write(tenant)
            text.name("workflow")
            text.write(workflow)
            text.name("key")
            text.write(key.stored)
        }
    }
}

extension DefinitionReference {
    fileprivate func write(to text: StoredText) {
        text.object {
            text.name("workflow")
            text.write(workflow)
            text.name("version")
            text.write(version)
            text.name("fingerprint")
            text.write(fingerprint)
        }
    }
}

extension Frame {
    fileprivate func write(to text: StoredText) throws {
        try text.object { () throws in
            text.name("number")
            text.write(number)
            text.name("command")
            text.write(command)
            text.name("arguments")
            text.write(arguments)
            try text.rareList("pending", pending)
            text.name("delivery")
            delivery.write(to: text)
            try text.rareMember("confirmation", confirmation)
            text.name("signature")
            text.write(signature)
        }
    }
}

extension Timer {
    fileprivate func write(to text: StoredText) {
        text.object {
            text.name("number")
            text.write(number)
            text.name("kind")
            text.write(kind.rawValue)
            text.name("due")
            text.write(due)
            text.name("visit")
            text.write(visit)
            text.name("reminders")
            text.write(reminders)
        }
    }
}

extension Instance.Counters {
    fileprivate func write(to text: StoredText) {
        text.object {
            text.name("transitions")
            text.write(transitions)
            text.name("commands")
            text.write(commands)
            text.name("frames")
            text.write(frames)
            text.name("timers")
            text.write(timers)
            text.name("incidents")
            text.write(incidents)
            text.name("allowance")
            text.object {
                text.name("transitions")
                text.write(allowance.transitions)
                text.name("commands")
                text.write(allowance.commands)
                text.name("held")
                text.write(allowance.held)
                text.name("dataBytes")
                text.write(allowance.dataBytes)
            }
        }
    }
}

extension StoredText {
    /// The text of one value; in a debug build held against what its coding writes.
    static func bytes(
        of value: some Encodable, _ write: (StoredText) throws -> Void
    ) throws(ValueCodingError) -> [UInt8] {
        let text = StoredText()
        do {
            try write(text)
        } catch {
            throw ValueCodingError(error)
        }
        assert(
            (try? StoredEncoder.encode(value)) == text.bytes,
            "a \(type(of: value)) is stored as its coding does")
        return text.bytes
    }

    func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        self.name(name)
        write(text)
    }

    func member(_ name: StaticString, _ moment: Timestamp?) {
        guard let moment else { return }
        self.name(name)
        write(moment)
    }

    /// Writes a member that few instances have, by its coding.
    func rareMember(_ name: StaticString, _ value: (some Encodable)?) throws {
        guard let value else { return }
        self.name(name)
        try encode(value)
    }

    /// Writes a list that is mostly empty; its elements by their coding.
    func rareList(_ name: StaticString, _ elements: [some Encodable]) throws {
        self.name(name)
        try list(elements) { element throws in try encode(element) }
    }
}
