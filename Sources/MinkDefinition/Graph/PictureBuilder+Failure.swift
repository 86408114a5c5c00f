// What is undone when a saga fails in a state, as a chain of boxes from there to the end.

extension PictureBuilder {
    /// Shows a failure, and lets all else stand back.
    mutating func addFailure(in name: String) {
        guard let state = definition.state(name), !state.isFinal, let box = box(of: name) else {
            return
        }
        let preview = RollbackPreview(of: definition)
        let ledgers = preview.states.first { $0.state == name }?.ledgers ?? []
        let undone = Set(ledgers.joined().map(\.command))
        standBack(from: box, undone)
        if boxes[box].isBehindNoReturn {
            boxes[box].lines.insert(
                Line(.pointOfNoReturn, "◆ behind the point of no return, nothing is undone"), at: 0)
            return
        }
        let targets = definition.endsOfFailure(in: state).compactMap(self.box)
        for target in targets { boxes[target].stress = .strong }
        var chain = UndoChain(targets: targets)
        for ledger in ledgers.isEmpty ? [[]] : ledgers { chain.add(ledger, from: box, to: &self) }
    }

    /// Draws an end again beside each state that fails into it, where many do: their long arrows
    /// would hide the rest.
    mutating func shortenFailures() {
        for end in boxes.indices {
            guard case .end(let outcome) = boxes[end].kind else { continue }
            let sources = Set(
                arrows.filter { $0.to == end && $0.kind.isFailure }.map(\.from)
            ).filter { boxes[$0].kind == .waiting }.sorted()
            guard sources.count > Self.mostLongFailures else { continue }
            for source in sources.dropLast() {
                boxes.append(Box(kind: .endAgain(outcome), title: boxes[end].title))
                for number in arrows.indices
                where arrows[number].from == source && arrows[number].to == end
                    && arrows[number].kind.isFailure
                {
                    arrows[number].to = boxes.count - 1
                }
            }
        }
    }

    /// How many states may fail into one box with an arrow of their own.
    private static let mostLongFailures = 3

    /// Other failures go away, what arms an undo of this one stays, and the rest becomes pale.
    private mutating func standBack(from failing: Int, _ undone: Set<String>) {
        arrows.removeAll { $0.kind.isFailure }
        boxes.removeAll { $0.kind == .anyState }  // It is the last one: no number changes.
        arrows.removeAll { $0.from >= boxes.count }
        for number in boxes.indices { boxes[number].stress = .faint }
        boxes[failing].stress = .strong
        let marks = Set(undone.map { Line(.undo, "⟲ \($0)") })
        for number in boxes.indices where !marks.isDisjoint(with: boxes[number].lines) {
            if number != failing { boxes[number].stress = .plain }
        }
        for number in arrows.indices {
            let isArming = !marks.isDisjoint(with: arrows[number].lines)
            arrows[number].stress = isArming ? .plain : .faint
        }
    }
}

/// The undo steps on the way to the ends; ways that begin the same share their first boxes.
private struct UndoChain {
    typealias Step = RollbackPreview.Frame

    let targets: [Int]
    private var boxOfSteps: [[Step]: Int] = [:]

    init(targets: [Int]) { self.targets = targets }

    mutating func add(_ ledger: [Step], from failing: Int, to builder: inout PictureBuilder) {
        var previous = failing
        for length in ledger.indices.map({ $0 + 1 }) {
            let steps = Array(ledger.prefix(length))
            if let known = boxOfSteps[steps] {
                previous = known
                continue
            }
            let step = ledger[length - 1]
            let box = builder.boxes.count
            builder.boxes.append(
                WorkflowPicture.Box(
                    kind: .undo(isCertain: step.isCertain), title: "⟲ \(step.command)",
                    stress: .strong))
            boxOfSteps[steps] = box
            connect(previous, to: box, length == 1 ? "a failure here" : nil, &builder)
            previous = box
        }
        for target in targets {
            let words = ledger.isEmpty ? "a failure that undoes nothing" : nil
            connect(previous, to: target, words, &builder)
        }
    }

    private func connect(
        _ from: Int, to: Int, _ words: String?, _ builder: inout PictureBuilder
    ) {
        builder.arrows.append(
            WorkflowPicture.Arrow(
                from: from, to: to, kind: .init(isFailure: true),
                lines: words.map { [.init(.event, $0)] } ?? [], stress: .strong))
    }
}
