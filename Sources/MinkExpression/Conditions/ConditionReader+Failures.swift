// Why a value of a condition may be missing: a path that is not there, or a step that can fail.
//
// Everything that is not known to have a value counts as something that can fail.
extension ConditionReader {
    /// The paths that have to be there for a part to have a value, the longest last.
    func needs(of node: SyntaxNode) -> [String] {
        var needs: [String] = []
        collectNeeds(of: node, into: &needs)
        return needs
    }

    private func collectNeeds(of node: SyntaxNode, into needs: inout [String]) {
        switch node.kind {
        case .select(let owner, let field, let isOptional):
            collectNeeds(of: owner, into: &needs)
            guard !isOptional, mayLack(field.text, owner), let path = node.staticPath,
                !path.hasOptional
            else { return }
            let name = path.names.joined(separator: ".")
            if !needs.contains(name) { needs.append(name) }
        case .has(let owner, _):
            collectNeeds(of: owner, into: &needs)
        case .negate(let part), .not(let part):
            collectNeeds(of: part, into: &needs)
        case .binary(_, let left, let right):
            collectNeeds(of: left, into: &needs)
            collectNeeds(of: right, into: &needs)
        case .call(_, let target, let arguments):
            for part in (target.map { [$0] } ?? []) + arguments {
                collectNeeds(of: part, into: &needs)
            }
        case .list(let elements):
            for element in elements { collectNeeds(of: element.value, into: &needs) }
        // What stands in other parts is only needed sometimes; it counts as a part that can fail.
        default:
            return
        }
    }

    /// Whether a field may be absent, as far as the type of its owner says.
    private func mayLack(_ field: String, _ owner: SyntaxNode) -> Bool {
        switch checked.types[owner.id] {
        case .object(let object):
            guard let known = object.field(field) else { return true }
            return known.isOptional || known.type.isOptional
        case .map: return true
        default: return false
        }
    }

    /// Whether a part can fail although all that it needs is there.
    func canFail(_ node: SyntaxNode) -> Bool {
        switch node.kind {
        case .literal, .name:
            return false
        case .select(let owner, _, let isOptional):
            return canFail(owner) || (!isOptional && (isOpen(owner) || node.staticPath == nil))
        case .has(let owner, _):
            return canFail(owner) || isOpen(owner)
        case .not(let part):
            return canFail(part)
        case .negate(let part):
            return checked.types[part.id] != .double && constantFails(part)
        case .binary(let operation, let left, let right):
            return operationCanFail(operation, left, right) || canFail(left) || canFail(right)
        case .call(let name, let target, let arguments):
            let parts = (target.map { [$0] } ?? []) + arguments
            return !Self.total.contains(name.text)
                || parts.contains { canFail($0) || checked.types[$0.id].isDynamic }
        case .list(let elements):
            return elements.contains { $0.isOptional || canFail($0.value) }
        default:
            return true
        }
    }

    /// Functions that have a value for all arguments of the right types.
    private static let total: Set<String> = [
        "size", "startsWith", "endsWith", "contains", "hasValue", "orValue",
    ]

    /// Only the least integer has no opposite.
    private func constantFails(_ node: SyntaxNode) -> Bool {
        if case .literal = node.kind { return false }
        return true
    }

    private func operationCanFail(
        _ operation: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
    ) -> Bool {
        let types = [checked.types[left.id], checked.types[right.id]]
        switch operation {
        case .equal, .notEqual:
            return false
        case .add, .subtract, .multiply, .divide:
            return types != [.double, .double]
        case .modulo:
            return true
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn:
            return types.contains(where: \.isDynamic)
        }
    }

    /// Whether a value may be something that has no fields at all.
    func isOpen(_ node: SyntaxNode) -> Bool {
        switch checked.types[node.id] {
        case .object, .map: false
        default: true
        }
    }
}
