// Reads the shape of a workflow file, from the root to its sections.
import MinkExpression

/// Turns JSON nodes into a draft, and says what is wrong with their shape.
struct DraftReader {
    let context: ReadingContext

    /// The draft of a workflow; `nil` when the root is nothing like one.
    func readWorkflow(_ root: Node) -> Draft? {
        if let language = OtherLanguage(of: root) {
            context.report(
                .otherLanguage, language.message, at: root, root.headRange,
                help: OtherLanguage.help, note: OtherLanguage.note)
            return nil
        }
        let title = root.member("workflow")?.text.map { "workflow \"\($0)\"" }
        guard let object = ObjectReader(root, as: .workflow, in: context, called: title) else {
            return nil
        }
        object.require("workflow", "version")
        object.require("correlateBy", because: "the field of every event that names the saga")
        object.require("start", because: "which event begins it?")
        object.require("states")
        var draft = Draft(node: root)
        draft.workflow = object.text("workflow", as: "a name")
        if let name = draft.workflow { checkName(name, of: "a workflow") }
        draft.version = object.wholeNumber("version", in: 1...1_000_000_000)
        draft.owner = object.text("owner")?.value
        draft.description = object["description"]?.text
        draft.correlateBy = object.text("correlateBy", as: "the name of a field")
        draft.data = readData(object)
        readShared(object, into: &draft)
        readIncludes(object, into: &draft)
        readRules(object, into: &draft)
        draft.start = readStart(object)
        draft.states = readStates(object)
        draft.anyState = object["anyState"].flatMap(readAnyState)
        noteDamage(object, in: &draft)
        checkClashes(&draft)
        if draft.description == nil, !context.isDamaged(root) {
            context.report(
                .noDescription,
                "describe \"\(draft.workflow?.value ?? "the workflow")\" in one sentence for the "
                    + "people on call", at: object["workflow"] ?? root,
                object["workflow"] == nil ? root.headRange : nil)
        }
        return draft
    }

    /// What a workflow file and a shared file have in common.
    func readShared(_ object: ObjectReader, into draft: inout Draft) {
        draft.events += readEvents(object)
        draft.retryPolicies += readPolicies(object)
        draft.commands += readCommands(object)
    }

    private func readRules(_ object: ObjectReader, into draft: inout Draft) {
        draft.compensation = object["compensation"].flatMap(readCompensation)
        draft.deadline = object["deadline"].flatMap(readDeadline)
        if let rules = object["eventRules"].flatMap(readEventRules) { draft.eventRules = rules }
        draft.retain = object.duration("retain", allowsZero: true)
        draft.limits = object["limits"].flatMap(readLimits)
        draft.migration = object["migrate"].flatMap(readMigration)
    }

    private func noteDamage(_ object: ObjectReader, in draft: inout Draft) {
        let sections: [(String, Draft.Section)] = [
            ("data", .data), ("events", .events), ("commands", .commands),
            ("retryPolicies", .retryPolicies), ("states", .states),
        ]
        let rootIsDamaged = context.isDamaged(object.node)
        for (key, section) in sections {
            let isCut = section == .states && draft.states.count == Self.mostStates
            let isDamaged = isCut || (object[key].map(context.isDamaged) ?? rootIsDamaged)
            if isDamaged { draft.damaged.insert(section) }
        }
    }

    /// Names of one section must differ in more than capital letters.
    private func checkClashes(_ draft: inout Draft) {
        checkClashes(of: "states", draft.states.map(\.name))
        checkClashes(of: "events", draft.events.map(\.name))
        checkClashes(of: "commands", draft.commands.map(\.name))
        checkClashes(of: "data fields", draft.data.map(\.name))
        checkClashes(of: "retry policies", draft.retryPolicies.map(\.name))
    }

    private func checkClashes(of things: String, _ names: [Located<String>]) {
        var seen: [String: Int] = [:]
        seen.reserveCapacity(names.count)
        for (number, name) in names.enumerated() {
            guard let index = seen.updateValue(number, forKey: name.value.lowercased()) else {
                continue
            }
            let first = names[index]
            let words =
                first.value == name.value
                ? "\(things) \"\(name.value)\" is declared twice"
                : "\(things) \"\(first.value)\" and \"\(name.value)\" differ only in capital letters"
            context.report(
                .nameClash, words, at: name, help: "rename one of the two",
                related: [
                    RelatedPlace(
                        "\"\(first.value)\" stands here",
                        at: context.span(first.node, first.range))
                ])
        }
    }
}
