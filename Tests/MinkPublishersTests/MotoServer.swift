// The server of moto as a process of this test: SNS and SQS on a free port of this machine.
import CCurl
import Foundation
import MinkExpression
import MinkStore

@testable import MinkPublishers

/// SNS and SQS without AWS; gone when it is let go.
final class MotoServer {
    static let region = "eu-central-1"
    static let credentials = AWSCredentials(
        accessKeyID: "testing", secretAccessKey: Secret("testing"))

    /// Whether tests that need it run; a test without it fails.
    static let isWanted = ProcessInfo.processInfo.environment["MINK_SKIP_BROKERS"] != "1"

    let client: HTTPClient
    let address: String
    private let process: Process

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// A message as a queue has it.
    struct Received {
        let body: String
        let attributes: [String: String]
    }

    init() async throws {
        guard let program = Self.program else {
            throw Missing(
                description: "moto_server is missing; .ci/setup installs it, "
                    + "MINK_SKIP_BROKERS=1 leaves these tests out")
        }
        client = try HTTPClient()
        let port = try Self.freePort()
        address = "http://127.0.0.1:\(port)/"
        process = Process()
        process.executableURL = program
        process.arguments = ["-H", "127.0.0.1", "-p", String(port)]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let isUp = await eventually(within: .seconds(40)) {
            (try? await self.call("sns", ["Action": "ListTopics"])) != nil
        }
        guard isUp else { throw Missing(description: "moto_server does not answer") }
    }

    deinit {
        // A child of one of Swift's shared threads is deaf to the signals that ask.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static var program: URL? {
        let environment = ProcessInfo.processInfo.environment
        let caches = environment["XDG_CACHE_HOME"] ?? "\(NSHomeDirectory())/.cache"
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (["\(caches)/mink-workflow/moto/bin"] + folders)
            .map { URL(filePath: $0).appending(path: "moto_server") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    private static func freePort() throws -> Int {
        let sink = try HTTPSink { _ in HTTPSink.Answer() }
        defer { sink.stop() }
        return sink.port
    }

    /// Makes a topic, and a queue that gets its messages.
    func makeTopic(_ name: String) async throws -> (topic: String, queue: String) {
        let isOrdered = name.hasSuffix(".fifo")
        var (topicFields, queueFields) = (
            ["Action": "CreateTopic", "Name": name], [String: String]()
        )
        queueFields = ["Action": "CreateQueue", "QueueName": name]
        if isOrdered {
            topicFields["Attributes.entry.1.key"] = "FifoTopic"
            topicFields["Attributes.entry.1.value"] = "true"
            queueFields["Attribute.1.Name"] = "FifoQueue"
            queueFields["Attribute.1.Value"] = "true"
        }
        let topic = try await text("TopicArn", call("sns", topicFields))
        let queue = try await text("QueueUrl", call("sqs", queueFields))
        let arn = "arn:aws:sqs:\(Self.region):123456789012:\(name)"
        _ = try await call(
            "sns", ["Action": "Subscribe", "TopicArn": topic, "Protocol": "sqs", "Endpoint": arn])
        return (topic, queue)
    }

    /// Takes messages out of a queue until there are enough, or no more come.
    func receive(_ count: Int, from queue: String) async throws -> [Received] {
        var received: [Received] = []
        var misses = 0
        while received.count < count, misses < 5 {
            let answer = try await call(
                "sqs",
                ["Action": "ReceiveMessage", "QueueUrl": queue, "MaxNumberOfMessages": "10"])
            let messages = XMLText.elements("Message", in: answer[...])
            if messages.isEmpty { misses += 1 }
            for message in messages {
                let body = try Value(json: XMLText.text(of: "Body", in: message) ?? "")
                received.append(Received(notification: body))
                _ = try await call(
                    "sqs",
                    [
                        "Action": "DeleteMessage", "QueueUrl": queue,
                        "ReceiptHandle": XMLText.text(of: "ReceiptHandle", in: message) ?? "",
                    ])
            }
        }
        return received
    }

    private func text(_ name: String, _ answer: String) throws -> String {
        guard let text = XMLText.text(of: name, in: answer[...]) else {
            throw Missing(description: "no \(name) in \(answer)")
        }
        return text
    }

    private func call(_ service: String, _ fields: [String: String]) async throws -> String {
        let body = FormText.encode(fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let web = try WebAddress(address)
        let headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
            (name: "Host", value: "127.0.0.1:\(web.port)"),
        ]
        let signature = SignatureV4(
            credentials: Self.credentials, region: Self.region, service: service)
        let signed = signature.headers(
            for: SignatureV4.Request(headers: headers, body: body), at: MachineTime.now())
        let answer = try await client.send(
            HTTPRequest(
                address: web, headers: headers + signed, body: body,
                policy: AddressPolicy(allowLoopback: true), timeLimit: .seconds(20)))
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else { throw Missing(description: "\(answer.status): \(text)") }
        return text
    }
}

extension MotoServer.Received {
    /// Reads what SNS wraps around a message.
    fileprivate init(notification: Value) {
        func text(_ value: Value?) -> String {
            guard case .string(let text) = value else { return "" }
            return text
        }
        body = text(notification["Message"])
        var attributes: [String: String] = [:]
        if case .map(let map) = notification["MessageAttributes"] {
            for entry in map.entries {
                guard case .string(let name) = entry.key else { continue }
                attributes[name] = text(entry.value["Value"])
            }
        }
        self.attributes = attributes
    }
}
