// What an expression may mention at its place in a definition.

/// The surroundings of an expression: its variables and their types.
package struct ExpressionEnvironment: Sendable {
    /// The slots of the variables, shared by all expressions of a definition.
    package let layout: VariableLayout

    /// The variables that exist at this place, and their types.
    package var variables: [String: ExpressionType]

    /// Names that exist elsewhere, with the sentence that says why not here.
    package var unavailable: [String: String]

    /// Variables of which every field may be absent, whatever its type says.
    package var uncertainVariables: Set<String> = []

    /// The system's time zones; without them only UTC and fixed offsets are known.
    let timeZones: TimeZones

    /// Whether types are checked; only tests of the evaluator turn this off.
    package var checksTypes = true

    /// Whether macros are recognised; only tests of the parser turn this off.
    package var expandsMacros = true

    /// An environment; `timeZones` gives the bytes of a TZif file by the name of a zone.
    package init(
        layout: VariableLayout, variables: [String: ExpressionType] = [:],
        unavailable: [String: String] = [:],
        timeZones: (@Sendable (String) -> [UInt8]?)? = nil
    ) {
        self.layout = layout
        self.variables = variables
        self.unavailable = unavailable
        self.timeZones = TimeZones(read: timeZones)
    }
}

/// One use of a variable.
package struct ExpressionReference: Hashable, Sendable {
    /// The variable, and its fields as far as they are written out: `["data", "orderId"]`.
    package let path: [String]

    /// The place in the text, in UTF-8 bytes.
    package let range: Range<Int>

    /// Whether it stands in `has()`, which only asks whether it exists.
    package let isInHas: Bool
}
