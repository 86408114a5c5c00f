// Numbers for rows and places, taken from the database by the thousand.
import MinkStore

/// Gives out numbers that grow and never come twice.
struct NumberBlock {
    /// How many numbers the database gives at once; the sequence counts in such steps.
    private static let size: Int64 = 1_024
    private var next: Int64 = 0
    private var end: Int64 = 0

    mutating func take(_ session: Session) throws(StoreError) -> Int64 {
        if next == end {
            next = try session.run(.nextNumbers).first { $0.integer() } ?? 0
            end = next + Self.size
        }
        defer { next += 1 }
        return next
    }
}

extension Statement {
    static let nextNumbers = Statement("next_numbers", "select nextval('numbers')")
}
