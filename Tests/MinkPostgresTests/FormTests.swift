// How values travel: every form comes back as it was sent.
import MinkEngine
import MinkExpression
import MinkStore
import MinkTesting
import Testing

@testable import MinkPostgres

@Suite("A value", .enabled(if: hasServer, .init(rawValue: noServer)))
struct FormTests {
    private func session() throws -> Session {
        let session = try ScratchSchema().session()
        session.checksIdentity = false
        return session
    }

    @Test func `of every kind comes back, also in arrays and also null`() throws {
        let moments = [
            Timestamp.earliest, try .sample(), nil, .latest,
            Timestamp(seconds: -1, nanoseconds: 999_999_999),
        ]
        let parameters = Parameters().add([Int64.min, 0, .max]).add([nil, "", "a\u{0}\u{1}é"])
            .add([true, nil, false]).add([[], [0, 255], nil] as [[UInt8]?]).add(moments)
        let rows = try session().run(
            Statement(
                "round_trip",
                """
                select * from unnest($1::bigint[], $2::text[], $3::boolean[], $4::bytea[],
                    $5::timestamptz[], $6::smallint[])
                """), parameters)

        let found = try rows.map { row throws(StoreError) in
            (
                row.integerOrNil(), row.textOrNil(), row.integerOrNil(), row.bytes(),
                try row.momentOrNil()
            )
        }

        #expect(found.map(\.0) == [.min, 0, .max, nil, nil])
        #expect(found.map(\.1) == [nil, "", "a\u{0}\u{1}é", nil, nil])
        #expect(found.map(\.2) == [1, nil, 0, nil, nil])
        #expect(found.map(\.3) == [[], [0, 255], [], [], []])
        #expect(found.map(\.4) == moments)
    }

    @Test func `that stands alone comes back`() throws {
        let row = try session().run(
            Statement(
                "alone",
                """
                select $1::bigint, $2::text, $3::boolean, $4::timestamptz, $5::smallint,
                    cardinality($6::text[])
                """),
            Parameters().add(Int64(-7)).add("").add(true).add(try .sample()).add([String]())
        ).first { row throws(StoreError) in
            (row.integer(), row.textOrNil(), row.flag(), try row.moment(), row.int())
        }

        #expect(row?.0 == -7)
        #expect(row?.1 == "")
        #expect(row?.2 == true)
        #expect(row?.3 == (try Timestamp.sample()))
        #expect(row?.4 == 0)
    }

    @Test func `that is long passes both ways at once`() throws {
        let text = String(repeating: "0123456789", count: 3_000_000)

        let back = try session().run(
            Statement("long", "select $1::text, $1::text"), Parameters().add(text)
        ).first { $0.text() }

        #expect(back?.utf8.count == text.utf8.count)
    }

    @Test func `of a pipeline is written whole or not at all`() throws {
        let session = try session()
        try session.script("create temporary table t(a bigint primary key)")
        let insert = Statement("insert_t", "insert into t values ($1::bigint)")

        let error = #expect(throws: StoreError.self) {
            try session.pipeline([1, 2, 1, 3].map { insert.with(Parameters().add($0)) })
        }
        try session.pipeline([5, 6].map { insert.with(Parameters().add($0)) })

        #expect(error?.code == .corrupt)
        let count = try session.run(Statement("count_t", "select count(*) from t"))
            .first { $0.int() }
        #expect(count == 2)
    }
}

@Suite("A partition")
struct PartitionTests {
    /// Frozen: a stored row must be found in the same partition for ever.
    @Test func `of a name never changes, and names spread over all`() throws {
        var counts = [Int](repeating: 0, count: Int(Partition.count))
        for number in 0..<6_400 {
            counts[Int(Partition.number(of: try Self.id(Int64(number))))] += 1
        }

        #expect(counts.allSatisfy { (50...160).contains($0) })
        #expect(
            try (0..<6).map { Partition.number(of: try Self.id($0)) } == [38, 58, 30, 16, 51, 49])
    }

    private static func id(_ number: Int64) throws -> InstanceID {
        InstanceID(tenant: "acme", workflow: "Order", key: .int(number))
    }
}
