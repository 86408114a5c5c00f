// Takes the tree of a checked condition apart into its questions.

/// Reads the questions of one checked expression.
struct ConditionReader {
    let checked: CheckedExpression
    private let text: [UInt8]

    init(_ checked: CheckedExpression, text: String) {
        self.checked = checked
        self.text = Array(text.utf8)
    }

    /// The whole expression as a condition; `nil` when it is none.
    func read() -> ConditionTree? {
        let type = checked.types[checked.root.id]
        return type == .bool || type.isDynamic ? tree(checked.root) : nil
    }

    private func tree(_ node: SyntaxNode) -> ConditionTree {
        switch node.kind {
        case .literal(.bool(let flag)):
            return .constant(flag)
        case .not(let part):
            return .not(tree(part))
        case .and(let parts):
            return .all(parts.map(tree))
        case .or(let parts):
            return .any(parts.map(tree))
        case .conditional(let test, let yes, let no):
            return .choice(tree(test), tree(yes), tree(no))
        case .has(let owner, let field):
            return presence(of: field.text, in: owner) ?? .question(operand(node))
        case .call(let name, let target?, let arguments)
        where name.text == "hasValue" && arguments.isEmpty:
            guard case .select(let owner, let field, isOptional: true) = target.kind else {
                return .question(operand(node))
            }
            return presence(of: field.text, in: owner) ?? .question(operand(node))
        case .binary(.isIn, let left, let right):
            return membership(left, right) ?? .question(operand(node))
        case .binary(let operation, let left, let right):
            return comparison(operation, left, right) ?? .question(operand(node))
        default:
            return .question(operand(node))
        }
    }

    private func presence(of field: String, in owner: SyntaxNode) -> ConditionTree? {
        guard let path = owner.staticPath, !path.hasOptional, !isOpen(owner) else { return nil }
        return .presence(
            path: (path.names + [field]).joined(separator: "."), needs: needs(of: owner))
    }

    private func comparison(
        _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> ConditionTree? {
        guard let relation = ConditionRelation(rawValue: operation.rawValue) else { return nil }
        if relation == .equal || relation == .notEqual, checked.types[left.id] == .bool,
            checked.types[right.id] == .bool
        {
            let same = ConditionTree.same(tree(left), tree(right))
            return relation == .equal ? same : .not(same)
        }
        return .comparison(operand(left), relation, operand(right))
    }

    /// `x in ['a', 'b']` is `x == 'a' || x == 'b'`.
    private func membership(_ left: SyntaxNode, _ right: SyntaxNode) -> ConditionTree? {
        guard case .list(let elements) = right.kind,
            elements.allSatisfy({ !$0.isOptional && constant($0.value) != nil })
        else { return nil }
        let value = operand(left)
        return .any(elements.map { .comparison(value, .equal, operand($0.value)) })
    }

    // MARK: Operands

    private func operand(_ node: SyntaxNode) -> ConditionOperand {
        let written = String(decoding: text[node.range], as: UTF8.self)
        let field = field(of: node)
        let constant = constant(node)
        return ConditionOperand(
            key: Self.withoutSpaces(written), text: written, type: checked.types[node.id],
            constant: constant, needs: needs(of: node),
            canFail: constant == nil && canFail(node),
            values: field?.values, bounds: field?.bounds ?? (isSize(node) ? .counts : nil))
    }

    /// The declared field that a path leads to.
    private func field(of node: SyntaxNode) -> ObjectType.Field? {
        guard case .select(let owner, let name, isOptional: false) = node.kind,
            case .object(let object) = checked.types[owner.id]
        else { return nil }
        return object.field(name.text)
    }

    private func isSize(_ node: SyntaxNode) -> Bool {
        if case .call(let name, _, _) = node.kind { name.text == "size" } else { false }
    }

    /// The text without spaces, but for those in texts.
    private static func withoutSpaces(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 0x20 }) else { return text }
        var kept: [UInt8] = []
        var quote: UInt8?
        for byte in text.utf8 {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte <= 0x20 {
                continue
            }
            kept.append(byte)
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private func constant(_ node: SyntaxNode) -> ConditionScalar? {
        if case .decimal(let number) = checked.resolutions[node.id] { return .number(number) }
        switch node.kind {
        case .literal(.int(let number)): return .number(ExactDecimal(number))
        case .literal(.uint(let number)): return .number(ExactDecimal(number))
        case .literal(.double(let number, _)): return .double(number)
        case .literal(.string(let text)): return .text(text)
        case .negate(let part):
            switch constant(part) {
            case .number(let number):
                return ExactDecimal.zero.subtracting(number).map(ConditionScalar.number)
            case .double(let number): return .double(-number)
            default: return nil
            }
        case .call(let name, nil, let arguments) where arguments.count == 1:
            guard case .literal(.string(let text)) = arguments[0].kind else { return nil }
            return converted(text, by: name.text)
        default: return nil
        }
    }

    private func converted(_ text: String, by function: String) -> ConditionScalar? {
        let nanoseconds: Int128
        switch function {
        case "decimal":
            return ExactDecimal(text).map(ConditionScalar.number)
        case "timestamp":
            guard let moment = Timestamp(text) else { return nil }
            nanoseconds = moment.nanosecondsSince1970
        case "duration":
            guard let span = DurationText.parse(text) ?? DurationText.parseGo(text) else {
                return nil
            }
            nanoseconds = span.attoseconds / 1_000_000_000
        default:
            return nil
        }
        return ExactDecimal(mantissa: nanoseconds, scale: 0).map(ConditionScalar.number)
    }
}
