// Plays the lines of an events file on an engine, one after the other, each to rest.
//
// Everything that a run needs to go on after a crash is committed together with the work: which
// line was consumed, where the clock stands and goes, how often each script was followed.
import MinkEngine
package import MinkExpression
package import MinkStore
package import MinkWorkflow

/// Plays events on an engine whose clock is moved by the lines.
package struct Playback {
    private let store: PlaybackStore
    private let clock: ManualClock
    private let receiver: ScriptedReceiver
    private let observe: @Sendable (Observation) -> Void
    private var engine: SteppedEngine
    /// The number of the last line that was consumed.
    package private(set) var consumed: Int
    /// The moment that the clock is on its way to.
    private var target: Timestamp

    /// Where the clock of a run starts.
    package static let start = Timestamp("2026-01-01T00:00:00Z") ?? .earliest

    /// Takes possession of a store, and goes on where its last run ended.
    package init(
        store: PlaybackStore, catalog: Catalog,
        observe: @escaping @Sendable (Observation) -> Void
    ) async throws(StoreError) {
        self.store = store
        self.observe = observe
        clock = ManualClock(at: Self.start)
        receiver = ScriptedReceiver()
        let loop = try await EngineLoop(
            store: store.workflow, catalog: catalog, clock: clock, observe: observe)
        consumed = loop.notes["run.line"].flatMap { Int($0) } ?? 0
        target = loop.notes["run.target"].flatMap { Timestamp($0) } ?? Self.start
        if let moment = loop.notes["run.clock"].flatMap({ Timestamp($0) }) {
            clock.move(to: moment)
        }
        engine = SteppedEngine(loop: loop, clock: clock, receiver: receiver)
    }

    /// The digest of the lines that were consumed, to tell whether a file is the same one.
    package var fingerprint: String? { engine.loop.notes["run.file"] }

    /// Where the clock stands.
    package var now: Timestamp { clock.now() }

    /// Starts another file: its lines count from 1.
    package mutating func begin() async throws(StoreError) {
        consumed = 0
        try await keep(["run.line": "0", "run.file": ""])
    }

    /// Finishes what was under way when the last run was stopped.
    package mutating func resume() async throws(StoreError) {
        try await engine.loop.judgeActions()
        try await engine.advance(to: max(target, clock.now()))
    }

    /// Takes in a line that the last run consumed: only scripts matter.
    package mutating func skip(_ line: PlaybackLine, number: Int) {
        if case .script(let script) = line {
            let name = "run.script.\(number)"
            let used = engine.loop.notes[name].flatMap { Int($0) } ?? 0
            receiver.follow(script, name: name, used: used)
        }
    }

    /// Plays a line to rest, and says why it was refused; `nil` when it was not.
    ///
    /// The fingerprint is the digest of all lines up to this one.
    package mutating func play(
        _ line: PlaybackLine, number: Int, fingerprint: String
    ) async throws(StoreError) -> String? {
        var notes = [
            "run.line": String(number), "run.file": fingerprint,
            "run.clock": clock.now().description,
        ]
        defer { consumed = number }
        switch line {
        case .wait(let duration):
            target = clock.now().adding(duration) ?? .latest
            notes["run.target"] = target.description
            try await keep(notes)
            try await engine.advance(to: target)
            return nil
        case .script(let script):
            receiver.follow(script, name: "run.script.\(number)")
            notes["run.script.\(number)"] = "0"
            try await keep(notes)
            return nil
        case .event(let event, let at):
            if let at, at > clock.now() {
                target = at
                try await keep(["run.target": at.description])
                try await engine.advance(to: at)
                notes["run.clock"] = at.description
            }
            return try await append(event, at: at, notes)
        case .action(let action, let id):
            return try await act(action, on: id, notes)
        }
    }

    /// Finishes the run: nothing stays to be done again.
    package mutating func finish() async throws(StoreError) {
        try await engine.loop.flush()
    }

    private mutating func keep(_ notes: [String: String]) async throws(StoreError) {
        _ = try await store.log.append([], at: clock.now(), notes: notes)
    }

    private mutating func append(
        _ event: EventRecord, at: Timestamp?, _ notes: [String: String]
    ) async throws(StoreError) -> String? {
        var event = event
        if at == nil { event = event.happening(at: clock.now()) }
        let appended = try await store.log.append([event], at: clock.now(), notes: notes)
        for result in appended {
            switch result {
            case .appended(let position): engine.loop.newestEvent = position
            case .duplicate: observe(.notAppended(event, result, at: clock.now()))
            case .refused:
                observe(.notAppended(event, result, at: clock.now()))
                try await engine.settle()
                return "another event has the id \"\(event.id)\""
            }
        }
        try await engine.settle()
        return nil
    }

    private mutating func act(
        _ action: OperatorAction, on id: InstanceID, _ notes: [String: String]
    ) async throws(StoreError) -> String? {
        let number = try await store.queries.request(
            action, on: id, by: "run", at: clock.now(), notes: notes)
        let refusal = try await engine.loop.judge(
            PendingAction(number: number, instance: id, action: action))
        try await engine.settle()
        return refusal
    }
}

/// The ports of one store that a run uses.
package struct PlaybackStore: Sendable {
    package let workflow: any WorkflowStore
    package let log: any EventLog
    package let queries: any WorkflowQueries

    package init(_ store: some WorkflowStore & EventLog & WorkflowQueries) {
        workflow = store
        log = store
        queries = store
    }
}

extension EventRecord {
    /// The event, happening at another time.
    fileprivate func happening(at time: Timestamp) -> EventRecord {
        EventRecord(
            id: id, type: type, data: data, metadata: metadata, time: time, stream: stream,
            position: position)
    }
}
