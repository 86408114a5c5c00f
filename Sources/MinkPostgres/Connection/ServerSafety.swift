// A server that may lose what it has confirmed is no place for sagas.
import MinkStore

enum ServerSafety {
    /// Refuses a server, or a user's settings, with which a confirmed commit can be lost.
    static func check(_ session: Session) throws(StoreError) {
        let unsafe = try session.run(.unsafeSettings).map { $0.text() }
        guard !unsafe.isEmpty else { return }
        let list = unsafe.joined(separator: ", ")
        throw StoreError(
            code: .unavailable,
            message: "the database may lose what it has confirmed: \(list) is off; turn it on, or "
                + "allow the loss of data")
    }
}

extension Statement {
    static let unsafeSettings = Statement(
        "unsafe_settings",
        """
        select name from unnest(array['fsync', 'full_page_writes', 'synchronous_commit']) name
        where current_setting(name) = 'off' order by name
        """)
}
