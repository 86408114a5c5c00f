// The engines of a chaos run: one process for each place, started anew whenever it ends.
import Glibc
import MinkStore

/// Keeps engines running.
struct EngineFleet {
    private struct Place {
        var process: EngineProcess?
        /// The point at which it is to end; `nil` when it is to run.
        var point: CrashPoint?
        var began = ContinuousClock.now
        var provoked = ContinuousClock.now
        /// When it is let go; `nil` while it is not held.
        var heldUntil: ContinuousClock.Instant?
        /// Whether we have ended it.
        var isKilled = false
    }

    private var places: [Place]
    private let words: [String]
    private let folder: String
    private let meetsBrokenFiles: Bool
    private var waitingPoints: [CrashPoint]
    private var triedAgain: Set<CrashPoint> = []
    private(set) var hit: Set<CrashPoint> = []
    private(set) var missed: [CrashPoint] = []
    /// What no engine may do, in sentences.
    private(set) var problems: [String] = []
    private(set) var deaths = 0
    /// Whether an engine could not be started: then nothing more can be shown.
    private(set) var cannotStart = false

    /// How long an engine has for its point, and after which time it is helped.
    private static let pointLimit = Duration.seconds(20)
    private static let pointPatience = Duration.seconds(1)

    /// Engines in so many places.
    ///
    /// - Parameters:
    ///   - count: How many there are.
    ///   - words: The program of each, and its arguments.
    ///   - folder: Where their words are kept.
    ///   - points: The points at which one has to end, each once.
    ///   - meetsBrokenFiles: Whether one may begin while a broken file lies in the folder, which it
    ///     refuses with status 2.
    init(
        count: Int, words: [String], folder: String, points: [CrashPoint],
        meetsBrokenFiles: Bool = false
    ) {
        self.meetsBrokenFiles = meetsBrokenFiles
        places = (0..<count).map { _ in Place() }
        self.words = words
        self.folder = folder
        waitingPoints = points.reversed()
    }

    /// Whether a point is still to be reached.
    var hasPoints: Bool { !cannotStart && hasOpenPoints }

    private var hasOpenPoints: Bool {
        !waitingPoints.isEmpty || places.contains { $0.point != nil }
    }

    /// Starts what has ended, lets go what was held long enough, and helps engines to their points.
    ///
    /// - Returns: What has to be provoked now.
    mutating func tend(_ draw: inout Draw) -> [CrashPoint.Provocation] {
        var wanted: [CrashPoint.Provocation] = []
        for index in places.indices {
            release(index)
            if places[index].process?.ended().map({ note($0, index) }) != nil {
                places[index].process = nil
            }
            if places[index].process == nil { start(index, &draw) }
            if let provocation = press(index) { wanted.append(provocation) }
        }
        return wanted
    }

    private mutating func start(_ index: Int, _ draw: inout Draw) {
        var place = Place()
        place.point = waitingPoints.popLast()
        let variables = place.point.map { point in
            ["MINK_CRASH_AT=\(point.rawValue):\(1 + draw.below(point.mostHits))"]
        }
        place.process = EngineProcess(
            words, variables: variables ?? [], log: "\(folder)/engine-\(index).log")
        if place.process == nil, !cannotStart {
            cannotStart = true
            problems.append("an engine can not be started")
        }
        places[index] = place
    }

    /// Notes how a process has ended.
    private mutating func note(_ status: Int32, _ index: Int) {
        let place = places[index]
        if status == 128 + SIGKILL { deaths += 1 }
        if let point = place.point {
            if status == 128 + SIGKILL, !place.isKilled {
                hit.insert(point)
            } else if triedAgain.insert(point).inserted {
                waitingPoints.insert(point, at: 0)
            } else {
                missed.append(point)
            }
            if status == 128 + SIGKILL || status == 0 { return }
        }
        // 4: the server was away for too long, which a supervisor answers with a new start.
        guard status != 0, status != 4, !(status == 2 && meetsBrokenFiles),
            !(place.isKilled && status == 128 + SIGKILL)
        else {
            return
        }
        problems.append(
            "engine \(index) ended by itself with status \(status); engine-\(index).log says why")
    }

    /// Helps an engine to its point, or gives it up.
    private mutating func press(_ index: Int) -> CrashPoint.Provocation? {
        guard let point = places[index].point, places[index].process != nil else { return nil }
        let now = ContinuousClock.now
        if now > places[index].began + Self.pointLimit {
            places[index].isKilled = true
            places[index].process?.signal(SIGKILL)
            return nil
        }
        guard now > places[index].began + Self.pointPatience,
            now > places[index].provoked + .milliseconds(400), places[index].heldUntil == nil
        else { return nil }
        places[index].provoked = now
        switch point.provocation {
        case .terminate: places[index].process?.signal(SIGTERM)
        case .hold: hold(index, for: .milliseconds(1_500))
        case .none: return nil
        default: return point.provocation
        }
        return nil
    }

    private mutating func hold(_ index: Int, for time: Duration) {
        places[index].process?.signal(SIGSTOP)
        places[index].heldUntil = .now + time
    }

    private mutating func release(_ index: Int) {
        guard let until = places[index].heldUntil, until < .now else { return }
        places[index].process?.signal(SIGCONT)
        places[index].heldUntil = nil
    }

    /// Kills one engine; `false` when none was running.
    mutating func kill(_ draw: inout Draw) -> Bool {
        let index = draw.below(places.count)
        guard let process = places[index].process, !places[index].isKilled else { return false }
        places[index].isKilled = true
        process.signal(SIGKILL)
        return true
    }

    /// Holds one engine; `false` when none was running.
    mutating func pause(for time: Duration, _ draw: inout Draw) -> Bool {
        let index = draw.below(places.count)
        guard places[index].process != nil, !places[index].isKilled,
            places[index].heldUntil == nil
        else { return false }
        hold(index, for: time)
        return true
    }

    /// Gives up all points, and lets every engine run.
    mutating func calm() {
        waitingPoints = []
        for index in places.indices where places[index].heldUntil != nil {
            places[index].heldUntil = .now
            release(index)
        }
    }

    /// Ends all engines as an operator does; each has to end by itself, and well.
    mutating func stop() async {
        for place in places { place.process?.signal(SIGTERM) }
        for index in places.indices {
            guard let process = places[index].process else { continue }
            let status = await process.waitForEnd(atMost: .seconds(20))
            if let status {
                if status != 0 { problems.append("engine \(index) stopped with status \(status)") }
            } else {
                problems.append("engine \(index) did not stop within 20 seconds")
                process.signal(SIGKILL)
                _ = await process.waitForEnd(atMost: .seconds(5))
            }
            places[index].process = nil
        }
    }

    /// Ends all engines at once, whatever they do.
    mutating func abandon() async {
        for place in places { place.process?.signal(SIGKILL) }
        for place in places { _ = await place.process?.waitForEnd(atMost: .seconds(5)) }
    }
}
