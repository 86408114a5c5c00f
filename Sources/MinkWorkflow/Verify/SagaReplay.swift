// Decides the history of a saga once more. The decision is a pure function of what is recorded, so
// it has to come to the same facts, turn by turn, and to the same saga.
//
// One thing is not recorded: which commands were with a receiver at that moment. It follows from
// what the turn did: a command that the turn took back was not under way, any other may have been.
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore

/// Replays one saga.
struct SagaReplay {
    private let dossier: SagaDossier
    private let catalog: Catalog

    init(of dossier: SagaDossier, by catalog: Catalog) {
        self.dossier = dossier
        self.catalog = catalog
    }

    /// Whether all turns are still kept.
    var hasBeginning: Bool { dossier.history.first?.version == 1 }

    /// What does not come out as it is stored; `nil` when all does.
    func difference() -> String? {
        let isMoved = dossier.history.contains { $0.input.decidingDefinition != nil }
        guard isMoved else { return difference(begunBy: nil) }
        // By which version it began is not recorded: what stands in the saga is the last one.
        var first: String?
        for definition in catalog.versions(of: dossier.row.instance.id.workflow) {
            guard let difference = difference(begunBy: definition) else { return nil }
            first = first ?? difference
        }
        return first ?? difference(begunBy: nil)
    }

    private func difference(begunBy first: Definition?) -> String? {
        var instance: Instance?
        for turn in dossier.history {
            guard let decision = decision(on: turn, from: instance, begunBy: first) else {
                return "turn \(turn.version) ran by a definition that the store does not keep"
            }
            guard decision.facts == turn.facts else {
                return "turn \(turn.version) replays to something else than its history says"
            }
            instance = decision.instance
        }
        guard let replayed = instance.flatMap(Self.canonical),
            let stored = Self.canonical(dossier.row.instance)
        else { return "the saga can not be written in its stored form" }
        guard replayed != stored else { return nil }
        return
            "the history leads to another \(Self.firstDifference(replayed, stored)) than is stored"
    }

    private static func canonical(_ instance: Instance) -> [UInt8]? {
        try? instance.storedForm
    }

    /// Decides a turn; `nil` when no definition is known by which it ran.
    private func decision(
        on turn: HistoryRow, from before: Instance?, begunBy start: Definition?
    ) -> Decision? {
        var known = before
        if let outstanding = before?.outstanding {
            known?.outstanding = Self.deliveries(outstanding, as: turn)
        }
        var first: Decision?
        let other = turn.input.decidingDefinition.flatMap(catalog.definition)
        for definition in other.map({ [$0] }) ?? definitions(for: known, begunBy: start) {
            let decision = decide(
                definition, known, id: dossier.row.instance.id, turn.input, at: turn.at)
            if decision.facts == turn.facts { return decision }
            first = first ?? decision
        }
        return first
    }

    /// The definitions by which a turn may have run: one, unless the saga had not begun.
    private func definitions(
        for instance: Instance?, begunBy start: Definition?
    ) -> [Definition] {
        if let instance, instance.status != nil {
            return catalog.definition(for: instance.definition).map { [$0] } ?? []
        }
        let final = dossier.row.instance
        let own = start ?? catalog.definition(for: final.definition)
        let others = catalog.versions(of: final.id.workflow).filter {
            $0.identity != own?.identity
        }
        return [own].compactMap(\.self) + others.reversed()
    }

    /// What was known of the deliveries, as far as the turn tells.
    private static func deliveries(
        _ outstanding: [OutstandingCommand], as turn: HistoryRow
    ) -> [OutstandingCommand] {
        var tries: [String: Int] = [:]
        for fact in turn.facts {
            switch fact {
            case .withdrawn(let command, let attempts): tries[command.id] = attempts
            case .cancelled(let command): tries[command.id] = 0
            default: break
            }
        }
        return outstanding.map { sent in
            var sent = sent
            if let attempts = tries[sent.id] {
                sent.isInAttempt = false
                sent.attempts = attempts
            } else if !sent.isExhausted {
                sent.isInAttempt = true
            }
            return sent
        }
    }

    /// The name of the first member that differs between two sagas.
    private static func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> String {
        guard case .map(let one)? = try? Value(storedJSON: left),
            case .map(let other)? = try? Value(storedJSON: right)
        else { return "saga" }
        let names = one.entries.map(\.key) + other.entries.map(\.key)
        return names.first { one[$0] != other[$0] }.map { "\"\($0)\"" } ?? "saga"
    }
}
