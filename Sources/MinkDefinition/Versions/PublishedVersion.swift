// The versions that sagas may still run by, and what a new file means for them: `validate --against`.
import MinkExpression

/// A version that is out already.
package struct PublishedVersion: Sendable {
    package let definition: Definition
    /// Where it stands, as people say it.
    package let name: String

    package init(_ definition: Definition, name: String) {
        self.definition = definition
        self.name = name
    }
}

extension DefinitionReader {
    /// What the compilation of a published text yields.
    package struct Compiled: Sendable {
        /// The definition; `nil` when the text has no one meaning.
        package let definition: Definition?
        /// What keeps it from having one.
        package let findings: [Finding]
        package let sources: [String: SourceText]
    }

    /// Compiles a text that was checked when it was published.
    ///
    /// What newer rules say of it counts for nothing.
    package func compilePublished(_ input: Input) -> Compiled {
        let context = ReadingContext(options: options, files: files)
        var definition: Definition?
        let root = context.load(file: input.file, path: input.path, bytes: input.bytes)
        if let root, root.kind != .missing,
            let draft = DraftReader(context: context).readWorkflow(root)
        {
            var compiler = DefinitionCompiler(context: context, draft: draft)
            definition = compiler.compile()
        }
        let sources = Dictionary(
            context.sources.map { ($0.text.file, $0.text) }, uniquingKeysWith: { a, _ in a })
        return Compiled(
            definition: context.isSound ? definition : nil,
            findings: context.findings.filter { $0.severity == .error && !$0.rule.canBeAccepted }
                .inOrder(), sources: sources)
    }

    /// What keeps a version from being published, whatever else is said of it: another text under
    /// its number, or sagas that would not be found any more.
    ///
    /// - Parameters:
    ///   - result: The reading of the new version.
    ///   - file: The name of its file.
    ///   - published: The versions by which sagas run, and the one under the same number.
    /// - Returns: The reasons, each in its place.
    package static func refusals(
        of result: ReadResult, in file: String, against published: [PublishedVersion]
    ) -> [Finding] {
        guard let definition = result.compiled, let source = result.sources[file] else { return [] }
        let others = result.sources.filter { $0.key != file }.map(\.value)
        let places = PointerPlaces(main: source, others: others)
        return published.flatMap { before -> [Finding] in
            let isSame = before.definition.identity.version == definition.identity.version
            let diff = DefinitionDiff(from: before.definition, to: definition)
            return diff.changes.compactMap { change in
                guard let rule = change.rule,
                    isSame ? rule == .changedWithoutVersion : rule == .correlationChanged
                else { return nil }
                var finding = Finding(
                    rule, change.sentence, at: places.span(of: change.pointer), help: change.help,
                    note: "compared with \(before.name)")
                finding.severity = .error
                return finding
            }
        }
    }

    /// What is wrong with files as next versions of published ones.
    func versionFindings(
        _ workflows: [(String, ReadResult)], against published: [PublishedVersion]
    ) -> [Finding] {
        guard !published.isEmpty else { return [] }
        let versions = Dictionary(grouping: published, by: \.definition.identity.workflow)
        return workflows.flatMap { file, result -> [Finding] in
            guard let definition = result.compiled, let source = result.sources[file],
                let before = Self.version(before: definition, in: versions)
            else { return [] }
            let places = PointerPlaces(
                main: source, others: result.sources.filter { $0.key != file }.map(\.value))
            let diff = DefinitionDiff(from: before.definition, to: definition)
            return diff.changes.compactMap { change in
                change.rule.map { rule in
                    Finding(
                        rule, change.sentence, at: places.span(of: change.pointer),
                        help: change.help, note: "compared with \(before.name)")
                }
            }
        }
    }

    /// The published version to compare with: the same version when its content differs, else the
    /// newest before it, else the newest of all.
    private static func version(
        before new: Definition, in versions: [String: [PublishedVersion]]
    ) -> PublishedVersion? {
        let known = (versions[new.identity.workflow] ?? []).sorted {
            $0.definition.identity.version < $1.definition.identity.version
        }
        let same = known.filter { $0.definition.identity.version == new.identity.version }
        if same.contains(where: { $0.definition.identity == new.identity }) {
            return nil
        }
        return same.first
            ?? known.last { $0.definition.identity.version < new.identity.version } ?? known.last
    }
}

/// Finds the places of JSON pointers in the texts of a definition.
struct PointerPlaces {
    private let main: (text: SourceText, root: JSONNode?)
    private let others: [(text: SourceText, root: JSONNode?)]

    init(main: SourceText, others: [SourceText]) {
        self.main = (main, JSONDocument(reading: main.bytes).root)
        self.others = others.sorted { $0.file.precedesByBytes($1.file) }
            .map { ($0, JSONDocument(reading: $0.bytes).root) }
    }

    /// The stretch of a value, or of what stands nearest above it.
    func span(of pointer: String) -> SourceSpan {
        let steps: [String] = pointer.split(separator: "/").map { step in
            String(step).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        let own = walk(steps, from: main.root)
        if own.isWhole { return span(own, in: main.text) }
        for other in others {
            let found = walk(steps, from: other.root)
            if found.isWhole { return span(found, in: other.text) }
        }
        return span(own, in: main.text)
    }

    private struct Place {
        var node: JSONNode?
        var nameRange: Range<Int>?
        var pointer = ""
        var isWhole = true
    }

    private func walk(_ steps: [String], from root: JSONNode?) -> Place {
        var place = Place(node: root)
        for step in steps {
            let member = place.node?.members.first { $0.name == step }
            let element = Int(step).flatMap { number in
                place.node?.elements.dropFirst(max(number, 0)).first { _ in true }
            }
            guard let next = member?.value ?? element else {
                place.isWhole = false
                return place
            }
            place = Place(
                node: next, nameRange: member?.nameRange,
                pointer: "\(place.pointer)/\(step.pointerStep)")
        }
        return place
    }

    private func span(_ place: Place, in text: SourceText) -> SourceSpan {
        guard let node = place.node else { return text.span(0..<0, pointer: "") }
        let range: Range<Int>
        switch node.kind {
        case .object, .array:
            range =
                place.nameRange ?? node.range
                .lowerBound..<min(node.range.lowerBound + 1, node.range.upperBound)
        default: range = node.range
        }
        return text.span(range, pointer: place.pointer)
    }
}
