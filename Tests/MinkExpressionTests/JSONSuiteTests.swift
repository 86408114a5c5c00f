import Foundation
import MinkExpression
import Testing

@Suite(
    "JSONTestSuite",
    .enabled(if: JSONTestData.exists(JSONTestData.suite), "shared/data is not beside the package"))
struct JSONSuiteTests {
    private typealias Code = JSONProblem.Code

    /// Where the suite leaves the choice: what is found, and whether that refuses the text.
    private static let choices: [String: (Code, JSONProblem.Severity)] = [
        "number_double_huge_neg_exp": (.numberNotExact, .warning),
        "number_huge_exp": (.numberNotExact, .warning),
        "number_neg_int_huge_exp": (.numberNotExact, .warning),
        "number_pos_double_huge_exp": (.numberNotExact, .warning),
        "number_real_neg_overflow": (.numberNotExact, .warning),
        "number_real_pos_overflow": (.numberNotExact, .warning),
        "number_real_underflow": (.numberNotExact, .warning),
        "number_too_big_neg_int": (.numberNotExact, .warning),
        "number_too_big_pos_int": (.numberNotExact, .warning),
        "number_very_big_negative_int": (.numberNotExact, .warning),
        "object_key_lone_2nd_surrogate": (.encoding, .error),
        "string_1st_surrogate_but_2nd_missing": (.encoding, .error),
        "string_1st_valid_surrogate_2nd_invalid": (.encoding, .error),
        "string_UTF-16LE_with_BOM": (.encoding, .error),
        "string_UTF-8_invalid_sequence": (.encoding, .error),
        "string_UTF8_surrogate_U+D800": (.encoding, .error),
        "string_incomplete_surrogate_and_escape_valid": (.encoding, .error),
        "string_incomplete_surrogate_pair": (.encoding, .error),
        "string_incomplete_surrogates_escape_valid": (.encoding, .error),
        "string_invalid_lonely_surrogate": (.encoding, .error),
        "string_invalid_surrogate": (.encoding, .error),
        "string_invalid_utf-8": (.encoding, .error),
        "string_inverted_surrogates_U+1D11E": (.encoding, .error),
        "string_iso_latin_1": (.encoding, .error),
        "string_lone_second_surrogate": (.encoding, .error),
        "string_lone_utf8_continuation_byte": (.encoding, .error),
        "string_not_in_unicode_range": (.encoding, .error),
        "string_overlong_sequence_2_bytes": (.encoding, .error),
        "string_overlong_sequence_6_bytes": (.encoding, .error),
        "string_overlong_sequence_6_bytes_null": (.encoding, .error),
        "string_truncated-utf-8": (.encoding, .error),
        "string_utf16BE_no_BOM": (.encoding, .error),
        "string_utf16LE_no_BOM": (.encoding, .error),
        "structure_500_nested_arrays": (.tooBig, .error),
        "structure_UTF-8_BOM_empty_object": (.encoding, .warning),
    ]

    private static func names(_ prefix: String) -> [String] {
        JSONTestData.names(in: JSONTestData.suite).filter { $0.hasPrefix(prefix) }
    }

    private func read(_ name: String, _ limits: JSONLimits) throws -> JSONDocument {
        let bytes = try JSONTestData.bytes(of: name, in: JSONTestData.suite)
        return JSONDocument(reading: bytes, limits: limits)
    }

    @Test(arguments: names("y_"))
    func `is accepted where it says yes, but for repeated names`(name: String) throws {
        for limits in [JSONLimits.definition, .event] {
            let problems = try read(name, limits).problems
            let isDuplicate = name.contains("duplicated_key")

            #expect(problems.filter { $0.code != .duplicateKey } == [])
            #expect(problems.contains { $0.code == .duplicateKey } == isDuplicate)
        }
    }

    @Test(arguments: names("n_"))
    func `is refused where it says no`(name: String) throws {
        for limits in [JSONLimits.definition, .event] {
            #expect(try read(name, limits).hasErrors)
        }
    }

    @Test(arguments: names("i_"))
    func `gets the pinned answer where it leaves the choice`(name: String) throws {
        let key = String(name.dropFirst(2).dropLast(5))
        let (code, severity) = try #require(Self.choices[key])
        let problems = try read(name, .definition).problems

        #expect(Set(problems.map(\.code)) == [code])
        #expect(Set(problems.map(\.severity)) == [severity])
    }

    @Test func `is there in full`() {
        #expect(Self.names("y_").count == 95)
        #expect(Self.names("n_").count == 188)
        #expect(Self.names("i_").count == Self.choices.count)
    }
}
