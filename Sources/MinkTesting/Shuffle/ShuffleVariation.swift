// Varies what happens to a saga: events come twice, in another order, too late or out of nowhere;
// receivers fail; time passes early.
import MinkDefinition
import MinkExpression

/// Varies the steps of a run.
struct ShuffleVariation {
    private let definition: Definition
    private let writer: PayloadWriter
    private let events: [String]
    private let commands: [String]
    private let undos: [String]

    init(of definition: Definition, writer: PayloadWriter) {
        self.definition = definition
        self.writer = writer
        events = definition.events.keys.sorted()
        commands = definition.commands.keys.sorted()
        undos = definition.undoCommands
    }

    /// The steps with one to four changes.
    func vary(_ steps: [ShuffleStep], _ draw: inout Draw) -> [ShuffleStep] {
        var steps = steps
        for _ in 0..<(1 + draw.below(4)) { change(&steps, &draw) }
        return steps
    }

    /// A run of drawn events, from a first event on.
    func drawn(_ draw: inout Draw) -> [ShuffleStep] {
        var steps = [event(draw.pick(definition.start.keys.sorted()), &draw)]
        for _ in 0..<(3 + draw.below(10)) {
            steps.append(draw.chance(20) ? .wait(wait(&draw)) : event(draw.pick(events), &draw))
        }
        return steps
    }

    private func change(_ steps: inout [ShuffleStep], _ draw: inout Draw) {
        let place = draw.below(steps.count)
        switch draw.below(12) {
        case 0: repeatEvent(at: place, &steps, sameID: true)
        case 1: repeatEvent(at: place, &steps, sameID: false)
        case 2: steps.swapAt(place, draw.below(steps.count))
        case 3:
            let end = min(steps.count, place + 2 + draw.below(3))
            steps[place..<end].reverse()
        case 4:
            let moved = steps.remove(at: place)
            steps.append(.wait(wait(&draw)))
            steps.append(moved)
        case 5: steps.insert(.wait(wait(&draw)), at: place)
        case 6: if steps.count > 1 { steps.remove(at: place) }
        case 7: steps.insert(event(draw.pick(events), &draw), at: place + 1)
        case 8: changePayload(at: place, &steps, &draw)
        case 9: steps.insert(failure(of: commands, &draw), at: place)
        case 10: steps.insert(failure(of: undos.isEmpty ? commands : undos, &draw), at: place)
        default: shiftWait(at: place, &steps, &draw)
        }
    }

    private func repeatEvent(at place: Int, _ steps: inout [ShuffleStep], sameID: Bool) {
        guard case .event(let type, let payload, let times) = steps[place] else { return }
        if sameID {
            steps[place] = .event(type: type, payload: payload, times: min(times + 1, 5))
        } else {
            steps.insert(.event(type: type, payload: payload, times: 1), at: place + 1)
        }
    }

    private func changePayload(
        at place: Int, _ steps: inout [ShuffleStep], _ draw: inout Draw
    ) {
        guard case .event(let type, let payload, let times) = steps[place],
            let declared = definition.events[type], let fields = declared.type.fields?.fields
        else { return }
        let names = fields.map(\.name).filter { $0 != definition.correlateBy }
        guard !names.isEmpty, declared.correlate == nil,
            case .map(var members)? = JSONDocument(
                reading: Array(payload.utf8), limits: .library
            ).root?.value
        else { return }
        let name = draw.pick(names)
        members[name] = writer.field(name, of: type, &draw)
        steps[place] = .event(type: type, payload: Value.map(members).json, times: times)
    }

    /// Timeouts fire early or late when the wait before them is moved.
    private func shiftWait(at place: Int, _ steps: inout [ShuffleStep], _ draw: inout Draw) {
        guard let index = steps[place...].firstIndex(where: { $0.isWait }),
            case .wait(let duration) = steps[index]
        else { return steps.insert(.wait(wait(&draw)), at: place) }
        steps[index] = .wait(draw.chance(50) ? duration / 2 : duration * 2)
    }

    private func failure(of names: [String], _ draw: inout Draw) -> ShuffleStep {
        guard !names.isEmpty else { return .wait(wait(&draw)) }
        let behavior: HandlerScript.Behavior = draw.chance(70) ? .fails("down") : .rejects("no")
        return .script(
            HandlerScript(
                command: draw.pick(names), behavior: behavior,
                times: draw.pick([1, 2, 7, nil])))
    }

    private func wait(_ draw: inout Draw) -> Duration {
        .seconds(draw.pick([1, 60, 600, 1_800, 3_600, 7_200, 86_400, 259_200, 2_592_000]))
    }

    private func event(_ type: String, _ draw: inout Draw) -> ShuffleStep {
        .event(type: type, payload: writer.payload(of: type, &draw).json, times: 1)
    }
}

extension ShuffleStep {
    fileprivate var isWait: Bool {
        if case .wait = self { true } else { false }
    }
}

extension Definition {
    /// The commands that undo something, by name.
    fileprivate var undoCommands: [String] {
        var names: Set<String> = []
        for command in commands.values {
            if case .commands(let undos) = command.undo { names.formUnion(undos) }
        }
        for transition in states.flatMap(\.allTransitions) {
            names.formUnion(transition.compensation.map(\.command))
        }
        return names.sorted()
    }
}
