// What one reading of a file gathers on its way: the texts it met, and what it has to say.
//
// A reading passes through hundreds of small functions that may all find something, so this is
// the one place in the module where a reference is shared. It never leaves the reading.
import MinkExpression

/// The files and findings of one reading.
final class ReadingContext {
    let options: DefinitionReader.Options
    let files: any FileSource
    private(set) var sources: [LoadedSource] = []
    private(set) var findings: [Finding] = []
    /// The exceptions that stand in the files.
    var exceptions: [Exception] = []
    /// The objects whose keys mean something to the language; all others are maps and data.
    var shaped: [Node.ID] = []
    /// Where each `$ref` leads.
    var references: [Node.ID: Node] = [:]
    /// Types that `$ref` led to, with the number of their parts.
    var knownTypes: [Node.ID: (type: DataType, parts: Int)] = [:]

    init(options: DefinitionReader.Options, files: any FileSource) {
        self.options = options
        self.files = files
    }

    /// A file that was read.
    final class LoadedSource {
        /// The path below the project root.
        let path: String
        let text: SourceText
        let document: JSONDocument
        /// Whether the reading of the JSON text stopped before its end.
        let isCut: Bool
        /// Where mistakes of the JSON text may have lost something.
        let damage: [Range<Int>]
        /// Made when something is said about the file.
        private lazy var pointers = JSONPointers(of: document)

        init(
            path: String, text: SourceText, document: JSONDocument, isCut: Bool,
            damage: [Range<Int>]
        ) {
            self.path = path
            self.text = text
            self.document = document
            self.isCut = isCut
            self.damage = damage
        }

        /// The JSON pointer of the value that begins at a byte, or of the one before it.
        func pointer(ofByte byte: Int) -> String { pointers.pointer(ofByte: byte) }
    }

    /// Reads the JSON text of a file, and keeps what is wrong with it.
    func load(file: String, path: String, bytes: [UInt8]) -> Node? {
        let document = JSONDocument(reading: bytes, limits: options.textLimits)
        let text = SourceText(file: file, bytes: bytes)
        let lost = document.problems.filter { $0.severity == .error && $0.code != .duplicateKey }
        let source = LoadedSource(
            path: path, text: text, document: document,
            isCut: lost.contains { $0.code == .tooBig }
                || lost.count { $0.code == .syntax } >= options.textLimits.syntaxProblems,
            damage: lost.map(\.range))
        sources.append(source)
        for problem in document.problems {
            let pointer = source.pointer(ofByte: problem.range.lowerBound)
            findings.append(Finding(problem, in: text, at: pointer))
        }
        return document.root.map { Node(json: $0, source: sources.count - 1) }
    }

    /// Keeps a text of another language, about which one sentence is said.
    func noteOther(_ language: OtherLanguage, in input: DefinitionReader.Input) {
        let text = SourceText(file: input.file, bytes: input.bytes)
        sources.append(
            LoadedSource(
                path: input.path, text: text, document: JSONDocument(reading: []), isCut: true,
                damage: []))
        findings.append(
            Finding(
                .otherLanguage, language.message, at: text.span(0..<0, pointer: ""),
                help: OtherLanguage.help, note: OtherLanguage.note))
    }

    /// The source with this path that was read already.
    func loadedSource(path: String) -> Int? { sources.firstIndex { $0.path == path } }

    /// The root of a source that was read.
    func root(ofSource source: Int) -> Node? {
        sources[source].document.root.map { Node(json: $0, source: source) }
    }

    /// The stretch of a node, or of some of its bytes.
    func span(_ node: Node, _ range: Range<Int>? = nil) -> SourceSpan {
        let source = sources[node.source]
        let pointer = source.pointer(ofByte: node.range.lowerBound)
        return source.text.span(range ?? node.range, pointer: pointer)
    }

    /// Where a node stands, as the model keeps it.
    func place(_ node: Node) -> SourcePlace {
        SourcePlace(of: node.json, in: sources[node.source].text)
    }

    func report(_ finding: Finding) { findings.append(finding) }

    /// Says something about a node, or about some of its bytes.
    func report(
        _ rule: Rule, _ message: String, at node: Node, _ range: Range<Int>? = nil,
        help: String? = nil, note: String? = nil, related: [RelatedPlace] = []
    ) {
        // The reader of JSON has said already why there is nothing.
        guard node.kind != .missing else { return }
        findings.append(
            Finding(
                rule, message, at: span(node, range), related: related, help: help, note: note))
    }

    /// Says something about a located value.
    func report<Value>(
        _ rule: Rule, _ message: String, at located: Located<Value>, help: String? = nil,
        note: String? = nil, related: [RelatedPlace] = []
    ) {
        report(
            rule, message, at: located.node, located.range, help: help, note: note,
            related: related)
    }

    /// Whether a mistake in the JSON text stands directly in this object or list, so that members
    /// of it may be lost.
    func isDamaged(_ node: Node) -> Bool {
        if sources[node.source].isCut { return true }
        let damage = sources[node.source].damage
        guard !damage.isEmpty else { return false }
        let parts = node.members.map(\.value.range) + node.elements.map(\.range)
        return damage.contains { place in
            node.range.contains(place.lowerBound)
                && !parts.contains { $0.contains(place.lowerBound) }
        }
    }

    /// Whether nothing was found that keeps the file from having one meaning.
    var isSound: Bool { findings.allSatisfy { $0.severity != .error || $0.rule.canBeAccepted } }

    /// Whether mistakes of text, shape or names may hide what else is there.
    var hidesParts: Bool {
        findings.contains { finding in
            finding.severity == .error
                && ["MW0", "MW1", "MW2"].contains(String(finding.rule.code.prefix(3)))
        }
    }
}
