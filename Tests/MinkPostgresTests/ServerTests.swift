// What a store refuses to work with, and how it says so.
import Glibc
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

@Suite("A schema", .enabled(if: hasServer, .init(rawValue: noServer)))
struct SchemaTests {
    private func error(
        _ schema: ScratchSchema, _ options: PostgresOptions = ScratchSchema.options
    ) async -> StoreError? {
        do throws(StoreError) {
            await (try schema.open(options)).close()
            return nil
        } catch {
            return error
        }
    }

    private func session(_ schema: ScratchSchema) -> Session {
        let session = schema.session()
        session.checksIdentity = false
        return session
    }

    @Test func `is made once, by whoever comes first`() async throws {
        let schema = try ScratchSchema()

        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { await (try schema.open()).close() }
            }
        }

        let steps = try session(schema).run(.schemaVersion).first { $0.int() }
        #expect(steps == Schema.steps.count)
    }

    @Test func `of another program is refused, and not changed`() async throws {
        let schema = try ScratchSchema()
        try session(schema).script(
            "create schema \"\(schema.name)\"; create table \"\(schema.name)\".mine(a int)")

        let error = await error(schema)

        #expect(error?.code == .corrupt)
        #expect(
            error?.message
                == "the schema \"\(schema.name)\" belongs to another program; name another one")
        let tables = try session(schema).run(.schemaTables, Parameters().add(schema.name))
            .first { $0.int() }
        #expect(tables == 1)
    }

    @Test func `of a newer version is refused`() async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        try session(schema).script("insert into migrations values (99)")

        let error = await error(schema)

        #expect(error?.code == .corrupt)
        #expect(
            error?.message
                == "the schema \"\(schema.name)\" was written by a newer version of mink-workflow "
                + "(format 99, known up to \(Schema.steps.count)); use that version")
    }

    @Test(arguments: ["", "pg_mine", String(repeating: "x", count: 64)])
    func `needs a name that the server takes`(name: String) async throws {
        let schema = ScratchSchema(url: try ScratchPostgres.shared.get().url, name: name)

        #expect(await error(schema)?.code == .unavailable)
    }

    @Test(arguments: ["Mink", "a\"b; drop", "größer"])
    func `may have any other name`(name: String) async throws {
        let schema = ScratchSchema(url: try ScratchPostgres.shared.get().url, name: name)

        let store = try await schema.open()
        _ = try await store.commit(try .sample(try .sample(), from: 0))
        await store.close()
    }

    @Test func `of a server that may lose data is refused, unless that is allowed`() async throws {
        let schema = try ScratchSchema()

        let error = await error(schema, PostgresOptions())

        #expect(error?.code == .unavailable)
        #expect(
            error?.message
                == "the database may lose what it has confirmed: fsync is off; turn it on, or "
                + "allow the loss of data")
    }

    @Test func `that was carried to another server is refused`() async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        try session(schema).script("update meta set system_identifier = 1")

        let error = await error(schema)

        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("it comes from another server") == true)
    }

    @Test(arguments: [
        """
        insert into events(tenant, id, type, stream, time, time_nanos, appended, appended_nanos,
            data, tx)
        values ('', 'later', 'Paid', '', now(), 0, now(), 0, '', '99999999999'::xid8)
        """,
        "insert into cursors(lane, seq, s1, position) values (1, 1, '99999999999:99999999999:', 1)",
    ])
    func `whose transactions went backwards is refused`(written: String) async throws {
        let schema = try ScratchSchema()
        await (try schema.open()).close()
        try session(schema).script(written)

        let error = await error(schema)

        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("its transaction numbers have gone backwards") == true)
    }

    @Test func `shows sagas to people`() async throws {
        let schema = try ScratchSchema()
        let store = try await schema.open()
        var instance = try Instance.sample()
        instance.data = ["total": 12]
        instance.incidents = [
            Incident(number: 1, code: .limitReached, message: "too many", at: try .sample())
        ]
        _ = try await store.commit(try .sample(instance, from: 0))

        let session = schema.session()
        let saga = try session.run(
            Statement(
                "readable",
                """
                select type, key, status, current_step, data::text, started_at is not null
                from sagas_readable
                """)
        ).first { row in
            [row.text(), row.text(), row.text(), row.text(), row.text(), "\(row.flag())"]
        }
        let incident = try session.run(
            Statement("incidents", "select key, code, message from incidents")
        ).first { row in [row.text(), row.text(), row.text()] }

        #expect(saga == ["Order", "#1", "running", "Waiting", "{\"total\":12}", "true"])
        #expect(incident == ["#1", "limit-reached", "too many"])
        await store.close()
    }
}

@Suite("A store without its server")
struct UnreachableTests {
    @Test(arguments: [
        "host=/nowhere user=a", "host=127.0.0.1 port=1 user=a", "what is this",
        "postgresql://u:s3cr%zzet@h/db", "host=h password=s3c ret",
    ])
    func `says so with a sentence`(url: String) async throws {
        var options = PostgresOptions()
        options.connectLimit = .milliseconds(300)

        let error = await #expect(throws: StoreError.self) {
            try await PostgresStore(url, schema: "mink", options: options)
        }

        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("the database can not be reached (") == true)
        #expect(error?.message.hasSuffix("check its address and that it runs") == true)
        #expect(error?.message.contains("ret") == false && error?.message.contains("zz") == false)
    }

    @Test(.enabled(if: hasServer, .init(rawValue: noServer)))
    func `answers every call with a sentence once it is closed`() async throws {
        let store = try await (try ScratchSchema()).open()
        await store.close()

        let error = await #expect(throws: StoreError.self) { try await store.claim() }

        #expect(error?.message == "the store is closed")
    }
}
