// Was each step undone, once, with the values of its own time, the newest first? Follows the facts of
// one life, and takes nothing from the engine's own ledger but the order in which frames are named.
import MinkDefinition
import MinkEngine
import MinkExpression

/// What a life did that has to be undone, and what undid it.
///
/// An undo of a drawn definition may say in `of` which answer it belongs to, and says in `n` how
/// many states the saga had entered when it was pushed.
struct UndoneSteps {
    private let definition: Definition
    /// The commands that a running saga sent, by their names.
    private var sent: [String: [String]] = [:]
    private var done: [Step] = []
    private var undos: [Undo] = []
    /// What was pushed and not sent yet, the newest last.
    private var ledger: [String] = []
    private var isFrameInProgress = false
    private var hasEnded = false
    /// Events that are held, or were.
    private var held: Set<String> = []
    private(set) var problem: String?

    /// A step that an answer, or an acknowledged delivery, says was done.
    private struct Step {
        let command: String
        /// The answer; `nil` where the command has none.
        let answer: String?
        /// Whether another answer may have pushed the same undo before.
        let mayShare: Bool
    }

    private struct Undo {
        let command: String
        /// The answer that it belongs to, where it says so.
        let answer: String?
        let count: Int64?
        var isTaken = false
    }

    /// Follows the life of a saga that was given up.
    ///
    /// - Parameters:
    ///   - facts: All that happened, in order.
    ///   - definition: The drawn definition.
    ///   - accepted: The commands that were acknowledged, by their ids.
    ///   - causes: The commands that caused events, by the ids of the events.
    ///   - counts: What `n` was before and after each event was judged, by its id.
    init(
        _ facts: [Fact], _ definition: Definition, accepted: Set<String>,
        causes: [String: String], counts: [String: ClosedRange<Int64>]
    ) {
        self.definition = definition
        for fact in facts where problem == nil { follow(fact, causes) }
        let silent = sent.filter { definition.commands[$0.key]?.doneBy.isEmpty ?? false }
        for (command, ids) in silent {
            done += ids.filter(accepted.contains)
                .map { _ in Step(command: command, answer: nil, mayShare: false) }
        }
        if problem == nil { problem = wrongCount(counts) ?? leftDone() }
    }

    // MARK: What happened

    private mutating func follow(_ fact: Fact, _ causes: [String: String]) {
        switch fact {
        case .transition(_, let to, _):
            if definition.state(to)?.isFinal ?? false { hasEnded = true }
        case .pushed(_, let command): ledger.append(command)
        case .emitted(let command): follow(command)
        case .settled: isFrameInProgress = false
        case .event(let id, let type, let judged, let why):
            follow(id, type, judged, why, causedBy: causes[id])
        default: break
        }
    }

    private mutating func follow(_ command: CommandRecord) {
        if command.role == .step {
            if !hasEnded { sent[command.name, default: []].append(command.id) }
            return
        }
        if command.role == .compensation {
            guard !isFrameInProgress else { return }
            isFrameInProgress = true
            let newest = ledger.popLast()
            if newest != command.name {
                problem = "\(command.name) was sent before \(newest ?? "anything") was undone"
            }
        }
        undos.append(
            Undo(
                command: command.name, answer: command.arguments["of"]?.text,
                count: command.arguments["n"]?.whole))
    }

    private mutating func follow(
        _ id: String, _ type: String, _ judged: Fact.Judgement, _ why: String?,
        causedBy cause: String?
    ) {
        let commands = definition.commands.values.filter {
            $0.doneBy.contains(type) && sent[$0.name] != nil
        }.map(\.name)
        switch judged {
        case .early: held.insert(id)
        case .handled: take(id, commands, mayShare: false)
        case .late:
            switch definition.events[type]?.rules.late ?? .compensate {
            case .compensate: take(id, commands, mayShare: true)
            case .ignore: lose(id, commands, cause)
            case .deadLetter: break  // A person looks at it.
            }
        case .ignored where held.contains(id) && why != nil: lose(id, commands, cause)
        default: break
        }
    }

    private mutating func take(_ id: String, _ commands: [String], mayShare: Bool) {
        done += commands.map { Step(command: $0, answer: id, mayShare: mayShare) }
    }

    /// An answer that vanished is a step that nothing can undo, unless it answers nothing.
    private mutating func lose(_ id: String, _ commands: [String], _ cause: String?) {
        guard let cause else { return }
        let lost = commands.filter { sent[$0]?.contains(cause) ?? false && !undoNames($0).isEmpty }
        take(id, lost, mayShare: false)
    }

    // MARK: What does not fit

    private func undoNames(_ command: String) -> [String] {
        if case .commands(let names) = definition.commands[command]?.undo { return names }
        return []
    }

    /// An undo that was filled in with values of another time.
    private func wrongCount(_ counts: [String: ClosedRange<Int64>]) -> String? {
        for undo in undos {
            guard let answer = undo.answer, let count = undo.count, let range = counts[answer]
            else { continue }
            if !range.contains(count) {
                return "\(undo.command) of \(answer) says n = \(count), and it was \(range)"
            }
        }
        return nil
    }

    /// A step without its undo, or an undo that was sent twice.
    private mutating func leftDone() -> String? {
        for step in done where step.answer != nil {
            for name in undoNames(step.command) {
                let own = undos.indices.filter {
                    undos[$0].command == name && undos[$0].answer == step.answer
                }
                if own.count > 1 { return "\(name) of \(step.answer ?? "") was sent twice" }
                if own.isEmpty, !takeAny(name, step) { return sentence(step, name) }
            }
        }
        for step in done where step.answer == nil {
            for name in undoNames(step.command) where !takeAny(name, step) {
                return sentence(step, name)
            }
        }
        return nil
    }

    /// Takes an undo that does not say what it belongs to.
    private mutating func takeAny(_ name: String, _ step: Step) -> Bool {
        let fitting = undos.indices.filter { undos[$0].command == name && undos[$0].answer == nil }
        if step.mayShare { return !fitting.isEmpty }
        guard let free = fitting.first(where: { !undos[$0].isTaken }) else { return false }
        undos[free].isTaken = true
        return true
    }

    private func sentence(_ step: Step, _ undo: String) -> String {
        let which = step.answer.map { " (\($0))" } ?? ""
        return "\(step.command) was done\(which), the saga was given up, and nothing sent \(undo) "
            + "for it"
    }
}

extension Value {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    var whole: Int64? { if case .int(let number) = self { number } else { nil } }
}
