/// The tests of the conformance suite that are not passed, and why.
///
/// The same list stands in the expression reference, `Documentation.docc/Expressions.md`.
enum KnownFailures {
    private static let container = "containers are outside the profile"
    private static let functions = "declared functions are outside the profile"

    static let reasons: [String: String] = [
        "namespace/namespace/self_eval_container_lookup": container,
        "namespace/namespace/self_eval_container_lookup_unchecked": container,
        "namespace/namespace_shadowing/basic": container,
        "type_deduction/functions/function_result_type": functions,
        "type_deduction/type_parameters/multiple_parameters_generality": functions,
        "type_deduction/type_parameters/multiple_parameters_generality_2": functions,
        "type_deduction/type_parameters/multiple_parameters_parameterized_ovl": functions,
        "type_deduction/type_parameters/multiple_parameters_parameterized_ovl_2": functions,
    ]
}
