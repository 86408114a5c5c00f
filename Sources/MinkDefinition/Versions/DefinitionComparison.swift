// Compares two versions of a workflow, part by part.
import MinkExpression

/// A comparison on its way.
struct DefinitionComparison {
    let old: Definition
    let new: Definition
    private(set) var changes: [DefinitionChange] = []
    /// Old states under their new names, where those differ.
    var renamed: [String: String] = [:]
    /// Arguments of commands that were reported with their template.
    var changedArguments: [String: Set<String>] = [:]
    /// The field that names the saga, when its type was reported already.
    var reportedKey: String?
    /// The part under which changes are noted now.
    var pointer = ""

    init(old: Definition, new: Definition) {
        self.old = old
        self.new = new
    }

    /// The migration of the new version, if it takes sagas of the old one.
    var migration: Migration? {
        new.migration.flatMap { $0.from.contains(old.identity.version) ? $0 : nil }
    }

    mutating func run() {
        compareIdentity()
        compareCorrelation()
        compareData()
        compareEvents()
        compareCommands()
        compareRules()
        findRenamedStates()
        compareStart()
        compareAnyState()
        compareStates()
        compareMigration()
    }

    /// Notes a change of the part under ``pointer``, or of one below it.
    mutating func note(
        _ effect: DefinitionChange.Effect, _ sentence: String, at step: String = "",
        rule: Rule? = nil, help: String? = nil
    ) {
        // What nobody has to do anything about needs no next step.
        let help = rule == nil && effect >= .newOnly ? nil : help
        changes.append(
            DefinitionChange(
                effect: effect, pointer: pointer + step, sentence: sentence, rule: rule, help: help)
        )
    }

    private mutating func compareIdentity() {
        let (before, after) = (old.identity, new.identity)
        pointer = "/version"
        if after.version < before.version {
            note(
                .breaking,
                "version \(before.version) is already published; version \(after.version) comes "
                    + "too late", rule: .changedWithoutVersion,
                help: "raise \"version\" to \(before.version + 1)")
        } else if after.version == before.version, after.fingerprint != before.fingerprint {
            note(
                .breaking, "version \(before.version) is already published with other content",
                rule: .changedWithoutVersion,
                help: "raise \"version\" to \(before.version + 1)")
        }
        pointer = ""
        if before.workflow != after.workflow {
            note(.breaking, "the workflow is now called \"\(after.workflow)\"", at: "/workflow")
        }
        if old.description != new.description {
            note(.safe, "the description reads otherwise", at: "/description")
        }
        if old.owner != new.owner { note(.safe, "the owner changed", at: "/owner") }
    }

    // MARK: Correlation

    private mutating func compareCorrelation() {
        pointer = "/correlateBy"
        let consequence = "running sagas would not be found"
        guard old.correlateBy == new.correlateBy else {
            return note(
                .breaking,
                "sagas are named by \"\(new.correlateBy)\" instead of \"\(old.correlateBy)\"; "
                    + consequence, rule: .correlationChanged,
                help: "keep \"\(old.correlateBy)\", or give the workflow another name")
        }
        let key = new.correlateBy
        for event in new.events.values.sorted(by: { $0.name < $1.name }) {
            guard let before = old.events[event.name] else { continue }
            pointer = "/events/\(event.name.pointerStep)"
            if before.correlate?.expression.words != event.correlate?.expression.words {
                note(
                    .breaking, "\(event.name) finds its saga in another way; \(consequence)",
                    at: "/correlate", rule: .correlationChanged)
            } else if event.correlate == nil, reportedKey == nil,
                let was = before.type.fields?[key]?.type, let now = event.type.fields?[key]?.type,
                was.isText != now.isText
            {
                reportedKey = key
                note(
                    .breaking,
                    "\"\(key)\" was \(was.phrase) and is \(now.phrase) now; \(consequence)",
                    at: "/fields/\(key.pointerStep)", rule: .correlationChanged)
            }
        }
    }
}

extension DataType {
    /// Whether keys of this type are texts; whole numbers are others.
    fileprivate var isText: Bool {
        if case .integer = kind { return false }
        return true
    }
}

extension String {
    /// The text as a step of a JSON pointer.
    var pointerStep: String { replacing("~", with: "~0").replacing("/", with: "~1") }
}
