// What the operator's file `mink-workflow.json` says to whoever checks workflows: which destinations
// there are, how far limits may go, and how much each rule weighs.

/// The settings of a project, as far as checks need them.
package struct ProjectSettings: Sendable {
    /// The folder of workflow files, as it is written; `nil` when the file does not say.
    package var definitions: String?
    /// The configured destinations; `nil` when the file has no such list.
    package var destinations: [String: Destination]?
    /// The limits that a workflow should not pass.
    package var limits = Limits()
    /// The levels of rules, in the order of the file.
    package var rules: [RuleLevel] = []

    package init() {}

    /// Where commands may go.
    package struct Destination: Sendable, Hashable {
        /// Whether personal data may go there.
        package var takesPersonalData = false
        /// How it is reached; `nil` when the file does not say, or not fully.
        package var way: Way?

        package init() {}

        /// A way to reach a receiver of commands.
        ///
        /// Secrets are their names, as they are written.
        package enum Way: Sendable, Hashable {
            /// A web address, and the secrets that messages are signed with, the newest first.
            case webhook(url: String, secrets: [String], allowLoopback: Bool)
            /// A topic of Kafka, and further settings of the client.
            case kafka(brokers: String, topic: String, settings: [String: String])
            /// A topic of Amazon SNS.
            case sns(topic: String, region: String)
        }
    }

    /// A level for a rule, or for all whose codes begin so.
    package struct RuleLevel: Sendable, Hashable {
        package let prefix: String
        package let level: FindingLevels.Level
    }
}

extension DefinitionReader.Options {
    /// Takes over what the operator's file says.
    package mutating func apply(_ settings: ProjectSettings) {
        let configured = settings.destinations ?? [:]
        destinations = settings.destinations.map { Set($0.keys) }
        personalDestinations = Set(configured.filter(\.value.takesPersonalData).keys)
        limits = settings.limits
    }
}

extension FindingLevels {
    /// Takes over the levels of the operator's file; what is set later goes before them.
    package mutating func apply(_ settings: ProjectSettings) {
        for rule in settings.rules { _ = set(rule.prefix, to: rule.level) }
        keepAsDefaults()
    }
}
