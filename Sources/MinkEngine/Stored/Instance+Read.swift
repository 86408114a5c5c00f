// Instances out of the stored form, past their coding, as they are written: whoever lists or loads
// many reads each in a tenth of the time. A debug build compares.
import MinkDefinition
package import MinkExpression

extension Instance {
    /// The instance whose stored form this is.
    ///
    /// - Throws: ``ValueCodingError`` when these bytes are anything else.
    package init(storedForm bytes: [UInt8]) throws(ValueCodingError) {
        do {
            var object = try StoredObjectReader(bytes)
            self = try Instance(&object)
        } catch {
            throw ValueCodingError(error)
        }
        assert(
            (try? ValueDecoder.decode(Instance.self, from: Value(storedJSON: bytes))) == self,
            "an instance is read as its coding does")
    }

    private init(_ object: inout StoredObjectReader) throws {
        id = try object.object("id") { try InstanceID(&$0) }
        definition = try object.object("definition") { try DefinitionReference(&$0) }
        seed = try object.text("seed")
        origin = try object.object("origin") { try EventRecord.Metadata(&$0) }
        status = try object.textIfPresent("status").map { word in
            guard let status = Status(rawValue: word) else {
                throw ValueCodingError("\"\(word)\" is no status")
            }
            return status
        }
        state = try object.textIfPresent("state")
        visit = try object.integer("visit")
        visited = try object.texts("visited")
        data = try object.value("data")
        ledger = try object.objects("ledger") { try Frame(&$0) }
        isSealed = try object.flag("isSealed")
        signatures = Set(try object.texts("signatures"))
        failure = try object.decodeIfPresent("failure")
        compensation = try object.decodeIfPresent("compensation")
        joins = try object.decodeList("joins")
        held = try object.decodeList("held")
        timers = try object.objects("timers") { try Timer(&$0) }
        incidents = try object.decodeList("incidents")
        pause = try object.decodeIfPresent("pause")
        counters = try object.object("counters") { try Counters(&$0) }
        startedAt = try object.momentIfPresent("startedAt")
        endedAt = try object.momentIfPresent("endedAt")
    }
}

extension InstanceID {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        tenant = try object.text("tenant")
        workflow = try object.text("workflow")
        key = InstanceKey(stored: try object.text("key"))
    }
}

extension DefinitionReference {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        workflow = try object.text("workflow")
        version = try object.integer("version")
        fingerprint = try object.text("fingerprint")
    }
}

extension EventRecord.Metadata {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        self.init(
            correlationID: try object.textIfPresent("correlationID"),
            causationID: try object.textIfPresent("causationID"),
            tenant: try object.text("tenant"),
            entries: try object.decodeIfPresent("entries") ?? [:])
    }
}

extension Frame {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        number = try object.integer("number")
        command = try object.text("command")
        arguments = try object.value("arguments")
        pending = try object.decodeList("pending")
        delivery = try object.object("delivery") { try Delivery(&$0) }
        confirmation = try object.decodeIfPresent("confirmation")
        signature = try object.text("signature")
    }
}

extension Delivery {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        guard let destination: Destination = try object.decodeIfPresent("destination") else {
            throw ValueCodingError("\"destination\" is missing")
        }
        self.init(
            destination: destination, retry: try object.object("retry") { try Retry(&$0) })
    }
}

extension Delivery.Retry {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        attempts = try object.integer("attempts")
        firstDelay = try object.duration("firstDelay")
        guard case .double(let factor) = try object.value("multiplyBy") else {
            throw ValueCodingError("\"multiplyBy\" is no floating point number")
        }
        multiplyBy = factor
        maxDelay = try object.duration("maxDelay")
        jitter = try object.flag("jitter")
        attemptTimeout = try object.duration("attemptTimeout")
        asksWhenExhausted = try object.flag("asksWhenExhausted")
    }
}

extension Timer {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        let number = try object.integer("number")
        let word = try object.integer("kind")
        guard let kind = Kind(rawValue: word) else {
            throw ValueCodingError("\(word) is no kind of timer")
        }
        self.init(
            number: number, kind: kind, due: try object.moment("due"),
            visit: try object.integer("visit"), reminders: try object.integer("reminders"))
    }
}

extension Instance.Counters {
    fileprivate init(_ object: inout StoredObjectReader) throws {
        transitions = try object.integer("transitions")
        commands = try object.integer("commands")
        frames = try object.integer("frames")
        timers = try object.integer("timers")
        incidents = try object.integer("incidents")
        allowance = try object.object("allowance") { object in
            Instance.Allowance(
                transitions: try object.integer("transitions"),
                commands: try object.integer("commands"), held: try object.integer("held"),
                dataBytes: try object.integer("dataBytes"))
        }
    }
}
