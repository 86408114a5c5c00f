// Plans variables, fields and indexes.
extension Planner {
    mutating func planName(_ node: SyntaxNode, _ name: String) -> Plan {
        switch checked.resolutions[node.id] {
        case .variable(let slot):
            let site = site(node.range, name)
            return { machine in machine.slot(slot).located(at: site) }
        case .local(let index):
            return { machine in machine.local(index) }
        default:
            let error = Cell.error(.unbound, at: site(node.range, name))
            return { _ in error }
        }
    }

    mutating func planSelect(
        _ node: SyntaxNode, _ operand: SyntaxNode, _ field: Name, isOptional: Bool
    ) -> Plan {
        if case .variable(let slot) = checked.resolutions[node.id] {
            let site = site(node)
            return { machine in machine.slot(slot).located(at: site) }
        }
        let reader = fieldReader(operand, field)
        if isOptional {
            let owner = plan(operand)
            return { machine in reader.readOptional(machine, owner(machine)) }
        }
        let key = reader.name.name
        switch checked.resolutions[operand.id] {
        case .variable(let slot):
            return { machine in
                let owner = machine.slot(slot)
                return CellMap.field(owner, key) ?? reader.missing(machine, owner)
            }
        case .local(let index):
            return { machine in
                let owner = machine.local(index)
                return CellMap.field(owner, key) ?? reader.missing(machine, owner)
            }
        default:
            let owner = plan(operand)
            return { machine in
                let owner = owner(machine)
                return CellMap.field(owner, key) ?? reader.missing(machine, owner)
            }
        }
    }

    mutating func fieldReader(_ operand: SyntaxNode, _ field: Name) -> FieldReader {
        FieldReader(
            name: fieldName(field.text),
            site: site(field.range, field.text, owner: sourceText(operand.range)),
            ownerSite: site(operand))
    }

    mutating func planHas(_ operand: SyntaxNode, _ field: Name) -> Condition {
        let reader = fieldReader(operand, field)
        let owner = plan(operand)
        return { machine in reader.has(machine, owner(machine)) }
    }

    mutating func planIndex(
        _ operand: SyntaxNode, _ index: SyntaxNode, isOptional: Bool
    ) -> Plan {
        let reader = IndexReader(
            site: site(index.range, sourceText(index.range), owner: sourceText(operand.range)))
        let owner = plan(operand)
        let key = plan(index)
        return { machine in
            let container = owner(machine)
            if container.isError { return container }
            let key = key(machine)
            if key.isError { return key }
            return isOptional
                ? reader.readOptional(machine, container, key)
                : reader.read(machine, container, key)
        }
    }
}

/// Reads one field of whatever it is given.
///
/// A class, so that a closure holds one word of it.
final class FieldReader: Sendable {
    let name: Cell
    private let site: UInt32
    private let ownerSite: UInt32

    init(name: Cell, site: UInt32, ownerSite: UInt32) {
        self.name = name
        self.site = site
        self.ownerSite = ownerSite
    }

    /// The field where the quick look did not find it, or why there is none.
    @inline(never)
    func missing(_ machine: Machine, _ owner: Cell) -> Cell {
        switch owner.tag {
        case .error: owner.located(at: ownerSite)
        case .optional: readOptional(machine, owner)
        case .map: CellMap.find(owner, name) ?? .error(.noSuchField, at: site)
        default: .error(.noSuchField, at: site)
        }
    }

    /// The field as an optional; absent when it, or its owner, is.
    func readOptional(_ machine: Machine, _ owner: Cell) -> Cell {
        switch owner.tag {
        case .error: return owner.located(at: ownerSite)
        case .optional: return owner.isNone ? .none : readOptional(machine, owner.elements[0])
        case .map:
            guard let value = CellMap.find(owner, name) else { return .none }
            return value.isError ? value : machine.makeSome(value).located(at: site)
        default: return .error(.noSuchField, at: site)
        }
    }

    func has(_ machine: Machine, _ owner: Cell) -> Truth {
        switch owner.tag {
        case .error: machine.fail(owner.located(at: ownerSite))
        case .map:
            Truth(CellMap.field(owner, name.name) != nil || CellMap.find(owner, name) != nil)
        case .optional: owner.isNone ? .no : has(machine, owner.elements[0])
        default: machine.fail(.error(.noSuchField, at: site))
        }
    }
}

/// Reads one element of whatever it is given.
struct IndexReader: Sendable {
    let site: UInt32

    func read(_ machine: Machine, _ container: Cell, _ key: Cell) -> Cell {
        switch container.tag {
        case .list: element(container, key) ?? .error(.indexOutOfBounds, at: site)
        case .map:
            CellMap.find(container, key) ?? .error(.noSuchField, at: site)
        case .optional: readOptional(machine, container, key)
        default: Cell.noOverload(container, key).located(at: site)
        }
    }

    func readOptional(_ machine: Machine, _ container: Cell, _ key: Cell) -> Cell {
        switch container.tag {
        case .list: some(machine, element(container, key))
        case .map: some(machine, CellMap.find(container, key))
        case .optional:
            container.isNone ? .none : readOptional(machine, container.elements[0], key)
        default: Cell.noOverload(container, key).located(at: site)
        }
    }

    private func some(_ machine: Machine, _ value: Cell?) -> Cell {
        value.map { machine.makeSome($0).located(at: site) } ?? .none
    }

    private func element(_ list: Cell, _ key: Cell) -> Cell? {
        let index: Int? =
            switch key.tag {
            case .int: Int(exactly: key.int)
            case .uint: Int(exactly: key.uint)
            case .double: Int(exactly: key.double)
            default: nil
            }
        guard let index, index >= 0, index < list.count else { return nil }
        return list.elements[index]
    }
}
