// How single values are written as text.
enum ScalarText {
    /// The text of a value that is no list, map, text or bytes.
    static func write(_ value: Cell) -> String {
        switch value.tag {
        case .bool: value.bool ? "true" : "false"
        case .int: String(value.int)
        case .uint: String(value.uint)
        case .double: DoubleText.write(value.double)
        case .decimal: value.decimal.description
        case .timestamp: value.timestamp?.description ?? ""
        case .duration:
            DurationText.seconds(.nanoseconds(value.nanoseconds)) + "s"
        case .null: "null"
        case .type: value.text
        default: ""
        }
    }
}

/// How floating point numbers are read and written.
enum DoubleText {
    /// The number that a text writes; `nil` when it writes none.
    static func parse(_ text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "Infinity", "+Infinity", "Inf", "+Inf", "inf", "+inf": return .infinity
        case "-Infinity", "-Inf", "-inf": return -.infinity
        default:
            // Swift also reads hexadecimal and "nan(…)"; those are no numbers here.
            let isPlain = text.utf8.allSatisfy { $0.isDigit || "+-.eE".utf8.contains($0) }
            return isPlain ? Double(text) : nil
        }
    }

    /// The shortest text that is read as the same number; without ".0" and, as far as it stays
    /// readable, without exponent, as JavaScript writes numbers.
    static func write(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        if number == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = shortest(number.magnitude)
        let sign = number < 0 ? "-" : ""
        return sign + layOut(digits, exponent)
    }

    /// The significant digits, and the place of the point behind the first of them.
    private static func shortest(_ number: Double) -> (digits: [Character], exponent: Int) {
        let parts = number.description.split(separator: "e")
        var exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array(mantissa[0])
        exponent += digits.count - 1
        if mantissa.count == 2 { digits += Array(mantissa[1]) }
        let zeros = digits.prefix { $0 == "0" }.count
        digits.removeFirst(min(zeros, digits.count - 1))
        exponent -= zeros
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (digits, exponent)
    }

    private static func layOut(_ digits: [Character], _ exponent: Int) -> String {
        switch exponent {
        case 0..<21 where digits.count <= exponent + 1:
            return String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
        case 0..<21:
            return String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
        case -6..<0:
            return "0." + String(repeating: "0", count: -exponent - 1) + String(digits)
        default:
            let rest = digits.count > 1 ? "." + String(digits[1...]) : ""
            return String(digits[0]) + rest + "e" + (exponent < 0 ? "-" : "+")
                + String(exponent.magnitude)
        }
    }
}
