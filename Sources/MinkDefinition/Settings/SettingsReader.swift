// Reads `mink-workflow.json`. What is not known there is a finding, as in a workflow file: a setting
// that is misspelt must not be a setting that is silently missing.
import MinkExpression

/// Reads the operator's file.
package struct SettingsReader: Sendable {
    package init() {}

    /// What a reading yields.
    package struct ReadResult: Sendable {
        /// The settings, as far as they could be read.
        package let settings: ProjectSettings
        package let findings: [Finding]
        package let source: SourceText
    }

    /// Reads the file, and says all that is wrong with it.
    package func read(_ input: DefinitionReader.Input) -> ReadResult {
        var options = DefinitionReader.Options()
        options.textLimits.subject = "settings"
        // Whoever sets the limits passes none.
        options.limits = .none
        let context = ReadingContext(options: options, files: NoFiles())
        var settings = ProjectSettings()
        let root = context.load(file: input.file, path: input.path, bytes: input.bytes)
        if let root, root.kind != .missing {
            settings = SettingsReading(context: context).read(root)
            SecretScan(context: context).scan(root)
        }
        return ReadResult(
            settings: settings, findings: context.withoutAccepted().inOrder(),
            source: context.sources.first?.text ?? SourceText(file: input.file, bytes: []))
    }
}

private struct SettingsReading {
    let context: ReadingContext

    func read(_ root: Node) -> ProjectSettings {
        var settings = ProjectSettings()
        guard let object = ObjectReader(root, as: .settings, in: context) else { return settings }
        settings.definitions = object.text("definitions", as: "a folder")?.value
        readStore(object)
        if object["destinations"] != nil {
            settings.destinations = Dictionary(
                object.map("destinations", of: "destinations").map(readDestination),
                uniquingKeysWith: { first, _ in first })
        }
        readSources(object)
        if let limits = object["limits"].flatMap(DraftReader(context: context).readLimits) {
            settings.limits = limits.limits
        }
        settings.rules = object.map("rules", of: "levels").compactMap(readRule)
        if let http = object["http"] { readHTTP(http) }
        _ = object.duration("lease")
        return settings
    }

    private func readStore(_ object: ObjectReader) {
        guard let store = object["store"].flatMap({ ObjectReader($0, as: .store, in: context) })
        else { return }
        store.exclude("sqlite", "postgres")
        _ = store.text("sqlite", as: "a file")
        guard let node = store["postgres"],
            let postgres = ObjectReader(node, as: .postgres, in: context)
        else { return }
        postgres.require("url")
        for key in ["url", "schema"] { _ = postgres.text(key) }
    }

    private func readDestination(
        _ name: Located<String>, _ node: Node
    ) -> (String, ProjectSettings.Destination) {
        var destination = ProjectSettings.Destination()
        DraftReader(context: context).checkName(name, of: "a destination")
        guard let object = ObjectReader(node, as: .destination, in: context) else {
            return (name.value, destination)
        }
        object.exclude(["webhook", "kafka", "sns"])
        for (key, shape, needed) in Self.destinationKinds {
            guard let node = object[key], let kind = ObjectReader(node, as: shape, in: context)
            else { continue }
            for key in needed { kind.require(key) }
            destination.way = readWay(key, kind)
            destination.takesPersonalData = kind.flag("personal") ?? false
        }
        return (name.value, destination)
    }

    private func readWay(
        _ name: String, _ kind: ObjectReader
    ) -> ProjectSettings.Destination.Way? {
        func text(_ key: String) -> String? { kind.has(key) ? kind.text(key)?.value : nil }
        switch name {
        case "webhook":
            let secrets = [text("secret"), text("oldSecret")].compactMap(\.self)
            let allowLoopback = kind.flag("allowLoopback") ?? false
            return text("url").map {
                .webhook(url: $0, secrets: secrets, allowLoopback: allowLoopback)
            }
        case "kafka":
            let settings = readTexts(kind, "settings")
            guard let brokers = text("brokers"), let topic = text("topic") else { return nil }
            return .kafka(brokers: brokers, topic: topic, settings: settings)
        default:
            guard let topic = text("topic"), let region = text("region") else { return nil }
            return .sns(topic: topic, region: region)
        }
    }

    private func readTexts(_ object: ObjectReader, _ key: String) -> [String: String] {
        guard object.has(key) else { return [:] }
        var texts: [String: String] = [:]
        for (name, node) in object.map(key, of: "texts") {
            if let text = node.text {
                texts[name.value] = text
            } else {
                object.wrongType(name.value, "a text", node)
            }
        }
        return texts
    }

    private static let destinationKinds: [(String, Shape, [String])] = [
        ("webhook", .webhook, ["url"]), ("kafka", .kafka, ["brokers", "topic"]),
        ("sns", .sns, ["topic", "region"]),
    ]

    private func readSources(_ object: ObjectReader) {
        for (_, node) in object.map("sources", of: "sources") {
            guard let source = ObjectReader(node, as: .eventSource, in: context) else { continue }
            source.require("kafka")
            guard let kafka = source["kafka"].flatMap({ ObjectReader($0, as: .kafka, in: context) })
            else { continue }
            kafka.require("brokers", "topic")
            for key in ["brokers", "topic"] { _ = kafka.text(key) }
            _ = readTexts(kafka, "settings")
        }
    }

    private func readRule(_ name: Located<String>, _ node: Node) -> ProjectSettings.RuleLevel? {
        let levels = FindingLevels.Level.allCases
        guard let level = node.text.flatMap(FindingLevels.Level.init) else {
            let known = levels.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            context.report(
                .badValue, "a level is one of \(known), not \(node.inWords)", at: node,
                help: node.text.flatMap {
                    NameSuggestions(levels.map(\.rawValue)).nearest(to: $0)
                }.map { "did you mean \"\($0)\"?" })
            return nil
        }
        let codes = Rule.allCases.filter { $0.code.hasPrefix(name.value) }
        guard name.value.hasPrefix("MW"), !codes.isEmpty else {
            context.report(
                .badValue, "there is no finding \"\(name.value)\"", at: name,
                help: NameSuggestions(Rule.allCases.map(\.code)).nearest(to: name.value)
                    .map { "did you mean \"\($0)\"?" })
            return nil
        }
        guard !codes.allSatisfy(\.isMandatory) else {
            context.report(
                .badValue, "the level of \(name.value) can not be changed", at: name)
            return nil
        }
        return ProjectSettings.RuleLevel(prefix: name.value, level: level)
    }

    private func readHTTP(_ node: Node) {
        guard let object = ObjectReader(node, as: .http, in: context) else { return }
        _ = object.text("listen", as: "an address such as \"127.0.0.1:8080\"")
    }
}

extension Shape {
    static let settings = Shape(
        noun: "the configuration",
        keys: [
            "$schema", "definitions", "store", "destinations", "sources", "limits", "rules",
            "http", "lease",
        ])
    static let store = Shape(noun: "\"store\"", keys: ["sqlite", "postgres"])
    static let postgres = Shape(noun: "\"postgres\"", keys: ["url", "schema"])
    static let destination = Shape(noun: "a destination", keys: ["webhook", "kafka", "sns"])
    static let webhook = Shape(
        noun: "a webhook", keys: ["url", "secret", "oldSecret", "personal", "allowLoopback"])
    static let kafka = Shape(
        noun: "\"kafka\"", keys: ["brokers", "topic", "settings", "personal"])
    static let sns = Shape(noun: "\"sns\"", keys: ["topic", "region", "personal"])
    static let eventSource = Shape(noun: "a source", keys: ["kafka"])
    static let http = Shape(noun: "\"http\"", keys: ["listen"])
}

extension Limits {
    /// Limits that no file passes.
    fileprivate static var none: Limits {
        var limits = Limits()
        limits.transitions = .max
        limits.commands = .max
        limits.held = .max
        limits.dataBytes = .max
        return limits
    }
}
