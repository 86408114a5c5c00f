import Glibc
import MinkDefinition
import MinkEngine
import MinkExpression
import MinkTesting
import Testing

/// A counterexample shows its seed and its last turns; `MINK_ROUNDS=10000` looks longer.
@Suite("Every life")
struct PropertyTests {
    @Test func `of a drawn workflow keeps the rules`() throws {
        var valid = 0
        let rounds = Draw.rounds(40)
        for seed in 0..<UInt64(rounds) {
            let text = RandomWorkflow.text(seed: seed)
            guard let definition = Workflow.ifValid(text) else { continue }
            valid += 1
            for life in 0..<3 {
                let life = seed * 3 + UInt64(life)
                guard lives(definition, seed: life, payload: Self.drawnPayload) else {
                    print(text)
                    return
                }
            }
        }
        #expect(valid > rounds / 2)
    }

    @Test(arguments: [
        "order-fulfillment", "trip-booking", "group-booking", "loan-application", "payout",
    ])
    func `of a workflow of the project keeps the rules`(name: String) throws {
        let definition = try Workflow.project(name)
        for seed in 0..<UInt64(Draw.rounds(8)) {
            guard lives(definition, seed: seed, payload: Self.projectPayload) else { return }
        }
    }

    private func lives(
        _ definition: Definition, seed: UInt64, payload: @escaping (String, inout Draw) -> Value
    ) -> Bool {
        var life = Simulation(definition, seed: seed, payload: payload)
        life.run(steps: 50)
        if let problem = life.audit.problems.first {
            Issue.record(
                "\(problem) (\(definition.identity.workflow), seed \(seed))\n\(life.trace)")
        }
        return life.audit.problems.isEmpty
    }

    private static func drawnPayload(_ type: String, _ draw: inout Draw) -> Value {
        var data = ValueMap()
        data["k"] = "k1"
        if draw.chance(60) { data["n"] = .int(Int64(draw.below(4))) }
        if draw.chance(80) { data["id"] = .string(draw.pick(["a", "b", "c", "d"])) }
        if type == "Begin" {
            let all: [Value] = ["a", "b", "c", "a"]
            data["list"] = .list(Array(all.prefix(draw.pick([0, 1, 2, 3, 3, 4]))))
        }
        return .map(data)
    }

    /// All fields of all events, by their names.
    private static func projectPayload(_ type: String, _ draw: inout Draw) -> Value {
        var data = ValueMap()
        for name in ["orderId", "tripId", "groupId", "applicationId", "loanId", "payoutId"] {
            data[name] = "k1"
        }
        for name in ["customerId", "organiserId", "accountId", "reference", "from", "to", "reason"]
        {
            data[name] = "x"
        }
        for name in [
            "paymentId", "reservationId", "shipmentId", "flightRef", "hotelRef", "carRef",
            "rideRef", "holdId", "bookingId", "transferId", "contractId", "enquiryId", "approvalId",
            "approvedBy",
        ] {
            data[name] = .string(draw.pick(["a", "b", "c"]))
        }
        data["hotelId"] = .string(draw.pick(["h1", "h2", "h3"]))
        data["guestId"] = .string(draw.pick(["g1", "g2", "g3"]))
        data["hotels"] = .list(Array(["h1", "h2", "h3"].prefix(draw.below(4))))
        data["guests"] = .list(
            Array([["guestId": "g1"], ["guestId": "g2"], ["guestId": "g3"]].prefix(draw.below(4))))
        for name in ["amount", "total", "depositEach", "income", "monthlyIncome"] {
            data[name] = draw.pick([50, 100, 60_000])
        }
        data["score"] = draw.pick([300, 600, 800])
        data["minimumGuests"] = .int(Int64(1 + draw.below(3)))
        data["months"] = 12
        data["canRetry"] = .bool(draw.chance(50))
        data["travellers"] = 2
        data["items"] = []
        data["documents"] = []
        data["address"] = [:]
        data["departsAt"] = "2026-01-05T00:00:00Z"
        data["returnsAt"] = "2026-01-09T00:00:00Z"
        return .map(data)
    }
}

extension Draw {
    /// How many runs to draw: few, unless `MINK_ROUNDS` asks for more.
    static func rounds(_ usual: Int) -> Int {
        guard let text = getenv("MINK_ROUNDS"), let more = Int(String(cString: text)) else {
            return usual
        }
        return more
    }
}
