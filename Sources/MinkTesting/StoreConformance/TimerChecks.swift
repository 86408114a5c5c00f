// The promises about timers.
import MinkEngine
import MinkExpression
import MinkStore

extension StoreConformance {
    static let timerChecks = [
        Check("timers are due by moment, then kind, then order of arming") { bench in
            let (first, second) = (StoreBench.id(.string("o1")), StoreBench.id(.string("o2")))
            try await bench.arm(
                [
                    .sample(1, .heldExpiry, 5), .sample(2, .timeout, 5), .sample(3, .deadline, 9),
                ], of: first)
            try await bench.arm(
                [.sample(1, .timeout, 5), .sample(2, .deadline, 5), .sample(3, .reminder, 1)],
                of: second)

            let due = try await bench.due(at: StoreBench.second(8))
            let two = try await bench.due(at: StoreBench.second(8), limit: 2)
            let next = try await bench.store.nextDue()

            try bench.demand(
                due.map { "\($0.instance.key)/\($0.timer.number)" },
                equals: ["o2/3", "o2/2", "o1/2", "o2/1", "o1/1"], "the order")
            try bench.demand(two, equals: Array(due.prefix(2)), "the first two")
            try bench.demand(due.first?.timer, equals: .sample(3, .reminder, 1), "the timer")
            try bench.demand(next, equals: StoreBench.second(1), "the next moment")
        },
        Check("a timer is due at its nanosecond, not before") { bench in
            let moment = StoreBench.second(5, nanoseconds: 500)
            try await bench.arm([Timer(number: 1, kind: .timeout, due: moment, visit: 1)])

            let early = try await bench.due(at: StoreBench.second(5, nanoseconds: 499))
            let then = try await bench.due(at: moment)

            try bench.demand(early.count, equals: 0, "a nanosecond before")
            try bench.demand(then.count, equals: 1, "at its moment")
        },
        Check("stored timers are those of the instance, and stay over a restart") { bench in
            try await bench.arm([.sample(1, .deadline, 5), .sample(2, .timeout, 6)])
            try await bench.arm([.sample(1, .deadline, 5), .sample(3, .timeout, 7)], from: 1)
            let later = try await bench.reopened()

            let due = try await later.due(at: StoreBench.second(99))

            try bench.demand(due.map(\.timer.number), equals: [1, 3], "the timers")
            try await later.arm([], from: 2)
            let none = try await later.due(at: StoreBench.second(99))
            try bench.demand(none, equals: [], "the timers afterwards")
            let next = try await later.store.nextDue()
            try bench.demand(next, equals: nil, "the next moment")
        },
        Check("a timer under an old number with another moment is the new one") { bench in
            try await bench.arm([.sample(1, .reminder, 5)])
            try await bench.arm([.sample(1, .reminder, 8)], from: 1)

            let due = try await bench.due(at: StoreBench.second(99))

            try bench.demand(due.map(\.timer), equals: [.sample(1, .reminder, 8)], "the timers")
        },
        Check("timers of a paused instance wait until it goes on") { bench in
            var instance = StoreBench.instance()
            instance.timers = [.sample(1, .timeout, 5)]
            instance.pause = Pause(incident: 1)
            try await bench.commit(StoreBench.turn(instance, from: 0))
            let waiting = try await bench.due(at: StoreBench.second(99))
            let next = try await bench.store.nextDue()
            instance.pause = nil
            try await bench.commit(StoreBench.turn(instance, from: 1))

            let due = try await bench.due(at: StoreBench.second(99))

            try bench.demand(waiting, equals: [], "the timers while it is paused")
            try bench.demand(next, equals: nil, "the next moment while it is paused")
            try bench.demand(due.map(\.timer.number), equals: [1], "the timers afterwards")
        },
        Check("moments from year 1 to 9999 keep their order") { bench in
            let (first, last) = (Timestamp.range.lowerBound, Timestamp.range.upperBound)
            var timers: [Timer] = []
            for (number, seconds) in [last, 0, first, -1].enumerated() {
                let due = try bench.demand(Timestamp(seconds: seconds), "a moment")
                timers.append(Timer(number: number, kind: .timeout, due: due, visit: 1))
            }
            try await bench.arm(timers)

            let end = try bench.demand(Timestamp(seconds: last), "the end")
            let due = try await bench.due(at: end)

            try bench.demand(due.map(\.timer.number), equals: [2, 3, 1, 0], "the order")
        },
    ]
}

extension Timer {
    static func sample(_ number: Int, _ kind: Kind, _ second: Int64) -> Timer {
        Timer(number: number, kind: kind, due: StoreBench.second(second), visit: 1)
    }
}

extension StoreBench {
    /// Commits a turn after which an instance has these timers.
    func arm(
        _ timers: [Timer], of id: InstanceID = StoreBench.id(), from version: Int64 = 0
    ) async throws {
        var instance = Self.instance(id)
        instance.timers = timers
        try await commit(Self.turn(instance, from: version))
    }
}
