// Numbers in messages, with commas between the thousands.

extension Int {
    /// The number as in `10,000`.
    var grouped: String {
        let digits = Array(String(magnitude))
        let text = digits.indices.map { index in
            let rest = digits.count - index
            return (index > 0 && rest % 3 == 0 ? "," : "") + String(digits[index])
        }.joined()
        return self < 0 ? "-" + text : text
    }
}
