// Carries out what people decide about sagas: the owner of the saga judges it, and where no engine
// owns it, this does.
import MinkDefinition
package import MinkEngine
import MinkExpression
package import MinkStore

/// Takes what people decide to the one who judges it.
package struct OperatorDesk: Sendable {
    /// What became of an action.
    package enum Outcome: Sendable, Hashable {
        case carriedOut
        /// It does not fit the saga as it stands; why, for people.
        case refused(String)
        /// An engine owns the saga and has not judged it yet; it will.
        case handedIn
    }

    let store: any WorkflowStore
    let queries: any WorkflowQueries
    let catalog: Catalog
    let clock: any WorkflowClock

    package init(
        _ store: any WorkflowStore, _ queries: any WorkflowQueries, catalog: Catalog,
        clock: any WorkflowClock = SystemClock()
    ) {
        self.store = store
        self.queries = queries
        self.catalog = catalog
        self.clock = clock
    }

    /// What an action would do, without doing it.
    ///
    /// - Returns: The decision; `nil` when there is no such saga, or its definition is not kept.
    package func preview(
        _ action: OperatorAction, on id: InstanceID
    ) async throws(StoreError) -> Decision? {
        guard let stored = try await store.load([id])[id],
            let definition = catalog.definition(for: action.to ?? stored.instance.definition)
        else { return nil }
        return decide(definition, stored.instance, id: id, .action(action), at: clock.now())
    }

    /// Hands an action in and waits until it is judged.
    ///
    /// - Parameters:
    ///   - action: What is to be done, and why.
    ///   - id: The saga.
    ///   - person: Who decided it, for the record.
    ///   - patience: How long to wait for an engine that owns the saga.
    ///   - observe: Takes what the action led to, if it was judged here.
    /// - Returns: What became of it.
    /// - Throws: ``StoreError`` if the store fails; the action may have been handed in then.
    package func carryOut(
        _ action: OperatorAction, on id: InstanceID, by person: String,
        patience: Duration = .seconds(15),
        observe: @escaping @Sendable (Observation) -> Void = { _ in }
    ) async throws(StoreError) -> Outcome {
        let number = try await queries.request(
            action, on: id, by: person, at: clock.now(), notes: [:])
        let pending = PendingAction(
            number: number, instance: id, person: person, action: action)
        let deadline = ContinuousClock.now + patience
        while true {
            // The owner may have died: then its work is to be had when its lease has run out.
            if let outcome = try await judge(pending, observe) { return outcome }
            let row = try await queries.actions(on: id).last { $0.number == number }
            if let row, row.isJudged { return row.refusal.map(Outcome.refused) ?? .carriedOut }
            guard ContinuousClock.now < deadline, !Task.isCancelled else { return .handedIn }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Judges an action, unless another process owns the work.
    private func judge(
        _ action: PendingAction, _ observe: @escaping @Sendable (Observation) -> Void
    ) async throws(StoreError) -> Outcome? {
        do throws(StoreError) {
            var loop = try await EngineLoop(
                store: store, catalog: catalog, clock: clock, observe: observe)
            let isOpen = try await loop.pendingActions(limit: .max).contains(action)
            guard isOpen else { return nil }
            return try await loop.judge(action).map(Outcome.refused) ?? .carriedOut
        } catch {
            guard error.code == .occupied else { throw error }
            return nil
        }
    }
}
