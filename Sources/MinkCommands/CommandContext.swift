// Where a command comes from, and what ties it to everything else that happened.

/// What a handler knows about a command besides its arguments.
public struct CommandContext: Sendable, Hashable {
    /// The idempotency key.
    ///
    /// The same in every delivery of the command, after every restart, in every engine: a receiver
    /// that has seen it has done the work already.
    public var id: String
    /// Ties together everything that one request led to.
    public var correlationID: String?
    /// The id of the event or command that led to this one.
    public var causationID: String?
    /// Whose command it is; empty where there is only one tenant.
    public var tenant: String
    /// What else travels along, such as `traceparent`.
    public var metadata: [String: String]
    /// The workflow that sent it; `nil` when no workflow did.
    public var workflow: String?
    /// The key of the instance that sent it, as text; `nil` when no workflow did.
    public var instanceKey: String?
    /// The number of this try, from 1.
    public var attempt: Int

    /// A context.
    public init(
        id: String, correlationID: String? = nil, causationID: String? = nil, tenant: String = "",
        metadata: [String: String] = [:], workflow: String? = nil, instanceKey: String? = nil,
        attempt: Int = 1
    ) {
        self.id = id
        self.correlationID = correlationID
        self.causationID = causationID
        self.tenant = tenant
        self.metadata = metadata
        self.workflow = workflow
        self.instanceKey = instanceKey
        self.attempt = attempt
    }
}
