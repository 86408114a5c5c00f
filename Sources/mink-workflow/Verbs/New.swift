// `new` and `init`: a workflow with its scenarios, and a project around it.
import MinkDefinition
import MinkExpression
import MinkWorkflow

extension Verb {
    static let newWorkflow = Verb(
        name: "new",
        summary: "makes a workflow and its scenarios, to be changed into yours",
        operands: "NAME",
        details: """
            The name may be written as OrderFulfillment or as order-fulfillment. The files
            come into the folder of the project's workflows ("definitions" in
            mink-workflow.json), else into the current one. What is there is never changed.
            """,
        options: [
            Option(name: "--folder", value: "DIR", summary: "another folder for the files"),
            Option(name: "--dry-run", value: nil, summary: "only lists the files"),
        ],
        perform: { arguments throws(UsageError) in
            let name = try arguments.onlyOperand(
                "new needs one name for the workflow, such as OrderFulfillment")
            let place = WorkflowFolder(arguments.value("--folder"))
            guard let template = WorkflowTemplate(name, schemas: place.schemas) else {
                throw UsageError(
                    message: "\"\(name)\" can not name a workflow; take letters, digits, \"-\" and "
                        + "\"_\", with a letter first, at most 60")
            }
            let files = ProjectTemplate.files(of: template, in: place.path)
            for file in files where FileSystem.kind(of: file.path) != .missing {
                throw UsageError(
                    message: "\"\(file.path)\" is there already; choose another name",
                    code: .conflict)
            }
            return try make(files, in: nil, isDryRun: arguments.has("--dry-run"))
        })

    static let initProject = Verb(
        name: "init",
        summary: "makes a project: settings, a first workflow, and the checks of every change",
        operands: "[DIR]",
        details: """
            Makes mink-workflow.json, workflows/ with a first workflow and its scenarios,
            schemas/ for editors, a file for GitHub Actions and a hook for git. What is there
            is never changed.
            """,
        options: [
            Option(name: "--dry-run", value: nil, summary: "only lists the files")
        ],
        perform: { arguments throws(UsageError) in
            guard arguments.operands.count <= 1 else {
                throw UsageError(message: "init takes one folder")
            }
            let folder = arguments.operands.first ?? "."
            guard [.folder, .missing].contains(FileSystem.kind(of: folder)) else {
                throw UsageError(message: "\"\(folder)\" is no folder")
            }
            let isDryRun = arguments.has("--dry-run")
            let code = try make(ProjectTemplate.files, in: folder, isDryRun: isDryRun)
            if !isDryRun {
                Output.message(
                    "Next: mink-workflow validate, mink-workflow test, and in a repository "
                        + "\"git config core.hooksPath .githooks\".")
            }
            return code
        })

    /// Makes files that are not there, and says so of each.
    private static func make(
        _ files: [TemplateFile], in folder: String?, isDryRun: Bool
    ) throws(UsageError) -> ExitCode {
        let lead = folder == nil || folder == "." ? "" : "\(folder ?? "")/"
        for file in files {
            let path = lead + file.path
            if isDryRun {
                let isThere = FileSystem.kind(of: path) != .missing
                Output.line((isThere ? "would keep " : "would make ") + path)
                continue
            }
            do throws(FileError) {
                let isMade = try FileSystem.create(
                    file.text, at: path, isProgram: file.isProgram)
                Output.line((isMade ? "made " : "kept ") + path)
            } catch {
                throw UsageError(message: error.message)
            }
        }
        return .ok
    }
}

/// The text as `fmt` lays it out.
func laidOut(_ text: String) -> String {
    FileLayout(file: "template", bytes: Array(text.utf8)).text ?? text
}

/// Where a new workflow comes.
private struct WorkflowFolder {
    /// The folder, as paths name it from here.
    let path: String
    /// The way from there to the project's schemas; `nil` when it has none.
    let schemas: String?

    init(_ wanted: String?) {
        let here = FileSystem.realPath(".") ?? "."
        let root = Project.root(of: here + "/-")
        let definitions = Self.definitions(of: root)
        // Only from the root itself the folder has a short name.
        let isAtRoot = root == here
        path = wanted ?? (isAtRoot ? definitions : nil) ?? "."
        let full = FileSystem.realPath(path) ?? "\(here)/\(path)"
        let hasSchemas = FileSystem.kind(of: "\(root)/schemas/workflow.schema.json") == .file
        guard hasSchemas, full.hasPrefix(root + "/") else {
            schemas = full == root && hasSchemas ? "./schemas" : nil
            return
        }
        let depth = full.dropFirst(root.count).split(separator: "/").count { $0 != "." }
        schemas = Array(repeating: "..", count: depth).joined(separator: "/") + "/schemas"
    }

    /// The folder of workflows that the project's settings name.
    private static func definitions(of root: String) -> String? {
        guard case .success(let bytes) = FileSystem.read("\(root)/mink-workflow.json") else {
            return nil
        }
        return JSONDocument(reading: bytes).root?["definitions"]?.text
    }
}
