// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors where every change is checked, not on the way there.
let strictness: [SwiftSetting] =
    Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + strictness

/// A module of the product; the README's table of modules says what it may import.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one module.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name)] + dependencies,
        swiftSettings: settings)
}

let package = Package(
    name: "mink-workflow",
    products: [
        .library(name: "MinkWorkflow", targets: ["MinkWorkflow"]),
        .library(name: "MinkSQLite", targets: ["MinkSQLite"]),
        .library(name: "MinkPostgres", targets: ["MinkPostgres"]),
        .library(name: "MinkPublishers", targets: ["MinkPublishers"]),
        .library(name: "MinkTesting", targets: ["MinkTesting"]),
        .executable(name: "mink-workflow", targets: ["mink-workflow"]),
    ],
    targets: [
        // Libraries of the system.
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

        // The schemas and the rule catalog, as bytes of the binary.
        .target(name: "CDocuments"),

        // The language, from text to a decision. Pure: no clock, no files, no randomness.
        module("MinkExpression", ["CRE2"]),
        module("MinkDefinition", ["MinkExpression", "CCrypto"]),
        module("MinkEngine", ["MinkExpression", "MinkDefinition"]),
        module("MinkStore", ["MinkExpression", "MinkDefinition", "MinkEngine"]),

        // The engine in a process.
        module(
            "MinkSQLite",
            ["MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "CSQLite"]),
        module(
            "MinkPostgres",
            ["MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "CLibpq"]),
        module(
            "MinkPublishers",
            [
                "MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "CRdKafka", "CCurl",
                "CCrypto",
            ]),
        module("MinkCommands", ["MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore"]),
        module(
            "MinkWorkflow",
            ["MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "MinkCommands"]),
        module(
            "MinkTesting",
            [
                "MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "MinkCommands",
                "MinkWorkflow", "MinkSQLite",
            ]),
        .executableTarget(
            name: "mink-workflow",
            dependencies: [
                "MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "MinkCommands",
                "MinkWorkflow", "MinkSQLite", "MinkPostgres", "MinkPublishers", "MinkTesting",
                "CDocuments",
            ],
            swiftSettings: settings),

        tests(of: "MinkExpression"),
        tests(of: "MinkDefinition", ["MinkExpression"]),
        tests(of: "MinkEngine", ["MinkExpression", "MinkDefinition", "MinkTesting"]),
        tests(of: "MinkCommands", ["MinkExpression"]),
        tests(
            of: "MinkSQLite",
            [
                "MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "MinkTesting",
                "CSQLite",
            ]),
        tests(
            of: "MinkPostgres",
            [
                "MinkExpression", "MinkDefinition", "MinkEngine", "MinkStore", "MinkTesting",
                "MinkWorkflow",
            ]),
        tests(
            of: "MinkPublishers",
            ["MinkExpression", "MinkDefinition", "MinkStore", "MinkTesting", "CRdKafka", "CCurl"]),
        tests(
            of: "MinkWorkflow",
            ["MinkSQLite", "MinkTesting", "MinkEngine", "MinkDefinition", "MinkPublishers"]),
        tests(
            of: "MinkTesting",
            ["MinkExpression", "MinkDefinition", "MinkEngine", "MinkWorkflow", "mink-workflow"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "mink-workflow", "MinkTesting", "MinkPublishers", "MinkExpression", "CSQLite",
            ],
            swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)
