import Foundation
import Testing

@Suite("A run that is killed")
struct KillTests {
    /// Orders of every kind, with delays, retries, scripts and an operator: enough to be hit in
    /// the middle of each.
    private static func events(orders: Int) -> String {
        var lines: [String] = [
            #"{"command": "ReserveInventory", "fails": "warehouse is down", "times": 3}"#
        ]
        for number in 0..<orders {
            let key = "o\(number)"
            func event(_ type: String, _ fields: String) {
                lines.append(
                    #"{"type": "\#(type)", "id": "\#(type)-\#(number)", "#
                        + #""data": {"orderId": "\#(key)", \#(fields)}}"#)
            }
            event(
                "OrderCreated",
                #""customerId": "c", "address": {}, "items": [], "total": \#(number).50"#)
            if number % 3 != 2 {
                event("PaymentReceived", #""paymentId": "p\#(number)", "amount": \#(number).50"#)
                lines.append(#"{"wait": "10s"}"#)
                event("InventoryReserved", #""reservationId": "r\#(number)""#)
            }
            if number % 3 == 0 { event("ShipmentCreated", #""shipmentId": "s""#) }
            if number % 3 == 1 {
                event("ShipmentFailed", #""reason": "strike", "canRetry": false"#)
            }
        }
        lines.append(#"{"wait": "2d"}"#)
        for number in 0..<orders where number % 3 == 2 {
            lines.append(
                #"{"type": "PaymentReceived", "id": "late-\#(number)", "data": "#
                    + #"{"orderId": "o\#(number)", "paymentId": "p", "amount": 1}}"#)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func `ends the same when it is run again, with nothing lost and no command renamed`()
        throws
    {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.events(orders: 90), to: "orders.events.jsonl")
        let undisturbed = try CommandLineRun(
            "run", "workflows", "--events", file, "--format", "jsonl", "--store",
            folder.path("undisturbed.sqlite"))
        #expect(undisturbed.code == 0)

        var printed: [String] = []
        var kills = 0
        var random = SystemRandomNumberGenerator()
        let store = folder.path("killed.sqlite")
        while true {
            let process = CommandLineRun.process(
                ["run", "workflows", "--events", file, "--format", "jsonl", "--store", store])
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            if kills < 25 {
                let delay = UInt32.random(in: 2_000...60_000, using: &random)
                usleep(delay)
                if process.isRunning {
                    kill(process.processIdentifier, SIGKILL)
                    kills += 1
                }
            }
            let text = CommandLineRun.text(of: output)
            process.waitUntilExit()
            printed += text.split(separator: "\n").map(String.init)
            if process.terminationReason == .exit {
                #expect(process.terminationStatus == 0)
                break
            }
        }

        #expect(kills > 5, "the run was too fast to be hit")
        let ends = { (lines: [String]) in lines.filter { $0.contains(#""fact":"instance""#) } }
        #expect(ends(printed) == ends(undisturbed.lines))
        let commands = Self.commands(undisturbed.lines)
        for (id, command) in Self.commands(printed) { #expect(commands[id] == command) }
    }

    /// The names of the commands by their ids.
    private static func commands(_ lines: [String]) -> [String: String] {
        var names: [String: String] = [:]
        for line in lines where line.contains(#""fact":"command""#) {
            guard
                let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
                    as? [String: Any],
                let id = object["id"] as? String, let name = object["command"] as? String,
                let key = object["key"] as? String
            else { continue }
            names[id] = "\(key) \(name)"
        }
        return names
    }
}
