// What an engine did, told after it became durable: for transcripts, logs and metrics.
package import MinkEngine
package import MinkExpression
package import MinkStore

/// One thing that an engine did.
package enum Observation: Sendable {
    /// A turn was committed.
    case turn(MinkStore.Turn)
    /// A command was tried. What nobody waits for is told when it is acknowledged, and durable with
    /// the next commit.
    case delivered(CommandRecord, attempt: Int, receipt: Receipt, at: Timestamp)
    /// An event belongs to no instance.
    case deadLetter(DeadLetter)
    /// An event was appended that no workflow lists.
    case notListed(EventRecord, at: Timestamp)
    /// An event was not appended, because the log had its id.
    case notAppended(EventRecord, Appended, at: Timestamp)
    /// A command waits because nobody here takes it.
    case noReceiver(CommandRecord)
}
