// The store of production, as a service opens it.
public import MinkStore

extension EngineStore {
    /// A store in a schema of a PostgreSQL database.
    ///
    /// The schema is created when it is missing, and brought to the newest form. What an engine has
    /// acknowledged is as durable as the server makes a commit.
    ///
    /// - Parameters:
    ///   - url: A connection string, as in `postgresql://user@host/database?sslmode=verify-full`.
    ///   - schema: The schema that has all tables.
    ///   - options: How the database is used.
    /// - Returns: The store.
    /// - Throws: ``StoreError`` with code `unavailable` if the database can not be reached or may
    ///   lose what it confirms, and `corrupt` if the schema is not ours.
    public static func postgres(
        _ url: String, schema: String = "mink", options: PostgresOptions = PostgresOptions()
    ) async throws(StoreError) -> EngineStore {
        EngineStore(try await PostgresStore(url, schema: schema, options: options))
    }
}
