// What an object or list of a file is, as far as its layout depends on it.

/// How the parts of a value are laid out.
enum LayoutKind {
    /// On one line where it fits, else a line for each part.
    case plain
    /// The whole file.
    case root
    /// On one line where it fits, else a table.
    case values
    /// Names that the author declares, a line for each, with their values in one column.
    case table(entry: Entry)
    /// Names that the author chooses, a line for each, and more room where a value needs it.
    case names(Names)
    /// An object of the language that has always a line for each key.
    case section
    case state
    /// What happens: one transition, or a list of alternatives.
    case alternatives
    case scenarios

    /// What stands in a table.
    enum Entry {
        case type
        /// An event, a command or a retry policy: some keys begin a new line.
        case declaration
    }

    /// What names stand for.
    enum Names {
        case states, handlers, parts
    }

    /// What the value under a key is.
    func kind(of key: String, _ isFinal: Bool) -> LayoutKind {
        switch self {
        case .root: Self.sections[key] ?? .plain
        case .names(.states): isFinal ? .plain : .state
        case .names(.handlers): .alternatives
        case .state, .section: Self.parts[key] ?? Self.others[key] ?? .plain
        case .values: .plain
        case .plain, .alternatives, .table, .names(.parts), .scenarios: Self.others[key] ?? .plain
        }
    }

    private static let sections: [String: LayoutKind] = [
        "data": .table(entry: .type), "events": .table(entry: .declaration),
        "commands": .table(entry: .declaration), "retryPolicies": .table(entry: .declaration),
        "start": .names(.handlers), "states": .names(.states), "anyState": .section,
        "scenarios": .scenarios,
    ]

    private static let parts: [String: LayoutKind] = [
        "on": .names(.handlers), "waitFor": .section, "forEach": .section,
        "events": .names(.parts), "onJoin": .alternatives,
    ]

    private static let others: [String: LayoutKind] = [
        "then": .alternatives, "set": .values, "with": .values, "fields": .values,
        "properties": .values,
    ]

    /// Whether all its values stand in one column.
    var isTable: Bool {
        switch self {
        case .table, .values: true
        default: false
        }
    }

    /// Whether it never stands on one line.
    var isAlwaysBroken: Bool {
        switch self {
        case .root, .table, .names, .section, .state, .scenarios: true
        case .plain, .values, .alternatives: false
        }
    }
}
