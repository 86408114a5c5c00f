// What is asked over HTTP, and what comes back.
import MinkStore

/// A request with a body.
struct HTTPRequest: Sendable {
    let address: WebAddress
    /// Names and values, as they are sent.
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    let policy: AddressPolicy
    /// How long it may take, from the look-up of the host to the last byte of the answer.
    let timeLimit: Duration
    /// The most bytes of an answer's body.
    var answerLimit = 64 << 10

    /// The most bytes of an answer's head.
    static let headLimit = 64 << 10
}

/// An answer.
struct HTTPAnswer: Sendable {
    let status: Int
    /// The headers by name in small letters; of a repeated one the last counts.
    let headers: [String: String]
    let body: [UInt8]
}

/// Why there is no answer.
enum HTTPFailure: Error, Sendable, Hashable {
    /// The address must not be called, and why.
    case refused(String)
    /// There was no answer in time.
    case timedOut
    /// The answer is larger than the limit.
    case tooLarge
    /// The connection failed, and how.
    case broken(String)
    /// The client was stopped, or the task was cancelled.
    case stopped
}

extension HTTPFailure {
    /// What this says of the message that was sent.
    var outcome: PublishOutcome {
        switch self {
        case .refused(let reason): .failed(reason)
        case .timedOut: .timedOut
        case .tooLarge: .failed("the answer is larger than 64 KB")
        case .broken(let reason): .failed(reason)
        case .stopped: .failed("it was stopped")
        }
    }
}
