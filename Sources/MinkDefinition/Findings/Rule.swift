// The rules that `validate` applies: one case each, its code, its slug and how much it weighs.

/// A rule of the catalog.
package enum Rule: String, CaseIterable, Sendable {
    // JSON text.
    case jsonSyntax = "MW0001"
    case duplicateKey = "MW0002"
    case notPlainJson = "MW0003"
    case badTextEncoding = "MW0004"
    case tooBig = "MW0005"
    case numberNotExact = "MW0006"
    case hiddenCharacters = "MW0007"
    // Shape.
    case unknownKey = "MW1001"
    case missingKey = "MW1002"
    case wrongType = "MW1003"
    case badValue = "MW1004"
    case badName = "MW1005"
    case nameClash = "MW1006"
    case exclusiveKeys = "MW1007"
    case keyNotHere = "MW1008"
    case emptyBlock = "MW1009"
    case noDescription = "MW1010"
    case deprecatedKey = "MW1011"
    case otherLanguage = "MW1012"

    // References.
    case unknownState = "MW2001"
    case unknownEvent = "MW2002"
    case unknownCommand = "MW2003"
    case unknownData = "MW2004"
    case unknownPolicy = "MW2005"
    case includeProblem = "MW2006"
    case unused = "MW2007"

    // Expressions.
    case exprSyntax = "MW3001"
    case unknownField = "MW3002"
    case typeMismatch = "MW3003"
    case guardNotBoolean = "MW3004"
    case maybeUnset = "MW3005"
    case outOfScope = "MW3006"
    case unknownFunction = "MW3007"
    case constantCondition = "MW3008"
    case decimalMixedWithDouble = "MW3009"
    case forgottenEquals = "MW3010"
    case tooCostly = "MW3012"

    // Reachability and liveness.
    case unreachableState = "MW4001"
    case stuckState = "MW4002"
    case noEnd = "MW4003"
    case missingOtherwise = "MW4004"
    case neverTaken = "MW4005"
    case overlappingGuards = "MW4006"
    case unboundedLoop = "MW4007"
    case spinningLoop = "MW4008"
    case unhandledAnswer = "MW4009"
    case deadEvent = "MW4010"
    case joinNever = "MW4011"
    case gaveUp = "MW4090"

    // Compensation.
    case noUndo = "MW5001"
    case undoWithoutStep = "MW5002"
    case undoValueMissing = "MW5003"
    case failAfterNoReturn = "MW5004"
    case undoOrder = "MW5005"
    case badEndOfCompensation = "MW5006"
    case doubleUndo = "MW5008"
    case noRetryAfterNoReturn = "MW5009"
    case gotoSkipsUndo = "MW5010"
    case lateSuccessKept = "MW5011"

    // Correlation.
    case noKey = "MW6001"
    case keyType = "MW6002"
    case keyChanged = "MW6003"
    case earlyAndLate = "MW6004"
    case holdTooShort = "MW6005"
    case startClash = "MW6006"
    case notIdempotentHandler = "MW6007"
    case badFanoutKey = "MW6008"

    // Time and retry.
    case noTimeout = "MW7001"
    case deadlineTooShort = "MW7002"
    case retryOutlastsTimeout = "MW7003"
    case delayOutlastsTimeout = "MW7004"
    case retryStorm = "MW7005"

    // Versions.
    case changedWithoutVersion = "MW8001"
    case stateRemoved = "MW8002"
    case correlationChanged = "MW8003"
    case dataIncompatible = "MW8004"
    case eventStricter = "MW8005"
    case commandChanged = "MW8006"
    case undoChanged = "MW8007"
    case timeoutShorter = "MW8008"
    case badMigrateMap = "MW8009"
    case replayDiffers = "MW8012"

    // Security and operations.
    case secret = "MW9001"
    case unknownDestination = "MW9002"
    case addressInDefinition = "MW9003"
    case unsafeDestination = "MW9004"
    case personalDataOut = "MW9005"
    case silentDrop = "MW9006"
    case limitRaised = "MW9007"
    case badAllow = "MW9008"
    case unusedAllow = "MW9009"
}

extension Rule {
    /// The stable code, as in MW3002.
    package var code: String { rawValue }

    /// The name in words, as in `unknown-field`.
    package var slug: String { Self.slugs[self] ?? code }

    private static let slugs: [Rule: String] = Dictionary(
        uniqueKeysWithValues: allCases.map { rule in
            var slug = ""
            for letter in String(describing: rule) {
                if letter.isUppercase { slug += "-" }
                slug += letter.lowercased()
            }
            return (rule, slug)
        })

    /// The severity unless the project says otherwise.
    package var severity: Severity {
        switch self {
        case .noDescription, .gaveUp:
            .info
        case .numberNotExact, .hiddenCharacters, .emptyBlock, .deprecatedKey, .unused,
            .constantCondition, .forgottenEquals, .tooCostly, .unreachableState,
            .missingOtherwise, .overlappingGuards, .unboundedLoop, .unhandledAnswer, .deadEvent,
            .undoWithoutStep, .undoOrder, .doubleUndo, .noRetryAfterNoReturn, .lateSuccessKept,
            .holdTooShort, .startClash, .notIdempotentHandler, .noTimeout, .deadlineTooShort,
            .retryOutlastsTimeout, .delayOutlastsTimeout, .retryStorm, .eventStricter,
            .commandChanged, .undoChanged, .timeoutShorter, .personalDataOut, .silentDrop,
            .limitRaised, .unusedAllow:
            .warning
        default:
            .error
        }
    }

    /// Whether no level can silence it.
    package var isMandatory: Bool { self == .secret }

    /// Whether its fix is sure enough to be carried out unasked, by `validate --fix`.
    package var hasSureFix: Bool {
        switch self {
        case .notPlainJson, .badTextEncoding, .deprecatedKey, .forgottenEquals, .unusedAllow: true
        default: false
        }
    }

    /// Whether a file may accept it with a reason.
    ///
    /// What keeps a file from having one clear meaning has to be repaired; what a person may know
    /// better can be accepted.
    package var canBeAccepted: Bool {
        guard severity == .error, self != .maybeUnset else { return true }
        switch self {
        case .badEndOfCompensation, .noKey, .keyType, .keyChanged, .secret, .addressInDefinition,
            .badAllow, .changedWithoutVersion:
            return false
        default:
            return !["MW0", "MW1", "MW2", "MW3"].contains(String(code.prefix(3)))
        }
    }
}
