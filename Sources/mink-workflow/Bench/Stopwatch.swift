// Measures short tasks: many runs at a time, several rounds, ours and the peer in turn, so that
// whatever else the machine does meets both.

/// The time of one task, over several rounds.
struct Measurement {
    /// Nanoseconds for each run, one figure a round, in order of size.
    private let figures: [Double]

    init(of figures: [Double]) { self.figures = figures.sorted() }

    var least: Double { figures.first ?? 0 }
    var median: Double { figures.isEmpty ? 0 : figures[figures.count / 2] }
}

/// Measures tasks.
struct Stopwatch {
    /// How many rounds are made.
    let rounds: Int
    /// How long a round should take at least.
    var roundLeast = Duration.milliseconds(20)

    /// The times of two tasks, measured in turn.
    ///
    /// - Parameters:
    ///   - ours: What is judged.
    ///   - peer: What it is compared with.
    /// - Returns: The times of both; `nil` when one of them did not do its work.
    func measure(
        _ ours: () -> Bool, against peer: () -> Bool
    ) -> (ours: Measurement, peer: Measurement)? {
        guard let ourCount = calibrate(ours), let peerCount = calibrate(peer) else { return nil }
        var ourFigures: [Double] = []
        var peerFigures: [Double] = []
        for _ in 0..<rounds {
            ourFigures.append(time(ours, ourCount) / Double(ourCount))
            peerFigures.append(time(peer, peerCount) / Double(peerCount))
        }
        return (Measurement(of: ourFigures), Measurement(of: peerFigures))
    }

    /// How many runs fill a round; `nil` when the task fails.
    private func calibrate(_ task: () -> Bool) -> Int? {
        guard task() else { return nil }
        var count = 1
        while time(task, count) < roundLeast.nanoseconds, count < 1 << 30 { count *= 2 }
        return count
    }

    /// Nanoseconds of some runs.
    private func time(_ task: () -> Bool, _ count: Int) -> Double {
        var done = 0
        let start = ContinuousClock.now
        for _ in 0..<count where task() { done += 1 }
        let took = ContinuousClock.now - start
        precondition(done == count, "a task that did its work once does it every time")
        return took.nanoseconds
    }
}

extension Duration {
    fileprivate var nanoseconds: Double {
        Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
    }
}
