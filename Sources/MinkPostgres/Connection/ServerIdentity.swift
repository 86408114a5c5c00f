// The log counts on the server's transaction numbers. A database that was carried to another server
// by its contents has numbers that mean nothing there.
import MinkStore

enum ServerIdentity {
    /// Refuses a database that does not stand on the server it was written on.
    static func check(_ session: Session) throws(StoreError) {
        let (isSame, goesOn) =
            try session.run(.serverIdentity)
            .first { row throws(StoreError) in (row.flag(), row.flag()) } ?? (false, false)
        guard !isSame || !goesOn else { return }
        let reason =
            isSame ? "its transaction numbers have gone backwards" : "it comes from another server"
        throw StoreError(
            code: .corrupt,
            message: "the log of the schema \"\(session.address.schema.name)\" can not be read on: "
                + "\(reason), so events would be lost; go back to the server it was written on, or "
                + "bring it here with a physical copy (pg_basebackup)")
    }
}

extension Statement {
    static let serverIdentity = Statement(
        "server_identity",
        """
        select (select c.system_identifier from pg_control_system() c) = m.system_identifier,
            pg_snapshot_xmax(pg_current_snapshot()) > coalesce(
                    (select tx from events order by tx desc limit 1), '0'::xid8)
                and pg_snapshot_xmax(pg_current_snapshot()) >= coalesce(
                    (select pg_snapshot_xmax(coalesce(s2, s1)) from cursors
                        order by lane desc, seq desc limit 1), '0'::xid8)
        from meta m
        """)
}
