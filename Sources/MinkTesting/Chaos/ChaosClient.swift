// The client of a chaos run: sends events until each is acknowledged, and keeps its own log of what
// was. It knows nothing of what is killed meanwhile.
import MinkEngine
import MinkExpression
import MinkStore
import MinkWorkflow
import Synchronization

/// Sends the events of orders.
final class ChaosClient: Sendable {
    private struct State {
        var acknowledged: [String: EventRecord] = [:]
        var isStopping = false
        var isDone = false
        var problems: [String] = []
    }

    private let log: any EventLog
    private let plan: ChaosPlan
    private let state = Mutex(State())

    init(_ log: any EventLog, _ plan: ChaosPlan) {
        self.log = log
        self.plan = plan
    }

    /// Events that were acknowledged, by their ids.
    var acknowledged: [String: EventRecord] { state.withLock(\.acknowledged) }

    /// What the log answered and must not.
    var problems: [String] { state.withLock(\.problems) }

    /// Whether ``run()`` has ended.
    var isDone: Bool { state.withLock(\.isDone) }

    /// Lets ``run()`` end behind the present window.
    func stop() { state.withLock { $0.isStopping = true } }

    /// Places orders until it is stopped; every event that was sent is acknowledged then.
    func run() async {
        await withDiscardingTaskGroup { group in
            for number in 0..<plan.clients {
                group.addTask { await self.placeOrders(seed: self.plan.seed &+ UInt64(number)) }
            }
        }
        state.withLock { $0.isDone = true }
    }

    private func placeOrders(seed: UInt64) async {
        var orders = ChaosOrders(seed: seed)
        var draw = Draw(seed: seed ^ 0xC11E)
        while !state.withLock(\.isStopping) {
            for sending in orders.window(of: plan.window, at: SystemClock().now()) {
                for _ in 0..<sending.times { await send(sending.event) }
            }
            if draw.chance(5) { await sendOtherContent(draw.below(1_000)) }
            let most = max(1, Int(plan.rest / .milliseconds(1)))
            try? await Task.sleep(for: .milliseconds(draw.below(most)))
        }
    }

    /// Sends an event until the log has it.
    private func send(_ event: EventRecord) async {
        while true {
            let outcome = try? await log.append([event], at: event.time, notes: [:]).first
            switch outcome {
            case .appended, .duplicate:
                return state.withLock { $0.acknowledged[event.id] = event }
            case .refused:
                return state.withLock {
                    $0.problems.append("event \(event.id) was refused, as if it had other content")
                }
            case nil:
                // Nobody knows whether it was written: the same id again tells.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Sends another event under a known id, which has to be refused.
    private func sendOtherContent(_ number: Int) async {
        let known = state.withLock { state in
            state.acknowledged.isEmpty
                ? nil
                : state.acknowledged.values.min { $0.id < $1.id }
        }
        guard let known else { return }
        let other = EventRecord(
            id: known.id, type: known.type, data: #"{"orderId": "other-\#(number)"}"#,
            time: known.time, stream: known.stream)
        guard let outcome = try? await log.append([other], at: other.time, notes: [:]).first,
            outcome != .refused
        else { return }
        state.withLock {
            $0.problems.append("event \(known.id) was acknowledged twice, with other content")
        }
    }
}
