// `validate`: all findings of all files in one run.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let validate = Verb(
        name: "validate",
        summary: "checks workflow and scenario files, and says all that is wrong",
        operands: "[PATH…|-]",
        details: """
            Takes files and folders (*.workflow.json, *.scenarios.json); the current folder
            when none is named, standard input for "-". Exit code 1 when something is wrong.
            """,
        options: [
            Option(
                name: "--format", value: "FORMAT[=FILE]",
                summary: "pretty (default), text, json, sarif or github; repeatable, each into a "
                    + "file",
                choices: ValidationFormat.allCases.map(\.rawValue), isRepeatable: true),
            Option(
                name: "--fail-on", value: "LEVEL",
                summary: "error (default), warning, info or never",
                choices: FindingLevels.FailOn.allCases.map(\.rawValue)),
            Option(
                name: "--rule", value: "ID=LEVEL",
                summary: "another level for a rule, or for all that begin so (MW7=error)",
                isRepeatable: true),
            Option(name: "--strict", value: nil, summary: "warnings count as errors"),
            Option(
                name: "--against", value: "REF",
                summary: "compares with published versions: a folder, a file, git:REV[:PATH]"),
            Option(
                name: "--fix", value: nil,
                summary: "carries out the fixes that are sure, and reports what remains"),
            Option(
                name: "--dry-run", value: nil,
                summary: "with --fix: prints the changes and writes nothing"),
            Option(
                name: "--watch", value: nil, summary: "reports again after each change, until ^C"),
            Option(
                name: "--config", value: "FILE",
                summary: "the operator's settings; else the nearest mink-workflow.json above"),
            Option(
                name: "--jobs", value: "N",
                summary: "how many threads read; as many as there are processors"),
            Option(
                name: "--stdin-name", value: "FILE",
                summary: "for \"-\": the file that standard input stands for"),
        ],
        perform: { arguments throws(UsageError) in
            let validation = try Validation(arguments)
            return arguments.has("--watch")
                ? try await validation.watch() : try await validation.run()
        })
}

private struct Validation {
    private let arguments: Arguments
    private let outputs: [ValidationFormat.Output]
    private let jobs: Int
    private let failOn: FindingLevels.FailOn
    private static let endings = [".workflow.json", ".scenarios.json"]

    init(_ arguments: Arguments) throws(UsageError) {
        self.arguments = arguments
        outputs = try ValidationFormat.outputs(arguments)
        jobs = try Self.jobs(arguments)
        failOn = arguments.value("--fail-on").flatMap(FindingLevels.FailOn.init) ?? .error
        _ = try Self.levels(arguments, nil)
        let readsInput = arguments.operands.contains("-")
        for option in ["--fix", "--watch"] where readsInput && arguments.has(option) {
            throw UsageError(message: "\(option) needs files; standard input is none")
        }
        if arguments.has("--fix"), arguments.has("--watch") {
            throw UsageError(message: "--fix and --watch do not go together")
        }
        if arguments.has("--dry-run"), !arguments.has("--fix") {
            throw UsageError(message: "--dry-run goes with --fix; nothing else is written")
        }
    }

    // MARK: Options

    private static func jobs(_ arguments: Arguments) throws(UsageError) -> Int {
        guard let word = arguments.value("--jobs") else { return ProjectCheck.processors }
        guard let jobs = Int(word), (1...256).contains(jobs) else {
            throw UsageError(message: "--jobs needs a whole number from 1 to 256, not \"\(word)\"")
        }
        return jobs
    }

    private static func levels(
        _ arguments: Arguments, _ settings: ProjectSettings?
    ) throws(UsageError) -> FindingLevels {
        var levels = FindingLevels(strict: arguments.has("--strict"))
        if let settings { levels.apply(settings) }
        for value in arguments.values("--rule") {
            let parts = value.split(separator: "=").map(String.init)
            guard parts.count == 2, let level = FindingLevels.Level(rawValue: parts[1]) else {
                let known = FindingLevels.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError(
                    message: "--rule needs ID=LEVEL with a level of \(known), as in MW7=error")
            }
            guard levels.set(parts[0], to: level) else {
                throw UsageError(
                    message: "there is no rule \"\(parts[0])\", or it can not be changed")
            }
        }
        return levels
    }

    private func check() throws(UsageError) -> ProjectCheck {
        var check = ProjectCheck()
        check.jobs = jobs
        check.settings = try loadSettings(arguments)
        check.needsFingerprints = outputs.contains { $0.format.tellsFingerprints }
        if let word = arguments.value("--against") {
            check.published = try published(VersionSource(word))
        }
        return check
    }

    /// The versions of a source; what can not be read any more is said, and compared with nothing.
    private func published(_ source: VersionSource) throws(UsageError) -> [PublishedVersion] {
        let paths = arguments.operands.map {
            $0 == "-" ? arguments.value("--stdin-name") ?? "." : $0
        }
        return try source.load(beside: paths).compactMap { file in
            let compiled = file.reader.compilePublished(file.input)
            guard let definition = compiled.definition else {
                let reason = compiled.findings.first.map { ": \($0.message)" } ?? ""
                Output.message(
                    "\(file.input.file) is no valid workflow, so nothing is compared with "
                        + "it\(reason)")
                return nil
            }
            return PublishedVersion(definition, name: file.input.file)
        }
    }

    private func files() throws(UsageError) -> [Project.File] {
        try projectFiles(
            arguments.operands, endings: Self.endings, inputName: arguments.value("--stdin-name"))
    }

    // MARK: Running

    func run() async throws(UsageError) -> ExitCode {
        guard !arguments.has("--fix") else { return try await fix() }
        let check = try check()
        return try report(await ProjectValidation(of: try files(), by: check), check).code
    }

    private func fix() async throws(UsageError) -> ExitCode {
        let isDry = arguments.has("--dry-run")
        let fixes = await ProjectFixes(try files(), by: try check())
        if isDry { Output.write(fixes.diff) } else { try fixes.write() }
        let validation = await ProjectValidation(of: fixes.files, by: fixes.check)
        let (code, count) = try report(validation, fixes.check, onlyFiles: isDry)
        Output.message(fixes.summary(isDry: isDry) + (isDry ? "; \(count) would remain" : ""))
        return code
    }

    /// Reports after each change; the last report decides how the process ends.
    func watch() async throws(UsageError) -> ExitCode {
        var watch = ValidationWatch(arguments.operands, endings: Self.endings)
        var code = try await reportForWatch(&watch)
        while let changed = await watch.nextChange() {
            Output.message("\n\(changed.joined(separator: ", ")) changed")
            do throws(UsageError) {
                code = try await reportForWatch(&watch)
            } catch {
                Output.message("mink-workflow: \(error.message)")
                code = error.code
            }
        }
        return code
    }

    private func reportForWatch(_ watch: inout ValidationWatch) async throws(UsageError) -> ExitCode
    {
        // A change while the files are read must not be missed.
        watch.remember()
        let check = try check()
        let validation = await ProjectValidation(of: try files(), by: check)
        watch.include(validation.paths.values)
        let (code, count) = try report(validation, check)
        Output.message(
            count == 0
                ? "no findings; waiting for changes" : "\(count) findings; waiting for changes")
        return code
    }

    /// Writes what was found; how the process ends, and how many findings there are.
    private func report(
        _ validation: ProjectValidation, _ check: ProjectCheck, onlyFiles: Bool = false
    ) throws(UsageError) -> (code: ExitCode, count: Int) {
        let levels = try Self.levels(arguments, check.settings?.settings)
        let findings = levels.applied(to: validation.findings)
        for output in outputs {
            let colour = output.file == nil && Output.isColored
            if let file = output.file {
                try writeFile(
                    output.format.render(findings, of: validation, colour: colour), to: file)
            } else if !onlyFiles {
                Output.write(output.format.render(findings, of: validation, colour: colour))
            }
        }
        return (findings.fail(on: failOn) ? .negative : .ok, findings.count)
    }
}
