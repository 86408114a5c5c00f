// What every store promises, as checks that any store can be held against.
//
// A check is a plain function that throws a described failure; it needs no test framework. A test
// runs them over its store:
//
//   @Test(arguments: StoreConformance.checks)
//   func `keeps the promise`(_ check: StoreConformance.Check) async throws {
//       try await check.run(on: MyStores())
//   }
package import MinkStore

/// A store with all its ports.
package typealias CompleteStore = WorkflowStore & EventLog & DefinitionStore & WorkflowQueries
    & OperatorStore & Retention & CommitGrouping & StoreCensus

/// Makes stores for checks.
package protocol StoreFactory: Sendable {
    /// Opens a store that is empty and used by nobody else.
    func open() async throws -> any CompleteStore

    /// Ends a store and opens what it kept; `nil` when it keeps nothing beyond its life.
    func reopen(_ store: any CompleteStore) async throws -> (any CompleteStore)?
}

/// The promises of the ports in MinkStore, one check each.
package enum StoreConformance {
    /// One promise.
    package struct Check: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        package let name: String
        private let body: @Sendable (StoreBench) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (StoreBench) async throws -> Void) {
            self.name = name
            self.body = body
        }

        package var description: String { name }

        /// Holds an empty store against the promise.
        ///
        /// - Throws: ``StoreConformanceFailure`` if the store breaks it.
        package func run(on stores: some StoreFactory) async throws {
            try await body(StoreBench(stores: stores, store: try await stores.open()))
        }
    }

    /// All promises.
    package static let checks: [Check] =
        logChecks + commitChecks + groupChecks + outboxChecks + timerChecks + queryChecks
        + definitionChecks + operatorChecks + auditChecks + retentionChecks
        + textChecks + modelChecks
}

/// A store broke a promise.
package struct StoreConformanceFailure: Error, CustomStringConvertible {
    package let description: String
}

/// A store on which a check works.
struct StoreBench: Sendable {
    private let stores: any StoreFactory
    let store: any CompleteStore

    init(stores: any StoreFactory, store: any CompleteStore) {
        self.stores = stores
        self.store = store
    }

    /// The same bench, on what the store kept beyond its life; the store itself when it keeps
    /// nothing.
    func reopened() async throws -> StoreBench {
        StoreBench(stores: stores, store: try await stores.reopen(store) ?? store)
    }

    /// The same bench, on what the store kept beyond its life; `nil` when it keeps nothing.
    func reopenedIfKept() async throws -> StoreBench? {
        try await stores.reopen(store).map { StoreBench(stores: stores, store: $0) }
    }

    /// Demands a condition.
    func demand(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
        guard condition else { throw StoreConformanceFailure(description: sentence()) }
    }

    /// Demands that two values are the same.
    func demand<T: Equatable>(
        _ found: T, equals expected: T, _ what: @autoclosure () -> String
    ) throws {
        guard found != expected else { return }
        throw StoreConformanceFailure(
            description: "\(what()) should be \(expected), and is \(found)")
    }

    /// Demands a value.
    func demand<T>(_ value: T?, _ what: @autoclosure () -> String) throws -> T {
        guard let value else { throw StoreConformanceFailure(description: "\(what()) is missing") }
        return value
    }

    /// Demands that a store refuses with a code.
    func demand(
        _ code: StoreError.Code, _ what: @autoclosure () -> String,
        from body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as StoreError {
            return try demand(error.code, equals: code, "the code of \"\(error.message)\"")
        }
        throw StoreConformanceFailure(description: "\(what()) should throw \(code)")
    }
}
