// What is known when a saga waits in a state, as bits: what holds on every way to it, and what may
// hold on some way.

/// How many bits each kind of fact takes.
struct FlowLayout {
    private let fieldWords: Int
    private let commandWords: Int
    private let keyWords: Int

    init(fields: Int, commands: Int, keys: Int) {
        fieldWords = (fields + 63) / 64
        commandWords = (commands + 63) / 64
        keyWords = (keys + 63) / 64
    }

    var count: Int { offset(of: .same) + keyWords }

    func offset(of kind: FlowFacts.Kind) -> Int {
        kind == .set ? 0 : fieldWords + (kind.rawValue - 1) * commandWords
    }

    /// How many words each kind of fact about commands takes.
    var wordsOfCommands: Int { commandWords }

    func words(of kind: FlowFacts.Kind) -> Range<Int> {
        let first = offset(of: kind)
        switch kind {
        case .set: return first..<first + fieldWords
        case .same: return first..<first + keyWords
        default: return first..<first + commandWords
        }
    }
}

/// Facts of one node.
struct FlowFacts {
    let layout: FlowLayout
    private var words: [UInt64]

    enum Kind: Int {
        /// Fields that are set on every way.
        case set
        /// Commands that every way has sent.
        case surelySent
        /// Undos that are in the ledger on every way.
        case surelyArmed
        /// Commands that some way has sent.
        case sent
        /// Undos that may be in the ledger.
        case armed
        /// Commands whose answer may be open, and of which more than one may be.
        case open, openTwice
        /// Commands that this visit may have sent, and those that were open before it.
        case visit, earlier
        /// Commands that this step has sent.
        case step
        /// Undos that may be in the ledger with the values that they would have now.
        case same
    }

    init(_ layout: FlowLayout) {
        self.layout = layout
        words = Array(repeating: 0, count: layout.count)
    }

    func has(_ kind: Kind, _ number: Int) -> Bool {
        words[layout.offset(of: kind) + number >> 6] & 1 << UInt64(number & 63) != 0
    }

    mutating func insert(_ kind: Kind, _ number: Int) {
        words[layout.offset(of: kind) + number >> 6] |= 1 << UInt64(number & 63)
    }

    mutating func remove(_ kind: Kind, _ number: Int) {
        words[layout.offset(of: kind) + number >> 6] &= ~(1 << UInt64(number & 63))
    }

    mutating func clear(_ kind: Kind) {
        for index in layout.words(of: kind) { words[index] = 0 }
    }

    func isEmpty(_ kind: Kind) -> Bool { layout.words(of: kind).allSatisfy { words[$0] == 0 } }

    func members(_ kind: Kind) -> [Int] {
        var members: [Int] = []
        for (position, index) in layout.words(of: kind).enumerated() {
            var word = words[index]
            while word != 0 {
                members.append(position * 64 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
        return members
    }

    /// Begins a new visit, in the middle of the step that leads to it.
    mutating func beginVisit() {
        let step = layout.offset(of: .step)
        let (open, twice) = (layout.offset(of: .open), layout.offset(of: .openTwice))
        let (visit, earlier) = (layout.offset(of: .visit), layout.offset(of: .earlier))
        let count = layout.wordsOfCommands
        words.withUnsafeMutableBufferPointer { words in
            for index in 0..<count {
                let sent = words[step + index]
                words[earlier + index] =
                    words[open + index] & ~sent | words[twice + index] & sent
                words[visit + index] = sent
            }
        }
    }

    /// Takes in what another way brings: only what both are sure of stays sure.
    ///
    /// - Returns: Whether something changed.
    mutating func merge(_ other: FlowFacts) -> Bool {
        var changed: UInt64 = 0
        let sure = layout.words(of: .set).count + 2 * layout.words(of: .step).count
        let step = layout.words(of: .step)
        words.withUnsafeMutableBufferPointer { words in
            for index in words.indices where !step.contains(index) {
                let old = words[index]
                let new = index < sure ? old & other.words[index] : old | other.words[index]
                changed |= old ^ new
                words[index] = new
            }
        }
        return changed != 0
    }
}
