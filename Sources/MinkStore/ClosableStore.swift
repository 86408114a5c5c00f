// A store that is given back, so that the next process has its work at once.

/// A store that can be closed.
package protocol ClosableStore: Sendable {
    /// Hands the work back and lets go of files and connections; every later call fails.
    func close() async
}
