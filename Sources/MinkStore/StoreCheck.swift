// What an examination of a store finds, line by line.

/// One thing that was looked at.
package struct StoreCheck: Sendable, Hashable {
    /// How it stands.
    package enum Level: String, Sendable, Hashable, CaseIterable {
        case ok, warn, fail
    }

    /// What was looked at, in a word or two.
    package let name: String
    package let level: Level
    /// What was found, for people.
    package let finding: String
    /// What to do; empty when nothing has to be done.
    package let next: String

    package init(_ name: String, _ level: Level, _ finding: String, next: String = "") {
        self.name = name
        self.level = level
        self.finding = finding
        self.next = next
    }
}

/// What a store is, and how far its tables are.
package struct StoreStatus: Sendable, Hashable {
    /// What keeps it, with its version.
    package let server: String
    /// Where it is, without secrets.
    package let place: String
    /// How many steps the tables have taken; 0 when there are none.
    package let format: Int
    /// How many steps this program knows.
    package let known: Int

    package init(server: String, place: String, format: Int, known: Int) {
        self.server = server
        self.place = place
        self.format = format
        self.known = known
    }

    /// Whether the tables are as this program wants them.
    package var isCurrent: Bool { format == known }
}

/// Numbers of a store that tell whether work piles up.
package struct WorkCounts: Sendable, Hashable {
    /// Events behind the last one that was judged; stops counting at ``mostCounted``.
    package var unjudged: Int64 = 0
    /// Commands that can be delivered at once and never were.
    package var untried: Int64 = 0
    /// Commands that wait for their moment.
    package var waiting: Int64 = 0
    /// Commands that were given up.
    package var exhausted: Int64 = 0
    package var deadLetters: Int64 = 0
    /// Sagas with an open incident.
    package var incidents: Int64 = 0

    /// Beyond this, numbers are not exact.
    package static let mostCounted: Int64 = 100_000

    package init() {}

    /// The numbers as lines of an examination.
    ///
    /// - Parameter isWorkedOn: Whether an engine lives that takes the work.
    /// - Returns: A line for each kind of work.
    package func checks(isWorkedOn: Bool) -> [StoreCheck] {
        let backlog = isWorkedOn ? unjudged > 10_000 : unjudged > 0
        let rest = isWorkedOn ? "look at the load of the engine" : "start the engine"
        return [
            StoreCheck(
                "log", backlog ? .warn : .ok,
                unjudged == 0
                    ? "all events are judged" : "\(unjudged.of("event")) still to be judged",
                next: backlog ? rest : ""),
            StoreCheck(
                "commands", untried > 0 ? .warn : .ok,
                "\(untried) never tried, \(waiting) wait for their moment",
                next: untried > 0
                    ? isWorkedOn
                        ? "if that stays so, no service handles them: mink-workflow outbox list"
                        : "start the engine" : ""),
            StoreCheck(
                "given up", exhausted > 0 ? .warn : .ok,
                "\(exhausted.of("command")) given up for a person",
                next: exhausted > 0
                    ? "mink-workflow outbox list --where command.isExhausted" : ""),
            StoreCheck(
                "incidents", incidents > 0 ? .warn : .ok,
                "\(incidents.of("saga")) with an open incident",
                next: incidents > 0 ? "mink-workflow incidents list" : ""),
            StoreCheck(
                "dead letters", deadLetters > 0 ? .warn : .ok, "\(deadLetters) to be decided about",
                next: deadLetters > 0 ? "mink-workflow dead-letters list" : ""),
        ]
    }
}

extension Int64 {
    /// So many of something, in words.
    fileprivate func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
