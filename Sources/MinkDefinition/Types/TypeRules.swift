// What a schema asks of a value beyond its kind: an enumeration, bounds, lengths, a pattern.
package import MinkExpression

/// The rules of a type beyond its kind.
package struct TypeRules: Sendable, Hashable {
    /// The only values that are allowed; `nil` allows all.
    package var allowed: [Value]?
    package var minimum: Bound?
    package var maximum: Bound?
    /// Of a text in Unicode scalars, or of a list in elements.
    package var minCount: Int?
    package var maxCount: Int?
    package var pattern: TextPattern?

    package init() {}

    /// A bound of numbers.
    package struct Bound: Sendable, Hashable {
        package let number: ExactDecimal
        /// Whether the number itself is outside.
        package let isExclusive: Bool

        package static func == (left: Bound, right: Bound) -> Bool {
            left.isExclusive == right.isExclusive && left.number.hasSameForm(as: right.number)
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(isExclusive)
            hasher.combine(number.description)
        }
    }

    /// What a value breaks, in words; `nil` when it keeps all rules.
    package func objection(to value: Value) -> String? {
        if let allowed, !allowed.contains(where: { $0.means(value) }) {
            let known = allowed.prefix(8).map(\.inWords).joined(separator: ", ")
            return "expected one of \(known), found \(value.inWords)"
        }
        if let minimum, isBelow(minimum, value) {
            return "expected \(minimum.isExclusive ? "more than" : "at least") \(minimum.number), "
                + "found \(value.inWords)"
        }
        if let maximum, isAbove(maximum, value) {
            return "expected \(maximum.isExclusive ? "less than" : "at most") \(maximum.number), "
                + "found \(value.inWords)"
        }
        return objection(toCountOf: value) ?? objection(toTextOf: value)
    }

    private func isBelow(_ bound: Bound, _ value: Value) -> Bool {
        guard let order = value.compared(to: bound.number) else { return false }
        return order == .less || (order == .equal && bound.isExclusive)
    }

    private func isAbove(_ bound: Bound, _ value: Value) -> Bool {
        guard let order = value.compared(to: bound.number) else { return false }
        return order == .greater || (order == .equal && bound.isExclusive)
    }

    private func objection(toCountOf value: Value) -> String? {
        let count: Int
        let things: String
        switch value {
        case .string(let text): (count, things) = (text.unicodeScalars.count, "characters")
        case .list(let elements): (count, things) = (elements.count, "elements")
        default: return nil
        }
        if let minCount, count < minCount {
            return "expected at least \(minCount) \(things), found \(count)"
        }
        if let maxCount, count > maxCount {
            return "expected at most \(maxCount) \(things), found \(count)"
        }
        return nil
    }

    private func objection(toTextOf value: Value) -> String? {
        guard let pattern, case .string(let text) = value, !pattern.matches(text) else {
            return nil
        }
        return "expected a text like \(pattern.text), found \(value.inWords)"
    }
}
