// The report of `test` in the XML form that CI servers read (JUnit).
import MinkTesting

/// Writes a report as XML: a suite for each file, a case for each scenario.
struct JUnitWriter {
    private let report: TestReport

    init(_ report: TestReport) { self.report = report }

    /// The whole document.
    var text: String {
        let files = report.cases.reduce(into: [String]()) { files, one in
            if !files.contains(one.file) { files.append(one.file) }
        }
        let suites = files.map { file in suite(file, report.cases.filter { $0.file == file }) }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="mink-workflow" \(counts(report.cases))>
            \(properties)\(suites.joined())</testsuites>

            """
    }

    /// The coverage stands in a suite without cases, because only suites have properties.
    private var properties: String {
        guard !report.coverage.isEmpty else { return "" }
        let lines = report.coverage.map { coverage in
            #"      <property name="coverage.\#(coverage.workflow.escaped)" "#
                + #"value="\#(coverage.perMille / 10).\#(coverage.perMille % 10)"/>"#
        }
        return """
              <testsuite name="coverage figures" tests="0" failures="0" time="0.000">
                <properties>
            \(lines.joined(separator: "\n"))
                </properties>
              </testsuite>

            """
    }

    private func suite(_ file: String, _ cases: [TestReport.Case]) -> String {
        """
          <testsuite name="\(file.escaped)" \(counts(cases))>
        \(cases.map(element).joined())  </testsuite>

        """
    }

    private func counts(_ cases: [TestReport.Case]) -> String {
        let took = cases.reduce(Duration.zero) { $0 + $1.took }
        return #"tests="\#(cases.count)" failures="\#(cases.count { $0.failure != nil })" "#
            + #"errors="0" skipped="0" time="\#(seconds(took))""#
    }

    private func element(_ one: TestReport.Case) -> String {
        let start =
            #"    <testcase classname="\#(one.file.escaped)" name="\#(one.name.escaped)" "#
            + #"time="\#(seconds(one.took))""#
        guard let failure = one.failure else { return start + "/>\n" }
        let first = failure.split(separator: "\n").first.map(String.init) ?? ""
        let place = one.place.map { "\($0)\n" } ?? ""
        return """
            \(start)>
                  <failure message="\(first.escaped)">\((place + failure).escaped)</failure>
                </testcase>

            """
    }

    private func seconds(_ duration: Duration) -> String {
        let (whole, attoseconds) = duration.components
        let thousandths = String(attoseconds / 1_000_000_000_000_000)
        return "\(whole)." + String(repeating: "0", count: max(0, 3 - thousandths.count))
            + thousandths
    }
}

extension String {
    /// The text as it may stand in XML; what XML has no way to write becomes U+FFFD.
    fileprivate var escaped: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\n": text += "&#10;"
            case "\t": text += "&#9;"
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
