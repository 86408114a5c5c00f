// Whether running sagas can be moved to a new version.
import Testing

@testable import MinkDefinition

@Suite("A migration")
struct MigrationTests {
    private static let parcel = """
        { "workflow": "Parcel", "version": 1, "description": "x", "correlateBy": "id",
          "data": { "code": "string?", "weight": "integer?" },
          "events": { "Sent": { "fields": { "id": "string", "code": "string" } },
            "Held": { "fields": { "id": "string" } }, "Come": { "fields": { "id": "string" } } },
          "start": { "Sent": { "set": { "code": "= event.code" }, "goto": "Going" } },
          "states": {
            "Going": { "description": "x", "on": { "Held": { "goto": "Waiting" },
              "Come": { "goto": "Done" } }, "timeout": { "after": "7d", "goto": "Lost" } },
            "Waiting": { "description": "x",
              "on": { "Come": { "set": { "weight": 3 }, "goto": "Done" } },
              "timeout": { "after": "9d", "goto": "Lost" } },
            "Done": { "final": "completed" }, "Lost": { "final": "failed" } } }
        """

    /// What is said of the next version after some changes.
    private func findings(_ changes: [(String, String)], migrate: String?) -> [Finding] {
        var text = Self.parcel.replacing("\"version\": 1", with: "\"version\": 2")
        for (old, new) in changes { text = text.replacing(old, with: new) }
        if let migrate {
            text = text.replacing("\"start\"", with: "\"migrate\": \(migrate), \"start\"")
        }
        return Samples.findings(text, after: Self.parcel)
    }

    private static let renamed = [
        ("\"Going\"", "\"OnTheWay\"")
    ]

    @Test func `is wanted for a state that is gone`() {
        let found = findings(Self.renamed, migrate: nil)

        #expect(found.map(\.rule) == [.stateRemoved])
        #expect(
            found.first?.message == "running sagas may wait in \"Going\", which version 2 does not "
                + "have; it seems to be called \"OnTheWay\" now")
        #expect(found.first?.span.pointer == "/states")
        #expect(found.first?.note == "compared with old.workflow.json")
    }

    @Test func `is enough when each state has a target`() {
        #expect(
            findings(Self.renamed, migrate: #"{ "from": [1], "states": { "Going": "OnTheWay" } }"#)
                .isEmpty)
    }

    @Test func `of other versions counts for nothing`() {
        let found = findings(
            Self.renamed, migrate: #"{ "from": [7], "states": { "Going": "OnTheWay" } }"#)

        #expect(found.map(\.rule) == [.badMigrateMap, .stateRemoved])
        #expect(
            found.first?.span.pointer == "/migrate/from/0"
                || found.first?.span.pointer == "/migrate/from")
    }

    @Test(arguments: [
        (
            #"{ "from": [1] }"#, "state \"Going\" of version 1 has no target", "/migrate"
        ),
        (
            #"{ "from": [1], "states": { "Going": "OnTheWay", "Flying": "OnTheWay" } }"#,
            "version 1 has no state \"Flying\"", "/migrate/states/Flying"
        ),
        (
            #"{ "from": [1], "states": { "Going": "Done" } }"#,
            "\"Done\" is final; a running saga can not be moved there", "/migrate/states/Going"
        ),
    ])
    func `has to fit both versions`(migrate: String, message: String, pointer: String) {
        let found = findings(Self.renamed, migrate: migrate)

        #expect(found.map(\.rule) == [.badMigrateMap])
        #expect(found.first?.message == message)
        #expect(found.first?.span.pointer == pointer)
    }

    @Test(arguments: [2, 3])
    func `leads from earlier versions only`(from: Int) {
        let found = findings([], migrate: "{ \"from\": [1, \(from)] }")

        #expect(found.map(\.rule) == [.badMigrateMap])
        #expect(
            found.first?.message == "version 2 can not take sagas of version \(from), which is not "
                + "before it")
        #expect(found.first?.span.pointer == "/migrate/from")
    }

    @Test func `brings the data that its targets count on`() {
        let weighed = [
            (
                "\"set\": { \"code\": \"= event.code\" }",
                "\"set\": { \"code\": \"= event.code\", \"weight\": 1 }"
            )
        ]

        let found = findings(weighed, migrate: #"{ "from": [1] }"#)

        #expect(Set(found.map(\.rule)) == [.badMigrateMap])
        #expect(
            found.first?.message
                == "a saga in \"Going\" may have no \"weight\", which is always set "
                + "there now")
        #expect(findings(weighed, migrate: #"{ "from": [1], "set": { "weight": 1 } }"#).isEmpty)
        #expect(findings(weighed, migrate: nil).isEmpty)
    }

    @Test func `of two states to one must not lose what one of them lacks`() {
        let later = [
            (
                "\"Held\": { \"goto\": \"Waiting\" }",
                "\"Held\": { \"set\": { \"weight\": 1 }, \"goto\": \"Waiting\" }"
            )
        ]

        let found = findings(
            later, migrate: #"{ "from": [1], "states": { "Going": "Waiting" } }"#)

        #expect(
            found.map(\.message) == [
                "a saga in \"Waiting\" may have no \"weight\", which is always set there now",
                "a saga in \"Going\" may have no \"weight\", which \"Waiting\" counts on",
            ])
    }

    @Test func `gives data that is new and needed`() {
        let needed = [("\"code\": \"string?\"", "\"code\": \"string?\", \"risk\": \"integer\"")]
        let used = needed + [("\"set\": { \"code\"", "\"set\": { \"risk\": 1, \"code\"")]

        #expect(findings(used, migrate: nil).map(\.rule) == [.dataIncompatible])
        #expect(findings(used, migrate: #"{ "from": [1] }"#).map(\.rule) == [.dataIncompatible])
        #expect(findings(used, migrate: #"{ "from": [1], "set": { "risk": 0 } }"#).isEmpty)
    }

    @Test func `that starts timers again lets none fire at once`() {
        let shorter = [("\"after\": \"7d\"", "\"after\": \"2d\"")]

        #expect(findings(shorter, migrate: #"{ "from": [1] }"#).map(\.rule) == [.timeoutShorter])
        #expect(
            findings(shorter, migrate: #"{ "from": [1], "timers": "restart" }"#).isEmpty)
        #expect(findings(shorter, migrate: nil).isEmpty)
    }

    @Test func `is not asked for where a person accepts that old sagas end as they began`() {
        let text = Self.parcel.replacing("\"version\": 1", with: "\"version\": 2")
            .replacing("\"Going\"", with: "\"OnTheWay\"")
            .replacing(
                "\"correlateBy\"",
                with: "\"allow\": { \"code\": \"MW8002\", \"because\": \"few are left\" }, "
                    + "\"correlateBy\"")

        #expect(Samples.findings(text, after: Self.parcel).isEmpty)
    }

    @Test func `is compared with the newest version before this one`() {
        let reader = DefinitionReader()
        let published = [1, 3, 5].compactMap { version in
            reader.compilePublished(
                .init(
                    file: "v\(version)",
                    bytes: Array(
                        Self.parcel.replacing("\"version\": 1", with: "\"version\": \(version)")
                            .utf8))
            ).definition.map { PublishedVersion($0, name: "v\(version)") }
        }
        func notes(_ version: Int) -> [String?] {
            let text = Self.parcel.replacing("\"version\": 1", with: "\"version\": \(version)")
                .replacing("\"Going\"", with: "\"OnTheWay\"")
            return reader.validate(
                [.init(file: "a.workflow.json", bytes: Array(text.utf8))], against: published
            ).findings.map(\.note)
        }

        #expect(published.count == 3)
        #expect(notes(4) == ["compared with v3"])
        #expect(notes(6) == ["compared with v5"])
        #expect(notes(3).contains("compared with v3"))
    }
}
