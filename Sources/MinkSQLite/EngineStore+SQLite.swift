// The embedded store, as a service opens it.
public import MinkStore

extension EngineStore {
    /// A store in a SQLite file, or in memory.
    ///
    /// A file belongs to one process at a time. What an engine has acknowledged is on the disk.
    ///
    /// - Parameter file: The file, which may be new; `:memory:` for a store that ends with it.
    /// - Returns: The store.
    /// - Throws: ``StoreError`` with code `occupied` if another process has the file open, and
    ///   `corrupt` if it is no database of ours.
    public static func sqlite(_ file: String) throws(StoreError) -> EngineStore {
        EngineStore(try SQLiteStore(file: file))
    }
}
