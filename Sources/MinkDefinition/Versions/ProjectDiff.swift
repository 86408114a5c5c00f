// The differences between all workflows of two sides: folders, files, or commits. Workflows belong
// together by their names, so that a file may move or be called otherwise.

/// The differences of meaning between two sides.
package struct ProjectDiff: Sendable {
    /// What became of one workflow.
    package struct Entry: Sendable {
        package let workflow: String
        /// The version on the old side; `nil` when the workflow is new.
        package let old: Definition.Identity?
        /// The version on the new side; `nil` when the workflow is gone.
        package let new: Definition.Identity?
        package let changes: [DefinitionChange]
    }

    /// The workflows that differ, by their names.
    package let entries: [Entry]

    /// Compares the newest version of each workflow.
    package init(from old: [Definition], to new: [Definition]) {
        let (before, after) = (Self.newest(old), Self.newest(new))
        entries = Set(before.keys).union(after.keys).sorted().compactMap { name in
            switch (before[name], after[name]) {
            case (let was?, let now?):
                let changes = DefinitionDiff(from: was, to: now).changes
                guard !changes.isEmpty || was.identity != now.identity else { return nil }
                return Entry(
                    workflow: name, old: was.identity, new: now.identity, changes: changes)
            case (nil, let now?):
                let change = DefinitionChange(
                    effect: .newOnly, pointer: "", sentence: "the workflow is new", rule: nil,
                    help: nil)
                return Entry(workflow: name, old: nil, new: now.identity, changes: [change])
            case (let was?, nil):
                let change = DefinitionChange(
                    effect: .breaking, pointer: "",
                    sentence: "the workflow is gone: no saga begins any more", rule: nil,
                    help: "running sagas are kept to their end")
                return Entry(workflow: name, old: was.identity, new: nil, changes: [change])
            case (nil, nil): return nil
            }
        }
    }

    private static func newest(_ definitions: [Definition]) -> [String: Definition] {
        Dictionary(definitions.map { ($0.identity.workflow, $0) }) { first, second in
            second.identity.version > first.identity.version ? second : first
        }
    }

    /// The worst effect of all changes; `nil` without a change.
    package var worst: DefinitionChange.Effect? { entries.flatMap(\.changes).map(\.effect).min() }
}

extension ProjectDiff {
    /// One line for each change, those of a workflow under its name.
    package var text: String {
        guard !entries.isEmpty else { return "no difference in meaning\n" }
        return entries.map { entry in
            let width = DefinitionChange.Effect.allCases.map(\.rawValue.count).max() ?? 0
            var text = "\(entry.workflow), \(entry.versions)\n"
            if entry.changes.isEmpty { text += "  no difference in meaning\n" }
            for change in entry.changes {
                text += "  \(change.effect.rawValue.padded(to: width))  \(change.sentence.visible)"
                if let rule = change.rule { text += " [\(rule.code)]" }
                text += "\n"
                if let help = change.help {
                    text += "  \(String(repeating: " ", count: width))    \(help.visible)\n"
                }
            }
            return text
        }.joined(separator: "\n")
    }

    /// A table for each workflow.
    package var markdown: String {
        guard !entries.isEmpty else { return "No difference in meaning.\n" }
        return entries.map { entry in
            var text = "## \(entry.workflow), \(entry.versions)\n\n"
            if entry.changes.isEmpty { return text + "No difference in meaning.\n" }
            text += "| Effect | Change | Rule |\n| --- | --- | --- |\n"
            for change in entry.changes {
                text += "| \(change.effect.rawValue) | \(change.sentence.cell) "
                text += "| \(change.rule?.code ?? "") |\n"
            }
            return text
        }.joined(separator: "\n")
    }

    /// One document for machines; the form only grows.
    package var json: String {
        let all = entries.flatMap(\.changes)
        let counts = DefinitionChange.Effect.allCases.map { effect in
            (effect.rawValue, JSONText.number(all.count { $0.effect == effect }))
        }
        return JSONText.object([
            ("formatVersion", .number(1)),
            ("counts", .object(counts)),
            ("workflows", .list(entries.map(describe))),
        ]).indented
    }

    private func describe(_ entry: Entry) -> JSONText {
        .object([
            ("workflow", .string(entry.workflow)),
            ("old", entry.old.map(describe) ?? .null),
            ("new", entry.new.map(describe) ?? .null),
            ("changes", .list(entry.changes.map(describe))),
        ])
    }

    private func describe(_ identity: Definition.Identity) -> JSONText {
        .object([
            ("version", .number(identity.version)), ("fingerprint", .string(identity.fingerprint)),
        ])
    }

    private func describe(_ change: DefinitionChange) -> JSONText {
        .object([
            ("effect", .string(change.effect.rawValue)), ("pointer", .string(change.pointer)),
            ("message", .string(change.sentence)),
            ("help", change.help.map(JSONText.string) ?? .null),
            ("code", change.rule.map { .string($0.code) } ?? .null),
        ])
    }
}

extension ProjectDiff.Entry {
    fileprivate var versions: String {
        switch (old?.version, new?.version) {
        case (let was?, let now?): "version \(was) → \(now)"
        case (nil, let now?): "version \(now)"
        case (let was?, nil): "version \(was)"
        case (nil, nil): ""
        }
    }
}

extension String {
    /// The text as a cell of a Markdown table.
    fileprivate var cell: String { visible.replacing("|", with: "\\|") }
}
