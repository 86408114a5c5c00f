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

    private let store: any WorkflowStore & WorkflowQueries & OperatorStore
    private let catalog: Catalog
    private let clock: any WorkflowClock

    package init(
        _ store: any WorkflowStore & WorkflowQueries & OperatorStore, catalog: Catalog,
        clock: any WorkflowClock = SystemClock()
    ) {
        self.store = store
        self.catalog = catalog
        self.clock = clock
    }

    /// What an action would do, without doing it; an engine may live meanwhile.
    ///
    /// - Returns: The decision; `nil` when there is no such saga, or its definition is not kept.
    package func preview(_ request: ActionRequest) async throws(StoreError) -> Decision? {
        let (id, action) = (request.instance, request.action)
        let instance = try await store.snapshot(of: id)?.instance
        let definition =
            instance?.status == nil
            ? catalog.active(id.workflow)
            : instance.flatMap { catalog.definition(for: action.to ?? $0.definition) }
        guard let definition else { return nil }
        let informed = OperatorAction(
            verb: action.verb, reason: action.reason, arguments: action.arguments,
            incident: action.incident, endIn: action.endIn,
            subject: try await informed(action.subject, of: id, definition), to: action.to)
        return decide(definition, instance, id: id, .action(informed), at: clock.now())
    }

    /// A dead letter together with what only the store knows: whether its value was seen.
    private func informed(
        _ subject: OperatorAction.Subject?, of id: InstanceID, _ definition: Definition
    ) async throws(StoreError) -> OperatorAction.Subject? {
        guard case .letter(let event, _) = subject,
            case .instance(_, let unique?, _) = route(event, by: definition)
        else { return subject }
        return .letter(event, isSeen: try await !store.seen([unique], by: id).isEmpty)
    }

    /// Hands actions in and waits until they are judged.
    ///
    /// - Parameters:
    ///   - requests: What is to be done to which sagas, and why.
    ///   - person: Who decided it, for the record.
    ///   - patience: How long to wait for an engine that owns the sagas.
    ///   - observe: Takes what the actions led to, as far as they were judged here.
    /// - Returns: What became of each, in the same order.
    /// - Throws: ``StoreError`` if the store fails; actions may have been handed in then.
    package func carryOut(
        _ requests: [ActionRequest], by person: String, patience: Duration = .seconds(15),
        observe: @escaping @Sendable (Observation) -> Void = { _ in }
    ) async throws(StoreError) -> [Outcome] {
        var pending: [PendingAction] = []
        for request in requests {
            let number = try await store.request(
                request.action, on: request.instance, by: person, at: clock.now(), notes: [:])
            pending.append(request.pending(number, person))
        }
        return try await settle(pending, patience, observe)
    }

    /// Has a dead letter judged again by the sagas that it is about.
    ///
    /// - Parameters:
    ///   - letter: The number of the letter.
    ///   - requests: What the sagas are asked.
    ///   - person: Who decided it, for the record.
    ///   - patience: How long to wait for an engine that owns the sagas.
    ///   - observe: Takes what follows, as far as it is judged here.
    /// - Returns: What became of each request; `nil` when the letter was settled before.
    /// - Throws: ``StoreError`` if the store fails; the letter may have been handed in then.
    package func requeue(
        letter: Int64, as requests: [ActionRequest], by person: String,
        patience: Duration = .seconds(15),
        observe: @escaping @Sendable (Observation) -> Void = { _ in }
    ) async throws(StoreError) -> [Outcome]? {
        let numbers = try await store.requeue(
            letter: letter, as: requests, by: person, at: clock.now())
        guard let numbers else { return nil }
        let pending = zip(requests, numbers).map { $0.pending($1, person) }
        return try await settle(pending, patience, observe)
    }

    /// Waits until inputs are judged; where nobody owns the work, they are judged here.
    private func settle(
        _ pending: [PendingAction], _ patience: Duration,
        _ observe: @escaping @Sendable (Observation) -> Void
    ) async throws(StoreError) -> [Outcome] {
        let deadline = ContinuousClock.now + patience
        var outcomes: [Int64: Outcome] = [:]
        while true {
            // The owner may have died: then its work is to be had when its lease has run out.
            let here = try await judge(
                pending.filter { outcomes[$0.number] == nil }, observe)
            outcomes.merge(here) { known, _ in known }
            for action in pending where outcomes[action.number] == nil {
                outcomes[action.number] = try await judgement(of: action)
            }
            if outcomes.count == pending.count { break }
            guard ContinuousClock.now < deadline, !Task.isCancelled else { break }
            try? await Task.sleep(for: .milliseconds(200))
        }
        return pending.map { outcomes[$0.number] ?? .handedIn }
    }

    /// What the owner made of an action; `nil` while it was not judged.
    private func judgement(of action: PendingAction) async throws(StoreError) -> Outcome? {
        let row = try await store.actions(on: action.instance).last { $0.number == action.number }
        guard let row, row.isJudged else { return nil }
        return row.refusal.map(Outcome.refused) ?? .carriedOut
    }

    /// Judges actions, unless another process owns the work.
    private func judge(
        _ actions: [PendingAction], _ observe: @escaping @Sendable (Observation) -> Void
    ) async throws(StoreError) -> [Int64: Outcome] {
        do throws(StoreError) {
            var loop = try await EngineLoop(
                store: store, catalog: catalog, clock: clock, observe: observe)
            let open = Set(try await loop.pendingActions(limit: .max).map(\.number))
            var outcomes: [Int64: Outcome] = [:]
            for action in actions where open.contains(action.number) {
                let refusal = try await loop.judge(action)
                outcomes[action.number] = refusal.map(Outcome.refused) ?? .carriedOut
            }
            return outcomes
        } catch {
            guard error.code == .occupied else { throw error }
            return [:]
        }
    }
}

extension ActionRequest {
    fileprivate func pending(_ number: Int64, _ person: String) -> PendingAction {
        PendingAction(number: number, instance: instance, person: person, action: action)
    }
}
