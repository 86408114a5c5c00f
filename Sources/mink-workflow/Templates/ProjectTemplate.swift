// The files of a new project: settings, a first workflow, the schemas that editors read, and the
// checks of every change.

/// A file that is about to be made.
struct TemplateFile {
    /// The path below the project's folder.
    let path: String
    let text: String
    var isProgram = false
}

enum ProjectTemplate {
    /// All files of a project, in the order in which people read about them.
    static var files: [TemplateFile] {
        let schemas = ["workflow", "scenarios"].compactMap { kind in
            Document.schema(kind).map {
                TemplateFile(path: "schemas/\(kind).schema.json", text: $0)
            }
        }
        let workflow = WorkflowTemplate("FirstBooking", schemas: "../schemas")
        return [TemplateFile(path: "mink-workflow.json", text: settings)]
            + (workflow.map { files(of: $0, in: "workflows") } ?? []) + schemas
            + [
                TemplateFile(path: ".github/workflows/workflows.yml", text: continuousCheck),
                TemplateFile(path: ".githooks/pre-commit", text: hook, isProgram: true),
            ]
    }

    /// A workflow and its scenarios, laid out as `fmt` does it.
    static func files(of template: WorkflowTemplate, in folder: String) -> [TemplateFile] {
        let lead = folder.isEmpty || folder == "." ? "" : folder + "/"
        return [
            TemplateFile(
                path: "\(lead)\(template.fileName).workflow.json",
                text: laidOut(template.workflow)),
            TemplateFile(
                path: "\(lead)\(template.fileName).scenarios.json",
                text: laidOut(template.scenarios)),
        ]
    }

    private static let settings = """
        {
          "definitions": "workflows"
        }

        """

    private static let continuousCheck = """
        # Checks the workflows of every change.
        name: workflows

        on:
          push:
          pull_request:

        jobs:
          check:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - name: Is mink-workflow there?
                run: |
                  command -v mink-workflow || {
                    echo "Install mink-workflow on this runner, or in a step before this one." >&2
                    exit 1
                  }
              - name: Layout
                run: mink-workflow fmt --check workflows
              - name: Findings
                run: mink-workflow validate workflows
              - name: Scenarios
                run: mink-workflow test workflows

        """

    private static let hook = """
        #!/bin/sh
        # Checks workflows before they are committed; "git config core.hooksPath .githooks" turns
        # it on.
        set -e
        git diff --cached --quiet -- '*.workflow.json' '*.scenarios.json' && exit 0
        mink-workflow fmt --check workflows || {
            echo "Run \\"mink-workflow fmt workflows\\" and stage what it changed." >&2
            exit 1
        }
        mink-workflow validate workflows
        mink-workflow test workflows

        """
}
