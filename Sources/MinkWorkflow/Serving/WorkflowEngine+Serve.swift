// The engine as a process of its own: it stands by while another one works, and goes on when the
// store comes back.
import MinkStore

extension WorkflowEngine {
    /// Works until the task is cancelled.
    ///
    /// While another process has the work it stands by, and while the store is away it tries again.
    ///
    /// - Throws: ``MinkStore/StoreError`` with code `corrupt` when a person has to look.
    package func serve() async throws {
        var losses = 0
        while !Task.isCancelled {
            do {
                try await work()
            } catch let error as StoreError {
                guard error.code != .corrupt else { throw error }
                guard !Task.isCancelled else { return }
                losses = control.standing == .working ? 0 : min(losses + 1, 6)
                note(error)
                try? await Task.sleep(for: error.code == .occupied ? Self.look : Self.wait(losses))
            }
        }
    }

    /// How often an engine that stands by looks whether there is work for it.
    private static let look = Duration.milliseconds(250)

    private static func wait(_ losses: Int) -> Duration { .milliseconds(50 << losses) }

    private func note(_ error: StoreError) {
        let before = control.standing
        let now: EngineControl.Standing = error.code == .occupied ? .standingBy : .withoutStore
        control.stand(now)
        guard before != now else { return }
        let message =
            error.code == .occupied
            ? "standing by" : "the store can not be worked on; trying again"
        options.log(message, ["error": error.message])
    }
}
