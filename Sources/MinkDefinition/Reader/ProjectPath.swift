// Paths below the project root. Nothing that a file names may lead out of it.

/// A path below the project root, in plain steps.
struct ProjectPath: Hashable {
    private let steps: [Substring]

    /// The path of a file, as in `workflows/order.workflow.json`; `nil` outside the root.
    init?(_ text: String) {
        guard let steps = Self.walk(from: [], text) else { return nil }
        self.steps = steps
    }

    private init(steps: [Substring]) { self.steps = steps }

    /// The path that a file at this path means by a relative one; `nil` when it leads outside.
    func resolving(_ text: String) -> ProjectPath? {
        Self.walk(from: Array(steps.dropLast()), text).map(ProjectPath.init(steps:))
    }

    var text: String { steps.joined(separator: "/") }

    private static func walk(from start: [Substring], _ text: String) -> [Substring]? {
        guard !text.hasPrefix("/"), !text.contains("\\"), !text.contains(":"),
            !text.utf8.contains(0)
        else { return nil }
        var steps = start
        for step in text.split(separator: "/") where step != "." {
            if step == ".." {
                guard steps.popLast() != nil else { return nil }
            } else {
                steps.append(step)
            }
        }
        return steps
    }
}
