// A store as a service names it: it opens one and hands it to an engine, and that is all.

/// A place that keeps events, sagas and commands.
///
/// Opened by a driver, as in `EngineStore.sqlite("orders.sqlite")` of MinkSQLite.
public struct EngineStore: Sendable {
    package let workflow: any WorkflowStore
    package let log: any EventLog
    package let definitions: any DefinitionStore
    package let queries: any WorkflowQueries

    package init(_ driver: some WorkflowStore & EventLog & DefinitionStore & WorkflowQueries) {
        self.init(driver, workedOnThrough: driver)
    }

    /// A store whose engine works on it through something else.
    package init(
        _ driver: some EventLog & DefinitionStore & WorkflowQueries,
        workedOnThrough workflow: any WorkflowStore
    ) {
        self.workflow = workflow
        log = driver
        definitions = driver
        queries = driver
    }
}
