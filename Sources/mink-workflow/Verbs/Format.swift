// `fmt`: one stable layout of workflow and scenario files.
import MinkDefinition
import MinkWorkflow

extension Verb {
    static let format = Verb(
        name: "fmt",
        summary: "lays workflow and scenario files out in the one way, without changing them",
        operands: "[PATH…|-]",
        details: """
            Takes files and folders (*.workflow.json, *.scenarios.json); the current folder
            when none is named. "-" reads standard input and writes standard output. Keys keep
            their order, numbers and texts stay as they are written. A file that can not be
            read is left alone, with exit code 1.
            """,
        options: [
            Option(
                name: "--check", value: nil,
                summary: "writes nothing; exit code 1 when a file would change")
        ],
        perform: { arguments throws(UsageError) in
            let files = try projectFiles(
                arguments.operands, endings: [".workflow.json", ".scenarios.json"])
            var code = ExitCode.ok
            for file in files {
                let result = try lay(out: file, isCheck: arguments.has("--check"))
                if result != .ok { code = result }
            }
            return code
        })

    private static func lay(
        out file: Project.File, isCheck: Bool
    ) throws(UsageError) -> ExitCode {
        let name = file.input.file
        let isStandardInput = name == "<stdin>"
        let layout = FileLayout(file: name, bytes: file.input.bytes)
        guard let text = layout.text else {
            Output.message(
                PrettyRenderer().render(layout.findings, sources: [name: layout.source]))
            return .negative
        }
        guard layout.isFaithful else {
            throw UsageError(
                message: "the layout of \"\(name)\" would change what it says; "
                    + "nothing was written. Please report this file.", code: .bug)
        }
        let isSame = Array(text.utf8) == file.input.bytes
        if isCheck {
            if !isSame { Output.line(name) }
            return isSame ? .ok : .negative
        }
        if isStandardInput {
            Output.write(text)
        } else if !isSame {
            try writeFile(text, to: FileSystem.realPath(name) ?? name)
            Output.line("formatted \(name)")
        }
        return .ok
    }
}
