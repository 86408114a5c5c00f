// Lists that operators read and decide about: the same words for commands, dead letters, held
// events, incidents, events and the record of changes.
import MinkExpression
import MinkStore
import MinkWorkflow

/// All things of one kind in a store.
protocol Register {
    associatedtype Thing: Sendable

    /// What one of them is called, and several.
    var nouns: (one: String, many: String) { get }
    /// What a condition sees of a thing.
    static var variables: [(name: String, type: ExpressionType)] { get }

    /// Visits things in their order until the visitor has enough.
    func visit(
        _ body: (Thing) async throws(StoreError) -> Bool
    ) async throws(StoreError)

    /// The thing with this name; `nil` when there is none.
    func find(_ name: String) async throws(StoreError) -> Thing?

    /// The thing as one line.
    func text(_ thing: Thing) -> String

    /// What a person can type next; `nil` when nothing has to be done.
    func nextStep(after thing: Thing) -> String?

    /// The thing as a JSON object, personal data masked.
    func value(_ thing: Thing) -> Value

    /// What a condition sees of a thing: the members of its JSON object unless told.
    func variables(of thing: Thing) -> Value
}

extension Register {
    func nextStep(after thing: Thing) -> String? { nil }

    func variables(of thing: Thing) -> Value { value(thing) }
}

/// Answers what is asked of a register.
struct RegisterDesk<List: Register> {
    let list: List
    let arguments: Arguments
    /// Which things are meant; `nil` means all.
    let condition: Where?

    private var isJSON: Bool { arguments.value("--format") == "jsonl" }

    func print(_ thing: List.Thing) {
        if isJSON { return Output.line(list.value(thing).json) }
        Output.line(list.text(thing).withoutControls)
        guard let next = list.nextStep(after: thing) else { return }
        Output.line("    next: mink-workflow \(next)".withoutControls)
    }

    /// Prints what fits, up to the limit.
    func tell(limit: Int) async throws(StoreError) -> ExitCode {
        var left = limit
        try await each { thing in
            print(thing)
            left -= 1
            return left > 0
        }
        return .ok
    }

    /// Prints everything about the things that are named.
    func show(_ names: [String]) async throws(StoreError) -> ExitCode {
        guard let things = try await named(names) else { return .notFound }
        for thing in things {
            guard !isJSON else {
                Output.line(list.value(thing).json)
                continue
            }
            Output.line(list.text(thing).withoutControls)
            for (name, value) in list.value(thing).entries {
                for (field, value) in value.entries {
                    Output.line("  \(name).\(field): \(value.json)".withoutControls)
                }
            }
        }
        return .ok
    }

    /// The things that a change is about; none when nothing is to be changed, which was told, with
    /// how the process ends.
    func chosen(
        _ names: [String]
    ) async throws(StoreError) -> (things: [List.Thing], code: ExitCode) {
        guard names.isEmpty else {
            let things = try await named(names)
            return (things ?? [], things == nil ? .notFound : .ok)
        }
        var things: [List.Thing] = []
        try await each { thing in
            things.append(thing)
            return true
        }
        return arguments.consents(to: things, list.nouns) { print($0) }
    }

    /// The things with these names; `nil` when one is missing, which was told.
    private func named(_ names: [String]) async throws(StoreError) -> [List.Thing]? {
        var things: [List.Thing] = []
        for name in names {
            guard let thing = try await list.find(name) else {
                Output.message("mink-workflow: there is no \(list.nouns.one) \(name)")
                return nil
            }
            things.append(thing)
        }
        return things
    }

    /// Visits what fits the condition of the command line.
    private func each(_ body: (List.Thing) -> Bool) async throws(StoreError) {
        var selection = Selection(condition)
        try await list.visit { thing in
            selection.takes(list.variables(of: thing)) ? body(thing) : true
        }
        selection.tell()
    }
}

extension Arguments {
    /// Whether many things may be changed; shows the first of them when nobody has said so.
    func consents<Thing>(
        to things: [Thing], _ nouns: (one: String, many: String), show: (Thing) -> Void
    ) -> (things: [Thing], code: ExitCode) {
        guard !things.isEmpty else {
            Output.message("mink-workflow: no \(nouns.one) fits")
            return ([], .notFound)
        }
        if has("--yes") || has("--dry-run") { return (things, .ok) }
        let count =
            things.count == 1 ? "one \(nouns.one) fits" : "\(things.count) \(nouns.many) fit"
        Output.message("\(count)\(things.count > 10 ? "; the first ten:" : ":")")
        for thing in things.prefix(10) { show(thing) }
        Output.message(
            "mink-workflow: nothing was changed; --yes does it, --dry-run shows what would follow")
        return ([], .negative)
    }

    /// Why something is changed, for the record.
    func reason(for word: String) throws(UsageError) -> String {
        guard let reason = value("--reason"), !reason.isEmpty else {
            throw UsageError(message: "\(word) needs --reason TEXT, for the record")
        }
        return reason
    }

    /// Who changes something, for the record.
    var person: String { value("--by") ?? Environment.person }

    /// A number above 0; `nil` when the option was not given.
    func wholeNumber(_ name: String) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), number > 0 else {
            throw UsageError(message: "\(name) needs a whole number above 0")
        }
        return number
    }
}

extension Timestamp {
    /// The moment to the second, for a column.
    var toTheSecond: String {
        Timestamp(seconds: seconds, nanoseconds: 0)?.description ?? description
    }
}

extension Value {
    /// The members of an object whose names are texts, in their order.
    var entries: [(String, Value)] {
        guard case .map(let map) = self else { return [] }
        return map.entries.compactMap { entry in
            guard case .string(let name) = entry.key else { return nil }
            return (name, entry.value)
        }
    }
}
