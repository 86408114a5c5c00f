// What a store can not do, named for what the caller does next.

/// A store could not do what it was asked.
public struct StoreError: Error, Sendable {
    /// What the caller does next.
    public enum Code: Sendable, Hashable {
        /// Another worker wrote first; load and decide again.
        case conflict
        /// Another process owns the store; stop it, or use another store.
        case occupied
        /// The store can not be reached; nothing was written, try later.
        case unavailable
        /// The stored data breaks a rule of ours; a person must look.
        case corrupt
    }

    /// What the caller does next.
    public let code: Code
    /// What happened and what to do, for people.
    public let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
