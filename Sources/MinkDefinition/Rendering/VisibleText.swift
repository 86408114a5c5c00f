// Text that is safe to show on a terminal, and how many columns it takes there.

extension Unicode.Scalar {
    /// What is shown in place of this scalar: a tab as spaces, controls as their escapes.
    var visible: String {
        switch value {
        case 0x09: "    "
        case 0..<0x20, 0x7F..<0xA0: "\\u" + hexadecimal(value)
        case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
            "\\u" + hexadecimal(value)
        default: String(Character(self))
        }
    }

    /// How many columns a terminal gives to what is shown.
    var visibleWidth: Int {
        if isPlain { return 1 }
        let shown = visible.unicodeScalars
        if shown.count > 1 { return shown.count }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return isWide ? 2 : 1
        }
    }

    /// Whether it is a sign of ASCII, which is shown as it is.
    fileprivate var isPlain: Bool { (0x20..<0x7F).contains(value) }

    private var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    private func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension String {
    /// The text in one line, without anything that could move a terminal's cursor.
    var visible: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        var text = ""
        for scalar in unicodeScalars { text += scalar.visible }
        return text
    }

    /// The columns that the text takes.
    var visibleWidth: Int { unicodeScalars.reduce(0) { $0 + $1.visibleWidth } }

    /// The text, with spaces up to a number of columns.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - visibleWidth))
    }
}
