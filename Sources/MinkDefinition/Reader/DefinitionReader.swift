// The way from the text of a workflow file to a definition that the engine may run.
//
//   text ─▶ JSON nodes ─▶ draft ─▶ names and expressions ─▶ checks ─▶ Definition
//
// Every step goes on behind a mistake, so that one reading says all that is wrong. Only a file
// without errors yields a definition.
package import MinkExpression

/// Reads workflow files.
package struct DefinitionReader: Sendable {
    let options: Options
    let files: any FileSource

    /// A reader that finds the files named in `use` and `$ref` in a source.
    package init(options: Options = Options(), files: any FileSource = NoFiles()) {
        self.options = options
        self.files = files
    }

    /// What a reading has to know of its surroundings.
    package struct Options: Sendable {
        /// The destinations that the operator has configured; `nil` when they are not known.
        package var destinations: Set<String>?
        /// The destinations that may get personal data.
        package var personalDestinations: Set<String> = []
        /// The operator's limits, which a file should not pass.
        package var limits = Limits()
        /// How large a file may be.
        package var textLimits = JSONLimits.definition
        /// The day as `2027-06-30`, against which exceptions expire; `nil` lets none expire.
        package var today: String?
        /// Whether to look for what can go wrong, beside what can not be compiled; a stored
        /// definition is compiled, never checked again by newer rules.
        package var checks = true
        /// Whether definitions get their fingerprint; who only asks what is wrong needs none.
        package var fingerprints = true
        /// Hands out the bytes of a time zone by its name.
        package var timeZones: (@Sendable (String) -> [UInt8]?)?

        package init() {}
    }

    /// A file to read.
    package struct Input: Sendable {
        /// The name that messages show.
        package let file: String
        /// The path below the project root, from which `use` and `$ref` lead on.
        package let path: String
        package let bytes: [UInt8]

        package init(file: String, path: String? = nil, bytes: [UInt8]) {
            self.file = file
            self.path = path ?? file
            self.bytes = bytes
        }
    }

    /// What a reading yields.
    package struct ReadResult: Sendable {
        package let findings: [Finding]
        /// The texts that were read, by the names that findings use.
        package let sources: [String: SourceText]
        /// The name, version and fingerprint; `nil` without a definition or a fingerprint.
        package let identity: Definition.Identity?
        /// Which names scenarios of this workflow may use; `nil` when the file is no workflow.
        let vocabulary: ScenarioVocabulary?
        /// The workflow, also where a finding that a person could accept stands against it.
        package fileprivate(set) var compiled: Definition?
        /// Where which rules are accepted.
        let accepted: [AcceptedStretch]

        /// The workflow; `nil` when one of the findings is an error.
        package var definition: Definition? { findings.hasErrors ? nil : compiled }

        /// The result without the workflow, for whoever only wants to know what was found.
        package var withoutDefinition: ReadResult {
            var result = self
            result.compiled = nil
            return result
        }
    }

    /// Reads one workflow file, and says all that is wrong with it.
    package func read(file: String, bytes: [UInt8]) -> ReadResult {
        read(Input(file: file, bytes: bytes))
    }

    /// Reads one workflow file, and says all that is wrong with it.
    package func read(_ input: Input) -> ReadResult {
        let context = ReadingContext(options: options, files: files)
        var definition: Definition?
        var vocabulary: ScenarioVocabulary?
        if let language = OtherLanguage(ofText: input.bytes) {
            context.noteOther(language, in: input)
        } else if let root = context.load(file: input.file, path: input.path, bytes: input.bytes) {
            if root.kind != .missing, let draft = DraftReader(context: context).readWorkflow(root) {
                definition = compile(draft, context)
                vocabulary = ScenarioVocabulary(draft, in: context)
            }
            for source in context.sources.indices where options.checks {
                guard let root = context.root(ofSource: source) else { continue }
                SecretScan(context: context).scan(root)
                HiddenCharacters(context: context).scan(source: source)
            }
        }
        let findings = context.withoutAccepted().inOrder()
        let sources = Dictionary(
            context.sources.map { ($0.text.file, $0.text) }, uniquingKeysWith: { a, _ in a })
        return ReadResult(
            findings: findings, sources: sources,
            identity: findings.hasErrors || !options.fingerprints ? nil : definition?.identity,
            vocabulary: vocabulary,
            compiled: context.isSound ? definition : nil, accepted: context.acceptedStretches)
    }

    private func compile(_ draft: Draft, _ context: ReadingContext) -> Definition {
        var compiler = DefinitionCompiler(context: context, draft: draft)
        let definition = compiler.compile()
        guard options.checks else { return definition }
        DraftChecks(
            context: context, draft: draft, names: compiler.names, usage: compiler.usage,
            readData: compiler.expressions.hasFailed ? nil : compiler.expressions.readData,
            definition: definition
        ).run()
        let surelySet = FlowAnalysis.run(
            draft, names: compiler.names, dataUses: compiler.expressions.dataUses,
            graph: definition.graph, in: context)
        var guards = GuardChecks(
            context: context, draft: draft, conditions: compiler.expressions.conditions,
            surelySet: surelySet)
        guards.run()
        return definition
    }
}
