// Who has which partition. 64 rows, which change only when owners come and go.
//
// The place of a partition in the log stands in the newest cursor of its lane; only while nobody
// has the partition it stands here.
import MinkStore

enum PartitionTable {
    /// The partitions of a lane.
    static func owned(by lane: Int64, _ session: Session) throws(StoreError) -> PartitionSet {
        PartitionSet(
            try session.run(.partitionsOfLane, Parameters().add(lane)).map {
                Int16(truncatingIfNeeded: $0.integer())
            })
    }

    /// The partitions that nobody has, and how far they were judged.
    static func free(_ session: Session) throws(StoreError) -> LogProgress {
        LogProgress(
            try session.run(.freePartitions).map { row in
                let part = Int16(truncatingIfNeeded: row.integer())
                return LogProgress.Front(
                    place: LogPlace(
                        from: row.text(), to: row.textOrNil(), position: row.integer()),
                    partitions: PartitionSet([part]))
            })
    }

    static func assign(
        _ partitions: PartitionSet, to lane: Int64, _ session: Session
    ) throws(StoreError) {
        try session.run(
            .assignPartitions, Parameters().add(lane).add(partitions.numbers))
    }

    /// Notes partitions as free, and how far they were judged.
    static func release(_ fronts: [LogProgress.Front], _ session: Session) throws(StoreError) {
        for front in fronts {
            try session.run(
                .releasePartitions,
                Parameters().add(front.place.from).add(front.place.to).add(front.place.position)
                    .add(front.partitions.numbers))
        }
    }
}

extension Statement {
    static let partitionsOfLane = Statement(
        "partitions_of_lane",
        "select part::bigint from partitions where lane = $1::bigint order by part")

    static let freePartitions = Statement(
        "free_partitions",
        """
        select part::bigint, s1::text, s2::text, position from partitions
        where lane is null order by part
        """)

    static let assignPartitions = Statement(
        "assign_partitions",
        "update partitions set lane = $1::bigint where part = any($2::smallint[])")

    static let releasePartitions = Statement(
        "release_partitions",
        """
        update partitions set lane = null, s1 = $1::text::pg_snapshot,
            s2 = $2::text::pg_snapshot, position = $3::bigint
        where part = any($4::smallint[])
        """)
}
