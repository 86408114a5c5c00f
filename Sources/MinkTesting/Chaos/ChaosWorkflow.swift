// The sagas of a chaos run: orders with money. A card is charged in two parts; an order that can
// not be shipped, or is cancelled, is refunded part by part. So money tells whether anything was
// lost or done twice.
//
//   placed ─▶ Charging ─▶ Cooling ─▶ Packing ─▶ Shipping ─▶ Completed
//                 │ both charged  │ a timer  │ packed    │ shipped
//                 └───────────────┴──────────┴───────────┴─▶ Refunded: cancelled, not shipped

/// The workflow of a chaos run.
package enum ChaosWorkflow {
    /// Its name.
    package static let name = "ChaosOrder"

    /// The file with a version; nothing else differs but the description.
    package static func text(version: Int) -> String {
        """
        {
          "workflow": "ChaosOrder",
          "version": \(version),
          "description": "Version \(version) of an order with money.",
          "correlateBy": "orderId",
        \(declarations)
        \(states)
        }
        """
    }

    private static let declarations = """
          "data": {
            "orderId": "string", "first": "decimal", "second": "decimal", "ships": "string",
            "charges": { "type": "integer", "default": 0 }
          },
          "events": {
            "OrderPlaced": { "fields": { "orderId": "string", "first": "decimal", "second": "decimal", "ships": "string" } },
            "OrderPacked": { "fields": { "orderId": "string" } },
            "OrderCancelled": { "fields": { "orderId": "string" } },
            "CardCharged": { "fields": { "orderId": "string", "chargeId": "string", "amount": "decimal" }, "uniqueBy": "chargeId" },
            "OrderShipped": { "fields": { "orderId": "string" } },
            "ShipmentFailed": { "fields": { "orderId": "string", "reason": "string" } }
          },
          "retryPolicies": {
            "quick": { "attempts": 50, "firstDelay": "100ms", "multiplyBy": 2, "maxDelay": "2s", "jitter": true }
          },
          "commands": {
            "ChargeCard": { "with": { "orderId": "= data.orderId", "amount": "= data.first", "part": 1 }, "retry": "quick",
                            "answers": { "done": "CardCharged" }, "undo": "RefundCharge" },
            "ShipOrder": { "with": { "orderId": "= data.orderId", "ships": "= data.ships" }, "retry": "quick",
                           "answers": { "done": "OrderShipped", "failed": "ShipmentFailed" }, "undo": "none" },
            "RefundCharge": { "with": { "orderId": "= data.orderId", "chargeId": "= event.chargeId", "amount": "= event.amount" }, "retry": "quick" },
            "CompleteOrder": { "with": { "orderId": "= data.orderId", "total": "= data.first + data.second" }, "retry": "quick" }
          },
          "compensation": { "whenStuck": "stop", "endIn": "Refunded" },
          "deadline": { "after": "1d", "fail": "The order was not finished within a day" },
          "eventRules": { "early": { "holdFor": "1d", "then": "deadLetter" }, "late": "compensate", "unexpected": "deadLetter" },
          "start": {
            "OrderPlaced": {
              "set": { "orderId": "= event.orderId", "first": "= event.first", "second": "= event.second", "ships": "= event.ships" },
              "goto": "Charging"
            }
          },
        """

    private static let states = """
          "anyState": { "on": { "OrderCancelled": { "fail": "The customer has cancelled" } } },
          "states": {
            "Charging": {
              "onEnter": { "emit": ["ChargeCard", { "command": "ChargeCard", "with": { "amount": "= data.second", "part": 2 } }] },
              "on": {
                "CardCharged": [
                  { "when": "data.charges == 0", "set": { "charges": 1 }, "compensation": ["RefundCharge"] },
                  { "otherwise": true, "set": { "charges": 2 }, "compensation": ["RefundCharge"], "goto": "Cooling" }
                ]
              },
              "timeout": { "after": "1h", "fail": "The card was not charged within an hour" }
            },
            "Cooling": { "timeout": { "after": "200ms", "goto": "Packing" } },
            "Packing": {
              "on": { "OrderPacked": { "goto": "Shipping" } },
              "timeout": { "after": "1h", "fail": "The order was not packed within an hour" }
            },
            "Shipping": {
              "onEnter": { "emit": ["ShipOrder"] },
              "on": {
                "OrderShipped": { "pointOfNoReturn": true, "emit": ["CompleteOrder"], "goto": "Completed" },
                "ShipmentFailed": { "fail": "= 'Not shipped: ' + event.reason" }
              },
              "timeout": { "after": "1h", "fail": "The order was not shipped within an hour" }
            },
            "Completed": { "final": "completed" },
            "Refunded": { "final": "failed" }
          }
        """
}
