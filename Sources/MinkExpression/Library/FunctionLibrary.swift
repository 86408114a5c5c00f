// All functions of the language, by name.
enum FunctionLibrary {
    private struct Key: Hashable {
        let name: String
        let isMember: Bool
    }

    private static let all: [LibraryFunction] =
        ConversionFunctions.all + SizeFunctions.all + TextFunctions.all + TextSearch.all
        + TextFormat.all + MathFunctions.all + BitFunctions.all + ListFunctions.all
        + SetFunctions.all + TimeFunctions.all + CalendarFunctions.all + OptionalFunctions.all
        + EncodingFunctions.all + PatternFunctions.all + DecimalFunctions.all

    private static let table = Dictionary(grouping: all) {
        Key(name: $0.name, isMember: $0.isMember)
    }

    /// The words that stand in front of a function with a point: `math`, `optional`.
    static let namespaces: Set<String> = Set(
        all.compactMap { function in
            let parts = function.name.split(separator: ".")
            return parts.count == 2 ? String(parts[0]) : nil
        })

    /// The functions of a name, which differ in the number of their arguments.
    static func named(_ name: String, isMember: Bool) -> [LibraryFunction] {
        table[Key(name: name, isMember: isMember)] ?? []
    }

    /// All names, for suggestions.
    static func names(isMember: Bool) -> [String] { isMember ? memberNames : globalNames }

    private static let memberNames = Set(all.filter(\.isMember).map(\.name)).sorted()
    private static let globalNames = Set(all.filter { !$0.isMember }.map(\.name)).sorted()
}
