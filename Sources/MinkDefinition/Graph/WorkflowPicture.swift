// What a picture of a workflow shows, before any format draws it.
//
//   Definition ─▶ WorkflowPicture (boxes, arrows) ─▶ DOT │ Mermaid
//
// What happens inside a state stands in its box; arrows only lead from one box to another. Arrows
// between the same two boxes that look the same are one, with several lines of words.

/// The boxes and arrows of a workflow.
package struct WorkflowPicture: Sendable {
    /// The workflow's name and version.
    package let title: String
    /// What the workflow does, in the author's first words.
    let subtitle: String?
    /// The boxes; an arrow names them by their place here.
    let boxes: [Box]
    let arrows: [Arrow]
    /// The state whose failure is shown, while all else stands back; `nil` shows the whole workflow.
    let failure: String?

    /// A picture of a workflow.
    package init(of definition: Definition) {
        var builder = PictureBuilder(definition)
        builder.addWorkflow()
        builder.shortenFailures()
        self.init(builder, failure: nil)
    }

    /// A picture of what is undone when a saga fails in a state.
    ///
    /// - Parameters:
    ///   - definition: The workflow.
    ///   - state: The name of a state that waits; for others the picture shows no failure.
    package init(of definition: Definition, failingIn state: String) {
        var builder = PictureBuilder(definition)
        builder.addWorkflow()
        builder.addFailure(in: state)
        self.init(builder, failure: state)
    }

    private init(_ builder: PictureBuilder, failure: String?) {
        let identity = builder.definition.identity
        title = "\(identity.workflow), version \(identity.version)"
        subtitle = builder.definition.description
        boxes = builder.boxes
        arrows = builder.arrows
        self.failure = failure
    }

    /// The boxes that are drawn: what stands alone says nothing about a failure.
    var shownBoxes: [Int] {
        guard failure != nil else { return Array(boxes.indices) }
        let connected = Set(arrows.flatMap { [$0.from, $0.to] })
        return boxes.indices.filter(connected.contains)
    }

    /// A box.
    struct Box: Sendable {
        let kind: Kind
        let title: String
        var lines: [Line] = []
        /// Whether every way to it passes the point of no return.
        var isBehindNoReturn = false
        var stress = Stress.plain

        /// What a box stands for.
        enum Kind: Sendable, Hashable {
            /// Where a saga begins.
            case start
            case waiting
            /// A final state.
            case end(Outcome)
            /// A final state again, near a state that fails, in place of one more long arrow.
            case endAgain(Outcome)
            /// What holds in every state that waits.
            case anyState
            /// A command that undoes a step; not certain when only some ways lead to it.
            case undo(isCertain: Bool)
        }
    }

    /// An arrow.
    struct Arrow: Sendable {
        let from: Int
        var to: Int
        let kind: Kind
        var lines: [Line] = []
        var stress = Stress.plain

        /// Whether time passes, or something happens.
        struct Kind: Sendable, Hashable {
            var isTimed = false
            /// Whether everything done so far is undone.
            var isFailure = false
            var isPointOfNoReturn = false
        }
    }

    /// Words in a box or at an arrow.
    struct Line: Sendable, Hashable {
        let role: Role
        let text: String

        init(_ role: Role, _ text: String) {
            self.role = role
            self.text = text.oneLine
        }

        /// What the words are about, which decides how they look.
        enum Role: Sendable, Hashable {
            case description, event, condition, command, undo, pointOfNoReturn
        }
    }

    /// How much something stands out.
    enum Stress: Sendable, Hashable {
        case plain, strong, faint
    }
}
