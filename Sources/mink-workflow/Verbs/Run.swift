// `run`: the main job on the embedded store. Feeds an events file, moves the clock where it says
// so, and prints what happened.
import MinkDefinition
import MinkExpression
import MinkStore
import MinkTesting
import MinkWorkflow
import Synchronization

extension Verb {
    static let run = Verb(
        name: "run",
        summary: "feeds events to workflows on the embedded store, and prints what happens",
        operands: "[PATH…] --events FILE|-",
        details: """
            The engine and the store are the real ones; only the clock is virtual. It starts at
            2026-01-01T00:00:00Z and moves where a line says so.

            Without a store it keeps everything in memory. With one, the same events file again
            goes on where the last run ended.

            Each line of the events file is one JSON object:
              {"type": "OrderCreated", "id": "e1", "data": {…}}       an event
              {"wait": "30m"}                                         time passes
              {"command": "RefundPayment", "fails": "bank is down", "times": 2}
              {"command": "ReserveInventory", "returns": [{"type": …, "data": {…}}]}
              {"operator": "retry", "workflow": …, "key": …, "reason": …}
            """,
        options: [
            Option(
                name: "--events", value: "FILE", summary: "the events file; - is standard input")
        ] + Option.store + [
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or jsonl",
                choices: ["text", "jsonl"]),
            Option(
                name: "--show-personal", value: nil, summary: "shows personal data, not a mask"),
        ],
        perform: { arguments throws(UsageError) in
            guard let events = arguments.value("--events") else {
                throw UsageError(message: "run needs --events FILE; - is standard input")
            }
            let files = try projectFiles(arguments.operands, endings: [".workflow.json"])
            guard let loaded = loadWithoutErrors(files) else { return .negative }
            return try await withStore(try await arguments.storeOfRun()) {
                store throws(StoreError) in
                var run = try await RunVerb(arguments, loaded, store)
                return try await run.feed(events)
            }
        })
}

private struct RunVerb {
    private let store: any AnyStore
    private let recorder: TranscriptRecorder
    private let isJSON: Bool
    private var playback: Playback

    init(
        _ arguments: Arguments, _ loaded: DefinitionLoader.Loaded, _ store: any AnyStore
    ) async throws(StoreError) {
        self.store = store
        for definition in loaded.stored { try await store.save(definition, at: Playback.start) }
        var catalog = loaded.catalog
        try DefinitionLoader.add(try await store.definitions(), to: &catalog)
        let recorder = TranscriptRecorder(
            catalog: catalog, showsPersonal: arguments.has("--show-personal"))
        let isJSON = arguments.value("--format") == "jsonl"
        self.recorder = recorder
        self.isJSON = isJSON
        playback = try await Playback(store: store, catalog: catalog) {
            for line in recorder.lines(for: $0) { line.print(asJSON: isJSON) }
        }
    }

    /// Feeds all lines, then tells how each saga stands.
    mutating func feed(_ events: String) async throws(StoreError) -> ExitCode {
        var source: LineSource
        switch LineSource.open(events) {
        case .success(let opened): source = opened
        case .failure(let error):
            Output.message("mink-workflow: \(error.message)")
            return .usage
        }
        try await goOn(with: &source)
        var code = ExitCode.ok
        while let lines = source.nextLines(atMost: Playback.linesAtOnce) {
            let read = lines.filter { !$0.isBlank }.map { ($0, Self.read($0)) }
            try await playback.foresee(read.compactMap { try? $1.get() })
            for (line, parsed) in read {
                guard let problem = try await play(line, parsed) else { continue }
                try await playback.settle()
                Output.message("\(events):\(line.number): \(problem)")
                code = .negative
            }
            guard !source.hasLineAtHand else { continue }
            // Who feeds line by line sees at once what follows.
            try await playback.settle()
            Output.flush()
        }
        try await playback.settle()
        try await tellInstances()
        return code
    }

    private static func read(
        _ line: LineSource.Line
    ) -> Result<PlaybackLine, PlaybackProblem> {
        Result { () throws(PlaybackProblem) in
            try PlaybackLine(reading: line.bytes, number: line.number)
        }
    }

    /// Plays a line.
    ///
    /// - Returns: What is wrong with it; `nil` when nothing is.
    private mutating func play(
        _ line: LineSource.Line, _ parsed: Result<PlaybackLine, PlaybackProblem>
    ) async throws(StoreError) -> String? {
        switch parsed {
        case .failure(let problem): return "error: \(problem.message)"
        case .success(let parsed):
            return try await playback.play(
                parsed, number: line.number, fingerprint: line.fingerprint
            ).map { "refused: \($0)" }
        }
    }

    /// Finishes what the last run left, and skips the lines that it consumed of the same file.
    private mutating func goOn(with source: inout LineSource) async throws(StoreError) {
        guard playback.consumed > 0 else { return }
        var lines: [LineSource.Line] = []
        while lines.count < playback.consumed, let line = source.next() { lines.append(line) }
        let isSameFile =
            lines.count == playback.consumed && lines.last?.fingerprint == playback.fingerprint
        if isSameFile {
            for line in lines where !line.isBlank {
                let parsed = try? PlaybackLine(reading: line.bytes, number: line.number)
                if let parsed { playback.skip(parsed, number: line.number) }
            }
            try await playback.resume()
        } else {
            try await playback.resume()
            try await playback.begin()
            source.putBack(lines)
        }
    }

    private func tellInstances() async throws(StoreError) {
        var filter = InstanceFilter()
        while true {
            let rows = try await store.instances(filter)
            for row in rows {
                recorder.line(for: row, at: playback.now).print(asJSON: isJSON)
            }
            guard let last = rows.last, rows.count == filter.limit else { return }
            filter.after = last.sequence
        }
    }
}

extension TranscriptLine {
    fileprivate func print(asJSON isJSON: Bool) {
        if isJSON { return Output.line(json) }
        Output.write { output in
            writeText(to: &output)
            output.append(UInt8(ascii: "\n"))
        }
    }
}

extension StoreError {
    /// How a process ends that could not go on because of its store.
    var exitCode: ExitCode {
        switch code {
        case .conflict, .occupied: .conflict
        case .unavailable: .unreachable
        case .corrupt: .bug
        }
    }
}
