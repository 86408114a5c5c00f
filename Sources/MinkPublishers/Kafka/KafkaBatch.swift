// One batch on its way through librdkafka: each message has its own report, and the batch is done
// when the last one is there.
import CRdKafka
import MinkStore
import Synchronization

/// Gathers the reports of a batch.
final class KafkaBatch: Sendable {
    private struct State {
        var outcomes: [PublishOutcome?]
        var missing: Int
        var waiting: CheckedContinuation<Void, Never>?

        /// Notes an outcome; whoever waits is given back once nothing is missing.
        mutating func settle(
            _ index: Int, _ outcome: PublishOutcome
        ) -> CheckedContinuation<Void, Never>? {
            guard outcomes[index] == nil else { return nil }
            outcomes[index] = outcome
            missing -= 1
            return missing == 0 ? takeWaiting() : nil
        }

        mutating func takeWaiting() -> CheckedContinuation<Void, Never>? {
            defer { waiting = nil }
            return waiting
        }
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(outcomes: Array(repeating: nil, count: count), missing: count))
    }

    /// Notes what came of one message; the first word counts.
    func settle(_ index: Int, _ outcome: PublishOutcome) {
        state.withLock { $0.settle(index, outcome) }?.resume()
    }

    /// Notes an outcome for all messages that have none.
    func settleRest(_ outcome: PublishOutcome) {
        let waiting = state.withLock { state in
            for index in state.outcomes.indices where state.outcomes[index] == nil {
                state.outcomes[index] = outcome
            }
            state.missing = 0
            return state.takeWaiting()
        }
        waiting?.resume()
    }

    /// Waits until each message has its outcome.
    func outcomes() async -> [PublishOutcome] {
        await withCheckedContinuation { waiting in
            let isDone = state.withLock { state in
                if state.missing > 0 { state.waiting = waiting }
                return state.missing == 0
            }
            if isDone { waiting.resume() }
        }
        return state.withLock { $0.outcomes.map { $0 ?? .timedOut } }
    }
}

/// A message's place in its batch, which librdkafka carries along and gives back with the report.
final class KafkaReportSlip: Sendable {
    private let batch: KafkaBatch
    private let index: Int

    init(_ batch: KafkaBatch, _ index: Int) { (self.batch, self.index) = (batch, index) }

    func settle(_ outcome: PublishOutcome) { batch.settle(index, outcome) }
}

extension PublishOutcome {
    /// What an error of librdkafka says of a message.
    init(_ error: rd_kafka_resp_err_t) {
        let words = rd_kafka_err2str(error).map { String(cString: $0) } ?? ""
        switch error {
        case RD_KAFKA_RESP_ERR_NO_ERROR: self = .accepted()
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT: self = .timedOut
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
            self = .failed("it was stopped")
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,
            RD_KAFKA_RESP_ERR_INVALID_RECORD:
            self = .rejected("Kafka refuses it: \(words)")
        default: self = .failed("Kafka did not take it: \(words)")
        }
    }
}
