// `chaos`: kills, restarts and cuts under load, on a server of its own, and holds what is left
// against what is promised.
import MinkDefinition
import MinkExpression
import MinkPostgres
import MinkStore
import MinkTesting
import MinkWorkflow

extension Verb {
    static let chaos = Verb(
        name: "chaos",
        summary:
            "kills engines and restarts a server under load, and tells whether anything was lost",
        operands: "",
        details: """
            Starts a PostgreSQL server of its own in a temporary folder, some engines as
            processes, and a client that places orders with money. Then it kills engines
            with signal 9, restarts the server as after a crash, cuts connections before,
            inside and behind the answer to a commit, and holds processes beyond their
            lease. When all is quiet it compares three logs: what the client had
            acknowledged, what the receivers saw, and what the database says. Exit code 1
            when something was lost, done twice, or never ends. Nothing else is touched,
            and nothing is left behind.

            Without counts it does a little of everything. With --minutes it goes on with
            everything for so long. The seed decides what can be decided.
            """,
        options: [
            Option(name: "--minutes", value: "N", summary: "how long to go on"),
            Option(name: "--kills", value: "N", summary: "how many engines to kill"),
            Option(name: "--restarts", value: "N", summary: "how often to restart the server"),
            Option(name: "--cuts", value: "N", summary: "how many connections to cut"),
            Option(name: "--pauses", value: "N", summary: "how many processes to hold"),
            Option(
                name: "--reloads", value: "N", summary: "how often to change the workflow's file"),
            Option(
                name: "--points", value: nil, summary: "ends an engine once at each crash point"),
            Option(
                name: "--clients", value: "N",
                summary: "how many clients, each with ten orders a second; 2 unless told"),
            Option(name: "--engines", value: "N", summary: "how many engines; 3 unless told"),
            Option(name: "--seed", value: "N", summary: "the seed; drawn unless told"),
            Option(
                name: "--keep", value: "DIR",
                summary: "keeps what engines and receivers wrote"),
            Option(name: "--list-points", value: nil, summary: "lists the crash points"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"]),
        ],
        perform: { arguments throws(UsageError) in
            try arguments.takesNoOperand("chaos")
            if arguments.has("--list-points") {
                for point in CrashPoint.allCases { Output.line(point.rawValue) }
                return .ok
            }
            let isJSON = arguments.value("--format") == "json"
            let plan = try arguments.chaosPlan
            Output.message("mink-workflow: chaos with seed \(plan.seed)")
            guard let program = FileSystem.realPath("/proc/self/exe") else {
                throw UsageError(message: "the program's own file can not be found", code: .bug)
            }
            let run = ChaosRun(plan, engine: program) { url, schema in
                var options = PostgresOptions()
                options.poolSize = max(2, plan.clients)
                return try await PostgresStore(url, schema: schema, options: options)
            }
            let report: ChaosReport
            do {
                report = try await run.perform()
            } catch let error as ScratchPostgres.Failure {
                throw UsageError(message: error.description, code: .unreachable)
            } catch {
                throw UsageError(message: "the run could not be carried out: \(error)", code: .bug)
            }
            Output.line(isJSON ? report.json.json : report.text)
            return report.violations.isEmpty ? .ok : .negative
        })
}

extension Arguments {
    fileprivate var chaosPlan: ChaosPlan {
        get throws(UsageError) {
            var plan = ChaosPlan(seed: UInt64.random(in: 0..<1_000_000_000))
            if let seed = try count("--seed", upTo: .max) { plan.seed = UInt64(seed) }
            plan.clients = max(1, try count("--clients", upTo: 100) ?? 2)
            plan.engines = max(1, try count("--engines", upTo: 32) ?? 3)
            if let minutes = try count("--minutes", upTo: 1_440) {
                plan.duration = .seconds(60 * minutes)
            }
            let names = ["--kills", "--restarts", "--cuts", "--pauses", "--reloads"]
            let isCounted = names.contains(where: has) || has("--points")
            let few = isCounted || plan.duration != nil ? [0, 0, 0, 0, 0] : [30, 3, 30, 3, 10]
            plan.kills = try count("--kills", upTo: 1_000_000) ?? few[0]
            plan.restarts = try count("--restarts", upTo: 1_000_000) ?? few[1]
            plan.cuts = try count("--cuts", upTo: 1_000_000) ?? few[2]
            plan.pauses = try count("--pauses", upTo: 1_000_000) ?? few[3]
            plan.reloads = try count("--reloads", upTo: 1_000_000) ?? few[4]
            plan.keep = value("--keep")
            if has("--points") { plan.points = CrashPoint.allCases.filter { $0.isOfEngines } }
            return plan
        }
    }

    private func count(_ name: String, upTo most: Int) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), (0...most).contains(number) else {
            throw UsageError(message: "\(name) needs a whole number from 0 to \(most)")
        }
        return number
    }
}
