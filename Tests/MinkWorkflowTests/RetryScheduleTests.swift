import MinkDefinition
import MinkEngine
import MinkWorkflow
import Testing

@Suite("The schedule of retries")
struct RetryScheduleTests {
    private func retry(jitter: Bool) -> Delivery.Retry {
        var policy = RetryPolicy()
        policy.attempts = 5
        policy.firstDelay = .seconds(2)
        policy.maxDelay = .seconds(10)
        policy.jitter = jitter
        return Delivery.Retry(policy)
    }

    @Test(
        arguments: [
            (1, .seconds(2)), (2, .seconds(4)), (3, .seconds(8)),
            (4, .seconds(10)),  // Capped by maxDelay.
            (5, nil),  // Out of tries.
        ] as [(Int, Duration?)])
    func `waits longer each time, then gives up`(attempt: Int, delay: Duration?) {
        #expect(retry(jitter: false).delay(afterAttempt: attempt, of: "c1") == delay)
    }

    @Test func `draws jitter between half and all of the wait, the same for the same command`() {
        for number in 0..<200 {
            let delay = retry(jitter: true).delay(afterAttempt: 1, of: "c\(number)")
            #expect(delay.map { (.seconds(1)...(.seconds(2))).contains($0) } == true)
            #expect(delay == retry(jitter: true).delay(afterAttempt: 1, of: "c\(number)"))
        }
    }

    @Test func `survives policies without measure`() {
        var policy = RetryPolicy()
        policy.attempts = .max
        policy.multiplyBy = 1e300
        policy.maxDelay = .seconds(Int64.max / 4)

        #expect(Delivery.Retry(policy).delay(afterAttempt: 1_000_000, of: "c") != nil)
    }
}
