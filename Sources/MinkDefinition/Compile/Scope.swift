// Which names an expression may use at its place.

/// What exists where an expression stands, beside `data`, `saga` and `now`.
struct Scope: Hashable {
    var event: Event
    /// The name of an item, and the state whose `forEach` binds it.
    var item: Item?
    var hasFailure = false
    var hasJoin = false
    /// The command whose arguments are in scope.
    var command: String?
    /// Whether the instance is known already; it is not while its key is looked for.
    var hasInstance = true

    /// What `event` is.
    enum Event: Hashable {
        /// There is none, for a reason.
        case none(Absence)
        /// A declared event.
        case named(String)
        /// One of several declared events.
        case oneOf([String])
        /// How the delivery of a command ended.
        case outcome(succeeded: Bool)
        /// Not known: of a template that no place uses.
        case unknown
    }

    /// Why there is no event.
    enum Absence: Hashable {
        case onEnter, timeout, reminder, join, deadline, migration, forEach, need

        var sentence: String {
            switch self {
            case .onEnter: "no event exists here; onEnter also runs after other transitions"
            case .timeout: "no event exists here; a timeout comes without one"
            case .reminder: "no event exists here; a reminder comes without one"
            case .join: "no event exists here; onJoin follows several of them"
            case .deadline: "no event exists here; the deadline comes without one"
            case .migration: "no event exists here; a migration comes without one"
            case .forEach: "no event exists here; the list is taken down when the state is entered"
            case .need: "no event exists here; \"need\" is computed when the state is entered"
            }
        }
    }

    struct Item: Hashable {
        let name: String
        let state: String
    }

    init(_ event: Event) { self.event = event }

    /// The scope of a part in which nothing comes from an event.
    static func without(_ absence: Absence) -> Scope { Scope(.none(absence)) }

    /// The same scope, in which a failure exists too.
    func withFailure() -> Scope {
        var scope = self
        scope.hasFailure = true
        return scope
    }

    /// The names that always mean something, and words that expressions keep for themselves.
    static let reserved: Set<String> = [
        "event", "meta", "data", "saga", "now", "failure", "join", "command", "true", "false",
        "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while", "optional", "none",
    ]

    /// The variables of every layout.
    static let variables = [
        "event", "meta", "data", "saga", "now", "failure", "join", "command",
    ]
}
