// `destinations`, and `serve` that sends to them, as processes.
import Foundation
import MinkPublishers
import Synchronization
import Testing

@Suite("The verb destinations", .timeLimit(.minutes(15)))
struct DestinationsTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func folder(_ destinations: String) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("{ \"destinations\": \(destinations) }", to: "mink-workflow.json")
        return folder
    }

    private static func webhook(_ address: String) -> String {
        "{ \"payments\": { \"webhook\": { \"url\": \"\(address)\", \"secret\": \"secret:pay-1\", "
            + "\"allowLoopback\": true } } }"
    }

    private func run(
        _ words: String..., in folder: ScratchFolder, environment: [String: String] = [:]
    ) throws -> CommandLineRun {
        let settings = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        let line = "\(settings) mink-workflow \(words.joined(separator: " "))"
        return try CommandLineRun(shell: line, in: folder.url)
    }

    @Test func `lists what is ready, what is not and why, and never a secret`() throws {
        let folder = try folder(
            """
            { "payments": { "webhook": { "url": "https://payments.example/c?token=abc",
                "secret": "secret:pay-1", "personal": true } },
              "shipping": { "kafka": { "brokers": "kafka:9092", "topic": "shipping",
                "settings": { "sasl.password": "secret:kafka" } } } }
            """)

        let run = try run(
            "destinations list", in: folder, environment: ["MINK_SECRET_PAY_1": Self.secret])

        #expect(
            run.lines == [
                "payments  webhook  https://payments.example/c  takes personal data  ready",
                "shipping  kafka    shipping at kafka:9092  not ready: destination \"shipping\": "
                    + "the secret \"kafka\" is missing; set MINK_SECRET_KAFKA, or "
                    + "MINK_SECRET_KAFKA_FILE to a file that has it",
            ])
        #expect(run.code == 1)
        #expect(!(run.output + run.errors).contains(Self.secret))
    }

    @Test func `sends one signed message, with the secret from a file`() throws {
        let seen = Mutex<[HTTPSink.Request]>([])
        let sink = try HTTPSink { request in
            seen.withLock { $0.append(request) }
            return HTTPSink.Answer(200, json: "{\"events\": [{\"type\": \"Pong\"}]}")
        }
        defer { sink.stop() }
        let folder = try folder(Self.webhook(sink.address))
        let file = try folder.write(Self.secret + "\n", to: "secret.txt")

        let run = try run(
            "destinations test payments", in: folder,
            environment: ["MINK_SECRET_PAY_1_FILE": file])

        #expect(run.output == "payments: accepted, answered by Pong\n", "\(run.errors)")
        #expect(run.code == 0)
        let request = try #require(seen.withLock { $0.first })
        try WebhookVerifier(secrets: [WebhookSecret(Secret(Self.secret))])
            .verify(headers: request.headers, body: request.body, at: MachineTime.now())
    }

    @Test func `says what failed, with exit code 4`() throws {
        let sink = try HTTPSink { _ in HTTPSink.Answer(503) }
        defer { sink.stop() }
        let folder = try folder(Self.webhook(sink.address))
        let environment = ["MINK_SECRET_PAY_1": Self.secret]

        let run = try run("destinations test payments", in: folder, environment: environment)
        let dry = try self.run(
            "destinations test payments --dry-run --format json", in: folder,
            environment: environment)

        #expect(run.output == "payments: failed: the receiver answered 503\n")
        #expect(run.code == 4)
        #expect(dry.code == 0)
        #expect(dry.output.contains("\"outcome\": \"ready; nothing was sent\""))
    }

    @Test(
        arguments: [
            ("destinations", 2, "destinations needs a word"),
            ("destinations test", 2, "say which destination: test NAME"),
            ("destinations test paymnts", 5, "did you mean \"payments\"?"),
            ("destinations test payments", 2, "set MINK_SECRET_PAY_1"),
        ] as [(String, Int32, String)])
    func `says what to do instead`(words: String, code: Int32, message: String) throws {
        let run = try run(words, in: folder(Self.webhook("https://payments.example/")))

        #expect(run.code == code)
        #expect(run.errors.contains(message), "\(run.errors)")
    }
}

extension CommandLineRun {
    /// Runs a line in a shell that finds our binary.
    fileprivate init(shell line: String, in folder: URL) throws {
        let path = Self.binary.deletingLastPathComponent().path
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "\(path):\(environment["PATH"] ?? "")"
        environment["NO_COLOR"] = "1"
        process.environment = environment
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let (told, warned) = (Self.text(of: output), Self.text(of: errors))
        process.waitUntilExit()
        self.init(output: told, errors: warned, code: process.terminationStatus)
    }
}
