// What a verification found: one line for each rule, and each breach with its saga and a next step.
package import MinkEngine
package import MinkExpression

/// A rule that must hold in every store, whatever happened to it.
package enum StoreRule: String, Sendable, Hashable, CaseIterable {
    case eventsAreJudged = "I1"
    case eventsCountOnce = "I2"
    case historyReplays = "I3"
    case commandsAreKept = "I4"
    case undoIsReversed = "I8"
    case waitsHaveCauses = "I9"
    case versionsGrow = "I10"

    /// The rule in words.
    package var sentence: String {
        switch self {
        case .eventsAreJudged: "every event is judged, held, a dead letter, or still to be judged"
        case .eventsCountOnce: "an event changes a saga at most once"
        case .historyReplays: "the history of a saga leads to the saga as it is stored"
        case .commandsAreKept: "a command is in the outbox, settled, or taken back by a turn"
        case .undoIsReversed: "what was done is undone newest first, and once"
        case .waitsHaveCauses: "a saga that has not ended waits for something that can come"
        case .versionsGrow: "versions and epochs only grow, and none is missing"
        }
    }

    /// What a breach asks of a person.
    package var nextStep: String {
        switch self {
        case .eventsAreJudged:
            "send the event again under a new id, and report this"
        case .eventsCountOnce, .historyReplays, .undoIsReversed:
            "look at \"instances show\", compare with the receivers, and report this"
        case .commandsAreKept:
            "ask the receiver for the command's id; repair with \"instances retry\" or \"skip\""
        case .waitsHaveCauses:
            "end it with \"instances compensate\" or \"instances cancel\", and report this"
        case .versionsGrow:
            "stop all engines and compare with a backup: rows are missing or were changed by hand"
        }
    }
}

/// One breach of a rule.
package struct Breach: Sendable, Hashable {
    package let rule: StoreRule
    /// The saga it is about; `nil` when it is about none.
    package let saga: InstanceID?
    /// What is wrong, for people.
    package let what: String

    package init(_ rule: StoreRule, _ saga: InstanceID?, _ what: String) {
        self.rule = rule
        self.saga = saga
        self.what = what
    }
}

/// What a verification found.
package struct VerificationReport: Sendable, Hashable {
    /// What is known of one rule.
    package struct Finding: Sendable, Hashable {
        /// How many events, sagas or commands were held against it.
        package fileprivate(set) var checked = 0
        /// How many breaches there are.
        package fileprivate(set) var count = 0
        /// The first of them.
        package fileprivate(set) var breaches: [Breach] = []
    }

    /// How many breaches of a rule are told one by one.
    package static let mostTold = 100

    private var findings: [StoreRule: Finding] = [:]
    /// How many sagas could not be replayed, because the beginning of their history is gone.
    package var withoutBeginning = 0
    /// Events that are still to be judged.
    package var pendingEvents = 0

    package init() {}

    package subscript(rule: StoreRule) -> Finding { findings[rule] ?? Finding() }

    /// How many breaches there are.
    package var count: Int { findings.values.reduce(0) { $0 + $1.count } }

    mutating func check(_ rule: StoreRule, _ number: Int = 1) {
        findings[rule, default: Finding()].checked += number
    }

    mutating func add(_ breaches: [Breach]) {
        for breach in breaches {
            findings[breach.rule, default: Finding()].count += 1
            if self[breach.rule].breaches.count < Self.mostTold {
                findings[breach.rule]?.breaches.append(breach)
            }
        }
    }
}

extension VerificationReport {
    /// A line for each rule, and below it each breach with what to do.
    package var lines: [String] {
        StoreRule.allCases.flatMap { rule in
            let finding = self[rule]
            let verdict = finding.count == 0 ? "ok" : "\(finding.count) broken"
            let head = [rule.rawValue, String(finding.checked), verdict]
            let columns = zip(head, [3, 9, 9]).map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            let told = finding.breaches.map { "     \($0.place)\($0.what)" }
            let next = finding.count == 0 ? [] : ["     what to do: \(rule.nextStep)"]
            return ["\(columns.joined(separator: "  "))  \(rule.sentence)"] + told + next
        }
    }

    /// The same for programs.
    package var json: Value {
        [
            "formatVersion": 1, "violations": .int(Int64(count)),
            "pendingEvents": .int(Int64(pendingEvents)),
            "withoutBeginning": .int(Int64(withoutBeginning)),
            "rules": .list(
                StoreRule.allCases.map { rule in
                    [
                        "rule": .string(rule.rawValue), "sentence": .string(rule.sentence),
                        "checked": .int(Int64(self[rule].checked)),
                        "violations": .int(Int64(self[rule].count)),
                        "nextStep": .string(rule.nextStep),
                        "told": .list(self[rule].breaches.map(\.json)),
                    ]
                }),
        ]
    }
}

extension Breach {
    /// The saga in front of the sentence; empty when it is about none.
    fileprivate var place: String {
        guard let saga else { return "" }
        let tenant = saga.tenant.isEmpty ? "" : "\(saga.tenant)/"
        return "\(saga.workflow) \(tenant)\(saga.key): "
    }

    fileprivate var json: Value {
        [
            "what": .string(what), "workflow": saga.map { .string($0.workflow) } ?? .null,
            "key": saga?.key.value ?? .null, "tenant": saga.map { .string($0.tenant) } ?? .null,
        ]
    }
}
