// What a chaos run does, and how it went.
package import MinkExpression
package import MinkStore

/// What a chaos run is to do.
package struct ChaosPlan: Sendable {
    /// Decides everything that can be decided.
    package var seed: UInt64
    package var engines = 3
    package var kills = 0
    /// Restarts of the server, each as after a crash.
    package var restarts = 0
    /// Connections that are cut.
    package var cuts = 0
    /// Processes that are held beyond their lease and let go.
    package var pauses = 0
    /// Reloads under load: a new version, or a file that is broken.
    package var reloads = 0
    /// Points at which a process is to end, each once.
    package var points: [CrashPoint] = []
    /// How long to go on with all of that; `nil` until the counts are reached.
    package var duration: Duration?
    /// The longest that a run may take to become calm.
    package var patience: Duration = .seconds(120)
    /// A folder in which definitions, sink and the engines' words stay; `nil` leaves nothing behind.
    package var keep: String?
    /// How many clients place orders at once.
    package var clients = 2
    /// How many orders a client places in one go.
    package var window = 2
    /// The longest rest of a client between two windows.
    package var rest: Duration = .milliseconds(400)
    /// How long a process may be silent before others take its work.
    package var lease: Duration = .milliseconds(500)

    package init(seed: UInt64) {
        self.seed = seed
    }
}

/// How a chaos run went.
package struct ChaosReport: Sendable, Hashable {
    package var seed: UInt64
    package var kills = 0
    package var restarts = 0
    package var cuts = 0
    package var pauses = 0
    package var reloads = 0
    /// Versions of the workflow that engines took.
    package var versions = 0
    /// The points at which a process ended, in order of their names.
    package var pointsHit: [String] = []
    /// Points that no process reached.
    package var pointsMissed: [String] = []
    /// Events of the client that were acknowledged.
    package var acknowledged = 0
    package var sagas = 0
    /// How many sagas were completed, and how many undone.
    package var completed = 0
    package var undone = 0
    /// Commands that reached a receiver, and how often one came again.
    package var delivered = 0
    package var redelivered = 0
    /// Milliseconds from the last disturbance until everything was quiet.
    package var calmMilliseconds: Int64 = 0
    /// What must not be, in sentences.
    package var violations: [String] = []

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// How many violations are shown to people; JSON has all of them.
    private static let mostShown = 60

    package var text: String {
        let head = """
            seed \(seed)
            \(kills) kills, \(restarts) restarts of the server, \(cuts) cut connections, \
            \(pauses) pauses, \(reloads) changes of the workflow (\(versions) versions taken)
            \(acknowledged) events acknowledged, \(sagas) sagas: \(completed) completed, \
            \(undone) undone
            \(delivered) commands delivered, \(redelivered) of them again; quiet after \
            \(calmMilliseconds) ms
            """
        let points =
            pointsHit.isEmpty && pointsMissed.isEmpty
            ? []
            : [
                "\(pointsHit.count) crash points hit"
                    + (pointsMissed.isEmpty
                        ? "" : ", missed: \(pointsMissed.joined(separator: " "))")
            ]
        let end = violations.isEmpty ? ["no violations"] : ["\(violations.count) violations:"]
        let more = violations.count > Self.mostShown ? ["  …"] : []
        let told = violations.prefix(Self.mostShown).map { "  \($0)" }
        return ([head] + points + end + told + more).joined(separator: "\n")
    }

    package var json: Value {
        [
            "formatVersion": 1, "seed": .string(String(seed)), "kills": .int(Int64(kills)),
            "restarts": .int(Int64(restarts)), "cuts": .int(Int64(cuts)),
            "pauses": .int(Int64(pauses)), "reloads": .int(Int64(reloads)),
            "versions": .int(Int64(versions)),
            "acknowledged": .int(Int64(acknowledged)), "sagas": .int(Int64(sagas)),
            "completed": .int(Int64(completed)), "undone": .int(Int64(undone)),
            "delivered": .int(Int64(delivered)), "redelivered": .int(Int64(redelivered)),
            "calmMs": .int(calmMilliseconds),
            "pointsHit": .list(pointsHit.map(Value.string)),
            "pointsMissed": .list(pointsMissed.map(Value.string)),
            "violations": .int(Int64(violations.count)),
            "told": .list(violations.map(Value.string)),
        ]
    }
}
