// Follows `use` and `$ref` to other files below the project root.
import MinkExpression

extension ReadingContext {
    /// The root of the file that a node names; `nil` with a finding when there is none.
    func open(_ reference: String, from node: Node) -> Node? {
        guard let path = ProjectPath(sources[node.source].path)?.resolving(reference) else {
            report(
                .includeProblem, "\"\(reference)\" lies outside this project", at: node,
                help: "put the file into the project, and name it by its way from this file")
            return nil
        }
        if let source = loadedSource(path: path.text) { return root(ofSource: source) }
        switch files.read(path.text) {
        case .success(let bytes):
            return load(file: path.text, path: path.text, bytes: bytes)
        case .failure(.missing):
            report(
                .includeProblem, "there is no file \"\(reference)\"", at: node,
                help: "make \"\(path.text)\", or name a file by its way from this one")
        case .failure(.outside):
            report(
                .includeProblem,
                "\"\(reference)\" is a link that leads outside this project", at: node,
                help: "put the file itself in its place")
        case .failure(.unreadable(let reason)):
            report(
                .includeProblem, "\"\(reference)\" cannot be read: \(reason)", at: node,
                help: "make the file readable, or name another one")
        }
        return nil
    }
}

extension DraftReader {
    /// Reads what other files declare for this one.
    func readIncludes(_ object: ObjectReader, into draft: inout Draft) {
        let path = context.sources[object.node.source].path
        readIncludes(object, into: &draft, along: [path])
    }

    private func readIncludes(
        _ object: ObjectReader, into draft: inout Draft, along chain: [String]
    ) {
        for element in object.list("use") {
            guard let reference = element.text else {
                object.wrongType("use", "names of files", element)
                continue
            }
            guard let root = context.open(reference, from: element) else {
                draft.damaged.formUnion([.events, .commands, .retryPolicies])
                continue
            }
            let path = context.sources[root.source].path
            if chain.contains(path) {
                context.report(
                    .includeProblem,
                    "\"\(reference)\" is used by itself: "
                        + (chain + [path]).joined(separator: " → "), at: element,
                    help: "remove \"\(reference)\" here")
                continue
            }
            guard !draft.included.contains(where: { $0.source == root.source }) else { continue }
            draft.included.append(root)
            guard let shared = ObjectReader(root, as: .shared, in: context) else { continue }
            readShared(shared, into: &draft)
            if context.isDamaged(root) {
                draft.damaged.formUnion([.events, .commands, .retryPolicies])
            }
            readIncludes(shared, into: &draft, along: chain + [path])
        }
    }
}
