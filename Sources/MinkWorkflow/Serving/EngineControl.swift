// What an engine and whoever runs it tell each other between two steps.
import Synchronization

/// Hands an engine newer definitions, and says how it stands.
///
/// A catalog is a value: a step sees all of the old one or all of the new one.
package final class EngineControl: Sendable {
    private struct State {
        var catalog: Catalog
        /// Counts the catalogs, so that a look for a newer one compares two numbers.
        var number = 1
        var standing = Standing.starting
        /// The position of the last event that was judged; `nil` before the first step.
        var cursor: Int64?
        var loads = Loads()
        /// What has the keeper of the definitions look at the store.
        var definitionBell: FolderWatch.Bell?
    }

    /// What became of definitions that did not load.
    package struct Loads: Sendable, Hashable {
        /// How many files are not loaded now.
        package var failing = 0
        /// How often something was not loaded since the start: `mink_definition_load_failed`.
        package var failed = 0
    }

    /// What an engine does at this moment.
    package enum Standing: Sendable, Hashable {
        case starting
        case working
        /// Another process has the work.
        case standingBy
        /// The store can not be reached.
        case withoutStore
    }

    private let state: Mutex<State>
    let wakeUp = WakeUp()

    package init(_ catalog: Catalog) {
        state = Mutex(State(catalog: catalog))
    }

    /// The newest definitions.
    package var catalog: Catalog { state.withLock { $0.catalog } }

    /// What the engine does.
    package var standing: Standing { state.withLock { $0.standing } }

    /// The position of the last event that the engine judged; `nil` while it does not work.
    package var cursor: Int64? { state.withLock { $0.standing == .working ? $0.cursor : nil } }

    /// What became of definitions that did not load.
    package var loads: Loads { state.withLock { $0.loads } }

    /// Notes what is not loaded now, and how much of it is new.
    func didLoad(failing: Int, new: Int) {
        state.withLock { state in
            state.loads.failing = failing
            state.loads.failed += new
        }
    }

    /// Has somebody look for definitions that another engine has published.
    package func definitionsChanged() {
        state.withLock { $0.definitionBell }?.ring()
    }

    /// Says what to ring when definitions may have changed.
    func ringWhenDefinitionsChange(_ bell: FolderWatch.Bell?) {
        state.withLock { $0.definitionBell = bell }
    }

    /// Has the engine work by other definitions from its next step on.
    package func offer(_ catalog: Catalog) {
        state.withLock { state in
            state.catalog = catalog
            state.number += 1
        }
        wakeUp.signal()
    }

    /// Notes a step that was taken.
    ///
    /// - Parameters:
    ///   - cursor: The position of the last event that was judged.
    ///   - count: How many partitions the engine has.
    ///   - number: The number of the catalog that the engine works by; it becomes the newest.
    /// - Returns: The catalog to work by; `nil` when there is no newer one.
    func newerCatalog(
        judgedTo cursor: Int64, owning count: Int, than number: inout Int
    ) -> Catalog? {
        state.withLock { state in
            state.cursor = cursor
            state.standing = count > 0 ? .working : .standingBy
            guard state.number != number else { return nil }
            number = state.number
            return state.catalog
        }
    }

    func stand(_ standing: Standing) {
        state.withLock { $0.standing = standing }
    }
}
