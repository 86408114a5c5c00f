// What the server or the way to it refused, and what that means to the caller.
import CLibpq
import MinkStore

/// A statement that failed, or a connection that is gone.
struct ServerError: Error {
    /// The five characters by which the server tells errors apart; empty when it said nothing.
    let state: String
    /// The server's words.
    let message: String
    /// The name of the rule that was broken; empty when none was.
    var constraint = ""
    /// Whether the connection is gone: what it was about to do may be done or not.
    var isConnectionLost = false

    /// The state that our own checks raise inside the server.
    static let brokenExpectation = "MK001"
}

extension ServerError {
    /// Whether another worker has made an instance, or written a batch, under the same name.
    fileprivate var isAboutNames: Bool { ["sagas_by_name", "cursors_pkey"].contains(constraint) }

    /// Reads a failed result.
    init(_ result: OpaquePointer, isConnectionLost: Bool) {
        func field(_ code: Character) -> String {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
                ?? ""
        }
        let words = field("M")
        self.init(
            state: field("C"),
            message: words.isEmpty ? String(cString: PQresultErrorMessage(result)).oneLine : words,
            constraint: field("n"), isConnectionLost: isConnectionLost)
    }
}

extension String {
    /// The words of a message of several lines as one line.
    var oneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension StoreError {
    /// What an error of the server means to the caller.
    init(_ error: ServerError) {
        let words = error.message
        switch (error.isConnectionLost, error.state) {
        case (true, _), (_, ""):
            self.init(
                code: .unavailable,
                message: "the connection to the database is lost (\(words)); try again")
        case (_, ServerError.brokenExpectation):
            self.init(brokenExpectation: words)
        case (_, "40001"), (_, "40P01"),
            (_, "23505") where error.state != "23505" || error.isAboutNames:
            self.init(
                code: .conflict,
                message: "the database refused to write (\(words)); load and decide again")
        case (_, "55P03"), (_, "57014"), (_, "25P03"), (_, "57P01"), (_, "57P02"), (_, "57P03"),
            (_, "53300"):
            self.init(
                code: .unavailable,
                message: "the database did not answer in time (\(words)); "
                    + "try again, and look for what holds it up")
        case (_, "53100"), (_, "53200"), (_, "53400"):
            self.init(
                code: .unavailable,
                message: "the database has run out of room (\(words)); free some")
        case (_, "25006"):
            self.init(
                code: .unavailable,
                message: "the database can only be read (\(words)); connect to its primary")
        case (_, "42501"), (_, "28000"), (_, "28P01"):
            self.init(
                code: .unavailable,
                message: "the database refuses this user (\(words)); check its rights")
        case (_, "54000"):
            self.init(
                code: .corrupt,
                message: "a key, a tenant or an id is too long for the database (\(words)); "
                    + "send shorter ones")
        default:
            self.init(
                code: .corrupt,
                message: "the database refused a statement: \(words) [\(error.state)]")
        }
    }

    /// What a check of ours inside the server found: `fence: got 0, expected 1`.
    private init(brokenExpectation words: String) {
        if words.hasPrefix("fence") {
            self.init(
                code: .occupied,
                message: "another process has taken over this work; stop this one, or start it anew"
            )
        } else if words.hasPrefix("version") {
            self.init(
                code: .conflict,
                message: "an instance has another version than it was decided from (\(words)); "
                    + "load it and decide again")
        } else {
            self.init(
                code: .corrupt,
                message: "the tables do not agree (\(words)); restore a copy of the database")
        }
    }
}
