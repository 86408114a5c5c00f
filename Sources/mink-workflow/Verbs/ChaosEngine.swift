// `chaos-engine`: an engine of a chaos run, as a process of its own. No help lists it.
import Glibc
import MinkStore
import MinkTesting
import MinkWorkflow

extension Verb {
    static let chaosEngine = Verb(
        name: "chaos-engine",
        summary: "an engine of a chaos run",
        operands: "",
        details: "",
        options: Verb.serve.options + [
            Option(name: "--sink", value: "FILE", summary: "where receivers note what they see"),
            Option(name: "--seed", value: "N", summary: "decides how receivers behave"),
        ],
        perform: { arguments throws(UsageError) in
            guard let sink = arguments.value("--sink").flatMap({ ChaosSink($0) }),
                let seed = arguments.value("--seed").flatMap({ UInt64($0) })
            else { throw UsageError(message: "chaos-engine needs --sink FILE and --seed N") }
            endWithStandardInput()
            return try await serveEngine(arguments) { _ in
                true
            } receiver: { _ in
                ChaosReceiver(sink: sink, seed: seed)
            }
        })

    /// Ends the process when the one who started it is gone.
    private static func endWithStandardInput() {
        _ = OwnThread.run {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || count < 0 && errno != EINTR { break }
            }
            _exit(0)
        }
    }
}
