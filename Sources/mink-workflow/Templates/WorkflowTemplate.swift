// The workflow that `new` makes: it is complete, has no findings, and its scenarios pass.

/// A workflow to begin with, under the author's name.
struct WorkflowTemplate {
    /// The workflow's name, as in `OrderFulfillment`.
    let name: String
    /// The beginning of the names of its files, as in `order-fulfillment`.
    let fileName: String
    /// The path of the folder with the schemas, from the workflow's folder; `nil` without schemas.
    let schemas: String?

    /// A template; `nil` when the text can not name a workflow.
    init?(_ text: String, schemas: String?) {
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard isPlain, text.first?.isLetter == true, text.utf8.count <= 60 else { return nil }
        let words = text.split { $0 == "-" || $0 == "_" }
        name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        fileName = Self.hyphenated(words.joined(separator: "-"))
        self.schemas = schemas
    }

    private static func hyphenated(_ text: String) -> String {
        var hyphenated = ""
        var wasLower = false
        for letter in text {
            if letter.isUppercase, wasLower { hyphenated += "-" }
            wasLower = letter.isLowercase || letter.isNumber
            hyphenated += letter.lowercased()
        }
        return hyphenated
    }

    private func schemaLine(_ kind: String) -> String {
        schemas.map { "  \"$schema\": \"\($0)/\(kind).schema.json\",\n" } ?? ""
    }

    /// The workflow file.
    var workflow: String {
        """
        {
        \(schemaLine("workflow"))  "workflow": "\(name)",
          "version": 1,
          "description": "Books something, has it confirmed, and cancels the booking if that fails.",
          "correlateBy": "requestId",

          "data": {
            "requestId": "string",
            "bookingId": "string?"
          },

          "events": {
            "\(name)Requested": { "fields": { "requestId": "string" } },
            "BookingMade": { "fields": { "requestId": "string", "bookingId": "string" } },
            "BookingRefused": { "fields": { "requestId": "string", "reason": "string" } },
            "BookingConfirmed": { "fields": { "requestId": "string" } },
            "ConfirmationRefused": { "fields": { "requestId": "string", "reason": "string" } }
          },

          "retryPolicies": {
            "standard": { "attempts": 5, "firstDelay": "2s", "multiplyBy": 2, "maxDelay": "1m", "jitter": true },
            "patient": { "attempts": 20, "firstDelay": "10s", "multiplyBy": 2, "maxDelay": "1h", "jitter": true }
          },

          "commands": {
            "MakeBooking": { "with": { "requestId": "= data.requestId" }, "retry": "standard",
              "answers": { "done": "BookingMade", "failed": "BookingRefused" }, "undo": "CancelBooking" },
            "ConfirmBooking": { "with": { "requestId": "= data.requestId", "bookingId": "= data.bookingId" }, "retry": "standard",
              "answers": { "done": "BookingConfirmed", "failed": "ConfirmationRefused" }, "undo": "none" },
            "CancelBooking": { "with": { "requestId": "= data.requestId", "bookingId": "= data.bookingId" }, "retry": "patient" },
            "ReportFailure": { "with": { "requestId": "= data.requestId", "reason": "= failure.reason" }, "retry": "patient" }
          },

          "compensation": { "whenStuck": "stop", "endIn": "Failed" },
          "deadline": { "after": "3d", "fail": "The request was not finished within 3 days" },

          "start": {
            "\(name)Requested": { "set": { "requestId": "= event.requestId" }, "goto": "Booking" }
          },

          "states": {
            "Booking": {
              "description": "We asked for the booking and wait for the answer.",
              "onEnter": { "emit": ["MakeBooking"] },
              "on": {
                "BookingMade": {
                  "set": { "bookingId": "= event.bookingId" },
                  "compensation": ["CancelBooking"],
                  "goto": "Confirming"
                },
                "BookingRefused": { "fail": "= 'Not booked: ' + event.reason" }
              },
              "timeout": { "after": "1h", "fail": "Nobody booked it within an hour" }
            },

            "Confirming": {
              "description": "It is booked. Until it is confirmed, it can be cancelled.",
              "onEnter": { "emit": ["ConfirmBooking"] },
              "on": {
                "BookingConfirmed": { "pointOfNoReturn": true, "goto": "Done" },
                "ConfirmationRefused": { "fail": "= 'Not confirmed: ' + event.reason" }
              },
              "timeout": { "after": "1d", "fail": "Nobody confirmed it within a day" }
            },

            "Done": { "final": "completed" },
            "Failed": { "final": "failed", "onEnter": { "emit": ["ReportFailure"] } }
          }
        }

        """
    }

    /// The scenario file.
    var scenarios: String {
        """
        {
        \(schemaLine("scenarios"))  "workflow": "\(name)",
          "scenarios": [
            { "name": "It is booked and confirmed",
              "steps": [
                { "event": "\(name)Requested", "with": { "requestId": "r1" } },
                { "expectCommand": "MakeBooking", "with": { "requestId": "r1" } },
                { "event": "BookingMade", "with": { "requestId": "r1", "bookingId": "b1" } },
                { "expectCommand": "ConfirmBooking", "with": { "bookingId": "b1" } },
                { "event": "BookingConfirmed", "with": { "requestId": "r1" } },
                { "expect": { "status": "completed", "state": "Done", "ledger": [] } } ] },

            { "name": "What is booked but not confirmed is cancelled",
              "steps": [
                { "event": "\(name)Requested", "with": { "requestId": "r2" } },
                { "event": "BookingMade", "with": { "requestId": "r2", "bookingId": "b2" } },
                { "expectCommands": ["MakeBooking", "ConfirmBooking"] },
                { "event": "ConfirmationRefused", "with": { "requestId": "r2", "reason": "full" } },
                { "expectCommand": "CancelBooking", "with": { "bookingId": "b2" } },
                { "expectCommand": "ReportFailure", "with": { "reason": "Not confirmed: full" } },
                { "expect": { "status": "compensated", "state": "Failed" } } ] },

            { "name": "A booking that comes after we gave up is cancelled",
              "steps": [
                { "event": "\(name)Requested", "with": { "requestId": "r3" } },
                { "wait": "1h" },
                { "expectCommands": ["MakeBooking", "ReportFailure"] },
                { "event": "BookingMade", "with": { "requestId": "r3", "bookingId": "b3" } },
                { "expectCommand": "CancelBooking", "with": { "bookingId": "b3" } },
                { "expect": { "status": "compensated", "state": "Failed" } } ] }
          ]
        }

        """
    }
}
