// Plays the lines of an events file on an engine, one after the other, each to rest.
//
// Everything that a run needs to go on after a crash is committed together with the work: which
// line was consumed, where the clock stands and goes, how often each script was followed.
import MinkEngine
package import MinkExpression
package import MinkStore
package import MinkWorkflow
import Synchronization

/// Plays events on an engine whose clock is moved by the lines.
package struct Playback {
    private let line: LineStore
    private let clock: ManualClock
    private let receiver: ScriptedReceiver
    private let happened: Happened
    private var engine: SteppedEngine
    /// The number of the last line that was consumed.
    package private(set) var consumed: Int
    /// The moment that the clock is on its way to.
    private var target: Timestamp

    /// Where the clock of a run starts.
    package static let start = Timestamp("2026-01-01T00:00:00Z") ?? .earliest

    /// Takes possession of a store, and goes on where its last run ended.
    package init(
        store: any PlaybackStore, catalog: Catalog,
        observe: @escaping @Sendable (Observation) -> Void
    ) async throws(StoreError) {
        line = LineStore(store)
        clock = ManualClock(at: Self.start)
        receiver = ScriptedReceiver()
        let happened = Happened(tell: observe)
        self.happened = happened
        let loop = try await EngineLoop(
            store: line, catalog: catalog, clock: clock, observe: happened.add)
        let place = loop.notes["run.place"].flatMap { Place($0) } ?? Place()
        consumed = place.line
        fingerprint = place.fingerprint
        target = loop.notes["run.target"].flatMap { Timestamp($0) } ?? Self.start
        clock.move(to: place.clock)
        engine = SteppedEngine(loop: loop, clock: clock, receiver: receiver)
    }

    /// The digest of the lines that were consumed, to tell whether a file is the same one.
    package private(set) var fingerprint: String

    /// Where the clock stands.
    package var now: Timestamp { clock.now() }

    /// Starts another file: its lines count from 1.
    package mutating func begin() async throws(StoreError) {
        consumed = 0
        fingerprint = ""
        try await endLine()
    }

    /// Finishes what was under way when the last run was stopped.
    package mutating func resume() async throws(StoreError) {
        try await engine.loop.judgeActions()
        try await advance(to: max(target, clock.now()))
        try await endLine()
    }

    /// Takes in a line that the last run consumed: only scripts matter.
    package mutating func skip(_ line: PlaybackLine, number: Int) {
        if case .script(let script) = line {
            let name = "run.script.\(number)"
            let used = engine.loop.notes[name].flatMap { Int($0) } ?? 0
            receiver.follow(script, name: name, used: used)
        }
    }

    /// How many lines are best read and foreseen together.
    package static let linesAtOnce = 32

    /// Looks ahead at lines that will be played next, which makes playing them cheaper.
    package func foresee(_ lines: [PlaybackLine]) async throws(StoreError) {
        var events: [EventRecord] = []
        for case .event(let event, _) in lines { events.append(event) }
        try await line.foresee(events)
    }

    /// Plays a line to rest, and says why it was refused; `nil` when it was not.
    ///
    /// What the line led to is told as soon as all of it is durable, which may be after this
    /// returns: ``settle()`` waits for it. The fingerprint is the digest of all lines up to this one.
    package mutating func play(
        _ line: PlaybackLine, number: Int, fingerprint: String
    ) async throws(StoreError) -> String? {
        // A wait goes on after a crash; any other line begins again.
        if case .wait = line { consume(number, fingerprint) }
        let refusal = try await play(line, number: number)
        consume(number, fingerprint)
        try await endLine()
        return refusal
    }

    /// Waits until all lines that were played are durable and told.
    package func settle() async throws(StoreError) {
        try await line.settle()
    }

    private mutating func consume(_ number: Int, _ fingerprint: String) {
        consumed = number
        self.fingerprint = fingerprint
    }

    private mutating func play(
        _ line: PlaybackLine, number: Int
    ) async throws(StoreError) -> String? {
        switch line {
        case .wait(let duration):
            try await advance(to: clock.now().adding(duration) ?? .latest)
            return nil
        case .script(let script):
            receiver.follow(script, name: "run.script.\(number)")
            self.line.keep(["run.script.\(number)": "0"])
            return nil
        case .event(let event, let at):
            if let at, at > clock.now() { try await advance(to: at) }
            return try await append(event, at: at)
        case .action(let action, let id):
            return try await act(action, on: id)
        }
    }

    /// Moves the clock; each moment at which something was due is durable before the next.
    private mutating func advance(to moment: Timestamp) async throws(StoreError) {
        target = moment
        line.keep(["run.target": moment.description])
        while try await engine.advance(towards: moment) {
            try await endLine()
        }
    }

    private mutating func endLine() async throws(StoreError) {
        try await engine.loop.flush()
        let place = Place(line: consumed, clock: clock.now(), fingerprint: fingerprint)
        line.keep(["run.place": place.description])
        try await line.endLine(happened.take())
    }

    private mutating func append(
        _ event: EventRecord, at: Timestamp?
    ) async throws(StoreError) -> String? {
        var event = event
        if at == nil { event = event.happening(at: clock.now()) }
        let result = try await line.append(event, at: clock.now())
        if case .appended(let position) = result {
            event.position = position
            engine.loop.offer(event)
        } else if let result {
            happened.add(.notAppended(event, result, at: clock.now()))
        }
        try await engine.settle()
        return result == .refused ? "another event has the id \"\(event.id)\"" : nil
    }

    private mutating func act(
        _ action: OperatorAction, on id: InstanceID
    ) async throws(StoreError) -> String? {
        let number = try await line.request(action, on: id, by: "run", at: clock.now())
        let refusal = try await engine.loop.judge(
            PendingAction(number: number, instance: id, person: "run", action: action))
        try await engine.settle()
        return refusal
    }
}

/// What happened and is not durable yet.
private final class Happened: Sendable {
    private let tell: @Sendable (Observation) -> Void
    private let observations = Mutex<[Observation]>([])

    init(tell: @escaping @Sendable (Observation) -> Void) {
        self.tell = tell
    }

    func add(_ observation: Observation) {
        observations.withLock { $0.append(observation) }
    }

    /// Takes what happened until now; the body tells it.
    func take() -> @Sendable () -> Void {
        let all = observations.withLock { observations in
            defer { observations = [] }
            return observations
        }
        return { [tell] in
            for observation in all { tell(observation) }
        }
    }
}

/// How far a run has come: the note that each line leaves.
private struct Place {
    var line = 0
    var clock = Playback.start
    var fingerprint = ""

    init() {}

    init(line: Int, clock: Timestamp, fingerprint: String) {
        self.line = line
        self.clock = clock
        self.fingerprint = fingerprint
    }

    init?(_ description: String) {
        let words = description.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let line = Int(words[0]), let clock = Timestamp(String(words[1]))
        else { return nil }
        self.init(line: line, clock: clock, fingerprint: String(words[2]))
    }

    var description: String { "\(line) \(clock) \(fingerprint)" }
}

extension EventRecord {
    /// The event, happening at another time.
    fileprivate func happening(at time: Timestamp) -> EventRecord {
        EventRecord(
            id: id, type: type, data: data, metadata: metadata, time: time, stream: stream,
            position: position)
    }
}
