// The record of what people changed by hand: who, when, why, and how it stood before and after. Rows
// are only ever added, in the transaction of the change itself.
package import MinkEngine
package import MinkExpression

/// One change that a person made, or tried to make.
package struct AuditEntry: Sendable, Hashable, Codable {
    /// When it took effect.
    package let at: Timestamp
    /// Who made it.
    package let person: String
    /// What was done, in the words of the command line: `instances skip`.
    package let verb: String
    /// Why, in the words of the person; empty where none were asked for.
    package let reason: String
    /// Whose data it is.
    package let tenant: String
    /// The workflow that it is about; `nil` when it is about none.
    package let workflow: String?
    /// The key of the saga that it is about; `nil` when it is about none.
    package let key: InstanceKey?
    /// What was changed, for people: `command RefundPayment 7f…`.
    package let subject: String
    /// How it stood before, without the data of the saga; `nil` when there was nothing.
    package let before: Value?
    /// How it stood afterwards; `nil` when nothing is left, or nothing changed.
    package let after: Value?
    /// Why it was refused; `nil` when it was carried out.
    package let refusal: String?

    package init(
        at: Timestamp, person: String, verb: String, reason: String, tenant: String = "",
        workflow: String? = nil, key: InstanceKey? = nil, subject: String, before: Value? = nil,
        after: Value? = nil, refusal: String? = nil
    ) {
        self.at = at
        self.person = person
        self.verb = verb
        self.reason = reason
        self.tenant = tenant
        self.workflow = workflow
        self.key = key
        self.subject = subject
        self.before = before
        self.after = after
        self.refusal = refusal
    }
}

/// An entry and its place in the record.
package struct AuditRow: Sendable, Hashable {
    package let number: Int64
    package let entry: AuditEntry

    package init(number: Int64, entry: AuditEntry) {
        self.number = number
        self.entry = entry
    }
}

/// Which entries to list.
package struct AuditFilter: Sendable, Hashable {
    package var tenant: String?
    package var workflow: String?
    package var key: InstanceKey?
    package var person: String?
    package var verb: String?
    /// Entries before this one, by ``AuditRow/number``.
    package var before: Int64 = .max
    package var limit = 100

    package init() {}
}

/// Reads the record of what people changed.
package protocol AuditQueries: Sendable {
    /// Entries that fit, the newest first.
    func audit(_ filter: AuditFilter) async throws(StoreError) -> [AuditRow]
}
