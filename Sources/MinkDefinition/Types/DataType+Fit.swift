// Whether a computed value fits a type, and how it is kept then.
package import MinkExpression

extension DataType {
    /// The value as this type keeps it.
    ///
    /// Whole numbers become decimals and floating point numbers where nothing is lost. Null fits
    /// where it stands for "no value"; as a member of an object it is left out then.
    package func fit(_ value: Value) -> Result<Value, TypeMismatch> {
        if case .null = value, isNullable { return .success(.null) }
        return fitKind(value).flatMap { value in
            rules.objection(to: value).map { .failure(TypeMismatch($0)) } ?? .success(value)
        }
    }

    private func fitKind(_ value: Value) -> Result<Value, TypeMismatch> {
        switch (kind, value) {
        case (.any, _), (.boolean, .bool), (.integer, .int), (.number, .double),
            (.decimal, .decimal), (.string, .string), (.timestamp, .timestamp),
            (.duration, .duration):
            return .success(value)
        case (.integer, _):
            return fitted(value.wholeNumber.map(Value.int), from: value)
        case (.number, _):
            return fitted(value.exactDouble.map(Value.double), from: value)
        case (.decimal, _):
            return fitted(value.exactDecimal.map(Value.decimal), from: value)
        case (.date, .string(let text)):
            return fitted(Self.isDate(text) ? value : nil, from: value)
        case (.date, .timestamp(let moment)):
            return fitted(moment.day.map(Value.string), from: value)
        case (.list(let element), .list(let values)):
            return fitList(values, of: element)
        case (.object(let fields), .map(let object)):
            return fitObject(object, fields)
        case (.choice(let types, let isExclusive), _):
            return choose(among: types, isExclusive, found: value.inWords) { $0.fit(value) }
        default:
            return fitted(nil, from: value)
        }
    }

    private func fitted(_ value: Value?, from original: Value) -> Result<Value, TypeMismatch> {
        value.map(Result.success) ?? .failure(.expected(self, found: original.inWords))
    }

    private func fitList(_ values: [Value], of element: DataType) -> Result<Value, TypeMismatch> {
        var fitting: [Value] = []
        fitting.reserveCapacity(values.count)
        for (index, item) in values.enumerated() {
            switch element.fit(item) {
            case .success(let value): fitting.append(value)
            case .failure(let mismatch): return .failure(mismatch.inside(element: index))
            }
        }
        return .success(.list(fitting))
    }

    private func fitObject(
        _ values: ValueMap, _ fields: ObjectFields
    ) -> Result<Value, TypeMismatch> {
        var object = ValueMap(minimumCapacity: values.count)
        for entry in values.entries {
            guard case .string(let name) = entry.key else {
                return .failure(
                    TypeMismatch("expected names as keys, found \(entry.key.value.inWords)"))
            }
            let field = fields[name]
            if case .null = entry.value, field?.isOptional == true { continue }
            let fitting: Result<Value?, TypeMismatch> =
                field.map { $0.type.fit(entry.value).map(Optional.some) }
                ?? fields.others.fit(entry.value)
            switch fitting {
            case .success(let value?): object[entry.key] = value
            case .success(nil): break
            case .failure(let mismatch): return .failure(mismatch.inside(member: name))
            }
        }
        if let missing = fields.firstMissing(in: object) { return .failure(missing) }
        return .success(.map(object))
    }
}

extension ObjectFields.Others {
    /// What to keep of a member that is not declared; `nil` drops it.
    fileprivate func fit(_ value: Value) -> Result<Value?, TypeMismatch> {
        switch self {
        case .refused: .failure(TypeMismatch("is not a field here"))
        case .dropped: .success(nil)
        case .kept: .success(value)
        case .typed(let type): type.fit(value).map(Optional.some)
        }
    }
}

extension Value {
    /// The number as a whole one of 64 bits, when it is one.
    fileprivate var wholeNumber: Int64? {
        switch self {
        case .int(let number): number
        case .uint(let number): Int64(exactly: number)
        case .double(let number): Int64(exactly: number)
        case .decimal(let number): number.exactInt64
        default: nil
        }
    }

    /// The number as a floating point one, when nothing is lost.
    fileprivate var exactDouble: Double? {
        switch self {
        case .double(let number): number
        case .int(let number): Double(exactly: number)
        case .uint(let number): Double(exactly: number)
        default: nil
        }
    }

    /// The number as a decimal, when it is no floating point one.
    var exactDecimal: ExactDecimal? {
        switch self {
        case .decimal(let number): number
        case .int(let number): ExactDecimal(mantissa: Int128(number), scale: 0)
        case .uint(let number): ExactDecimal(mantissa: Int128(number), scale: 0)
        default: nil
        }
    }

    /// Whether both are the same for an enumeration: numbers by value, all else by form.
    func means(_ other: Value) -> Bool {
        if let left = exactDecimal, let right = other.exactDecimal {
            return left.isEqual(to: right)
        }
        return self == other
    }

    /// How a number stands to a bound; `nil` when this is no number.
    func compared(to bound: ExactDecimal) -> Order? {
        if let number = exactDecimal { return number.compare(to: bound) }
        guard case .double(let number) = self else { return nil }
        return Order(number, bound.double)
    }
}

extension Timestamp {
    /// The day of a moment that is midnight in UTC, as text.
    fileprivate var day: String? {
        let text = description
        return text.hasSuffix("T00:00:00Z") ? String(text.prefix(10)) : nil
    }
}
