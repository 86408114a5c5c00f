// The operator's file, and what it means for the check of workflows.
import Foundation
import Testing

@testable import MinkDefinition

@Suite("The operator's file")
struct SettingsTests {
    private func read(_ text: String) -> SettingsReader.ReadResult {
        SettingsReader().read(.init(file: "mink-workflow.json", bytes: Array(text.utf8)))
    }

    private static let everything = """
        { "$schema": "schemas/engine.schema.json", "$comment": "all keys",
          "definitions": "workflows",
          "store": { "postgres": { "url": "secret:database", "schema": "mink" } },
          "destinations": {
            "payments": { "webhook": { "url": "https://payments.example/commands",
              "secret": "secret:payments", "personal": true, "allowLoopback": false } },
            "shipping": { "kafka": { "brokers": "kafka:9092", "topic": "shipping" } },
            "mail": { "sns": { "topic": "mail", "region": "eu-central-1" } } },
          "sources": { "orders": { "kafka": { "brokers": "kafka:9092", "topic": "orders" } } },
          "limits": { "transitions": 5000, "held": 10 },
          "rules": { "MW7": "error", "MW7001": "off", "$comment": "x" },
          "http": { "listen": "127.0.0.1:8080" },
          "lease": "10s" }
        """

    @Test func `says what checks have to know`() {
        let result = read(Self.everything)

        #expect(result.findings.isEmpty, "\(TextRenderer().render(result.findings))")
        #expect(result.settings.definitions == "workflows")
        #expect(
            Set((result.settings.destinations ?? [:]).keys) == ["payments", "shipping", "mail"])
        #expect(result.settings.destinations?["payments"]?.takesPersonalData == true)
        #expect(result.settings.destinations?["mail"]?.takesPersonalData == false)
        #expect(result.settings.limits.transitions == 5000)
        #expect(result.settings.limits.held == 10)
        #expect(result.settings.limits.commands == 1_000)
        #expect(result.settings.rules.map(\.prefix) == ["MW7", "MW7001"])
    }

    @Test func `says how each destination is reached, with the names of secrets`() throws {
        let good = try TestFiles.bytes(
            Self.examples.appending(path: "good").appending(path: "everything.json"))

        let result = SettingsReader().read(.init(file: "mink-workflow.json", bytes: good))

        let ways = (result.settings.destinations ?? [:]).mapValues(\.way)
        #expect(
            ways == [
                "payments": .webhook(
                    url: "https://payments.example/commands",
                    secrets: ["secret:payments", "secret:payments-2026"], allowLoopback: false),
                "shipping": .kafka(
                    brokers: "kafka-1:9092,kafka-2:9092", topic: "shipping-commands",
                    settings: ["security.protocol": "SASL_SSL", "sasl.password": "secret:kafka"]),
                "mail": .sns(
                    topic: "arn:aws:sns:eu-central-1:123456789012:mail", region: "eu-central-1"),
            ])
    }

    @Test(arguments: [
        ("\"definitions\"", "\"definition\"", Rule.unknownKey, "/definition"),
        (
            "\"kafka\": { \"brokers\": \"kafka:9092\", \"topic\": \"shipping\" }",
            "\"kafka\": { \"brokers\": \"kafka:9092\" }", .missingKey,
            "/destinations/shipping/kafka"
        ),
        (
            "\"secret\": \"secret:payments\"", "\"secrets\": \"secret:payments\"", .unknownKey,
            "/destinations/payments/webhook/secrets"
        ),
        (
            "\"secret\": \"secret:payments\"", "\"secret\": \"whsec_C2FVsBQIhrscChlQIMV\"", .secret,
            "/destinations/payments/webhook/secret"
        ),
        (
            "\"personal\": true", "\"personal\": \"yes\"", .wrongType,
            "/destinations/payments/webhook/personal"
        ),
        (
            "{ \"sns\":", "{ \"kafka\": { \"brokers\": \"a\", \"topic\": \"b\" }, \"sns\":",
            .exclusiveKeys, "/destinations/mail/sns"
        ),
        ("\"payments\": {", "\"pay ments\": {", .badName, "/destinations/pay ments"),
        ("\"held\": 10", "\"held\": 0", .badValue, "/limits/held"),
        ("\"MW7\": \"error\"", "\"MW7\": \"eror\"", .badValue, "/rules/MW7"),
        ("\"MW7\": \"error\"", "\"MX7\": \"error\"", .badValue, "/rules/MX7"),
        ("\"MW7\": \"error\"", "\"MW9001\": \"off\"", .badValue, "/rules/MW9001"),
        ("\"lease\": \"10s\"", "\"lease\": \"10\"", .badValue, "/lease"),
        (
            "\"postgres\": {", "\"sqlite\": \"a.db\", \"postgres\": {", .exclusiveKeys,
            "/store/postgres"
        ),
        ("\"url\": \"secret:database\",", "", .missingKey, "/store/postgres"),
        ("\"definitions\": \"workflows\",", "\"definitions\": \"workflows\",,", .jsonSyntax, ""),
    ])
    func `has findings like any file`(old: String, new: String, rule: Rule, pointer: String) {
        let text = Self.everything.replacing(old, with: new)
        #expect(text != Self.everything, "the change changes nothing")

        let found = read(text).findings

        #expect(found.map(\.rule) == [rule], "\(TextRenderer().render(found))")
        if !pointer.isEmpty { #expect(found.first?.span.pointer == pointer) }
    }

    @Test func `is right as the guide shows it`() throws {
        let guide = try TestFiles.text(
            TestFiles.package.appending(
                path: "Sources/MinkDefinition/Documentation.docc/Configuration.md"))
        let block = try #require(guide.firstMatch(of: /```json\n((?s:.*?))\n```/)).output.1

        #expect(read(String(block)).findings.isEmpty)
    }

    private static let examples = TestFiles.package.appending(path: "Tests/Examples/engine-schema")

    private func findings(_ kind: String, _ name: String) throws -> [Finding] {
        let url = Self.examples.appending(path: kind).appending(path: name)
        return SettingsReader().read(.init(file: name, bytes: try TestFiles.bytes(url))).findings
    }

    @Test(arguments: TestFiles.names(in: examples.appending(path: "good"), ending: ".json"))
    func `is right where the editors' schema says so`(name: String) throws {
        #expect(try findings("good", name).isEmpty)
    }

    @Test(arguments: TestFiles.names(in: examples.appending(path: "bad"), ending: ".json"))
    func `is wrong where the editors' schema says so`(name: String) throws {
        #expect(try findings("bad", name).hasErrors)
    }

    @Test func `makes destinations known, and moves limits`() {
        var options = DefinitionReader.Options()
        options.apply(read(Self.everything).settings)
        #expect(options.personalDestinations == ["payments"])

        let reader = DefinitionReader(options: options)
        let text = Samples.everything.replacing("\"held\": 10", with: "\"held\": 11")
        let found = reader.read(file: "a.workflow.json", bytes: Array(text.utf8)).findings

        #expect(found.map(\.rule) == [.unknownDestination, .limitRaised])
        #expect(found.first?.message == "destination \"carrier\" is not configured")
    }

    @Test func `gives levels that a command line can still change`() {
        let settings = read(Self.everything).settings
        let finding = Finding(
            .noTimeout, "",
            at: SourceSpan(file: "", line: 1, column: 1, endLine: 1, endColumn: 1, pointer: ""))
        var levels = FindingLevels()
        levels.apply(settings)
        #expect(levels.applied(to: [finding]).isEmpty)

        let isKnown = levels.set("MW7", to: .info)

        #expect(isKnown)
        #expect(levels.applied(to: [finding]).map(\.severity) == [.info])
    }
}
