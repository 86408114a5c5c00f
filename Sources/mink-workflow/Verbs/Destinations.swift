// `destinations`: where commands may go, as the operator's file says, and whether they get there.
import MinkDefinition
import MinkPublishers
import MinkStore
import MinkWorkflow

extension Verb {
    static let destinations = Verb(
        name: "destinations",
        summary: "lists where commands may go, and sends a message to try one",
        operands: "list | test NAME",
        details: """
            list    the destinations of mink-workflow.json, and whether each is ready
            test    sends one message of the type "DestinationTest" and says what came of it;
                    its receiver has to know that it asks for nothing

            A secret is read from MINK_SECRET_NAME, or from the file that
            MINK_SECRET_NAME_FILE names, and is never shown.
            """,
        options: [
            Option(name: "--config", value: "FILE", summary: "the operator's file"),
            Option(name: "--dry-run", value: nil, summary: "test: prepares all and sends nothing"),
            Option(
                name: "--format", value: "FORMAT", summary: "text (default) or json",
                choices: ["text", "json"]),
        ],
        perform: { arguments throws(UsageError) in
            let desk = try DestinationDesk(arguments)
            switch arguments.operands.first {
            case "list":
                guard arguments.operands.count == 1 else {
                    throw UsageError(message: "list takes no more words")
                }
                return desk.list()
            case "test":
                guard arguments.operands.count == 2 else {
                    throw UsageError(message: "say which destination: test NAME")
                }
                return try await desk.test(arguments.operands[1])
            default:
                throw UsageError(message: "destinations needs a word: list, or test NAME")
            }
        },
        words: ["list", "test"])
}

extension DestinationBuilder {
    /// A builder that reads secrets from the environment of the process.
    static func ofProcess() throws(UsageError) -> DestinationBuilder {
        do throws(PublisherError) {
            return DestinationBuilder(secrets: .ofProcess, client: try HTTPClient())
        } catch {
            throw UsageError(message: error.message)
        }
    }

    /// The publishers of all destinations.
    func publishers(
        _ destinations: [String: ProjectSettings.Destination]
    ) throws(UsageError) -> [String: any Publisher] {
        var publishers: [String: any Publisher] = [:]
        for (name, destination) in destinations.sorted(by: { $0.key < $1.key }) {
            do throws(PublisherError) {
                publishers[name] = try publisher(name, destination)
            } catch {
                throw UsageError(message: error.message)
            }
        }
        return publishers
    }
}

/// The configured destinations, for a person.
private struct DestinationDesk {
    private let destinations: [String: ProjectSettings.Destination]
    private let builder: DestinationBuilder
    private let isJSON: Bool
    private let isDry: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        guard let read = try loadSettings(arguments) else {
            throw UsageError(
                message: "there is no mink-workflow.json here or above; name it with --config")
        }
        let errors = read.findings.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw UsageError(message: TextRenderer().render(errors))
        }
        destinations = read.settings.destinations ?? [:]
        builder = try DestinationBuilder.ofProcess()
        isJSON = arguments.value("--format") == "json"
        isDry = arguments.has("--dry-run")
    }

    /// Shows all; the answer is negative when one is not ready.
    func list() -> ExitCode {
        var isReady = true
        var rows: [JSONText] = []
        let width = destinations.keys.map(\.count).max() ?? 0
        for (name, destination) in destinations.sorted(by: { $0.key < $1.key }) {
            let problem = problem(of: name, destination)
            if problem != nil { isReady = false }
            let (kind, place) = destination.words
            if isJSON {
                rows.append(
                    .object([
                        ("name", .string(name)), ("kind", .string(kind)),
                        ("place", .string(place)),
                        ("personal", .bool(destination.takesPersonalData)),
                        ("problem", problem.map(JSONText.string) ?? .null),
                    ]))
            } else {
                let personal = destination.takesPersonalData ? "  takes personal data" : ""
                let state = problem.map { "  not ready: \($0)" } ?? "  ready"
                Output.line(
                    "\(name.padded(to: width))  \(kind.padded(to: 7))  \(place)\(personal)\(state)")
            }
        }
        if isJSON {
            let report = JSONText.object([
                ("formatVersion", .number(1)), ("destinations", .list(rows)),
            ])
            Output.write(report.indented)
        } else if destinations.isEmpty {
            Output.line("no destinations are configured")
        }
        return isReady ? .ok : .negative
    }

    private func problem(
        of name: String, _ destination: ProjectSettings.Destination
    ) -> String? {
        do throws(PublisherError) {
            _ = try builder.publisher(name, destination)
            return nil
        } catch {
            return error.message
        }
    }

    /// Sends one message.
    func test(_ name: String) async throws(UsageError) -> ExitCode {
        guard let destination = destinations[name] else {
            let hint = NameSuggestions(Array(destinations.keys)).nearest(to: name)
                .map { "; did you mean \"\($0)\"?" }
            throw UsageError(
                message: "there is no destination \"\(name)\""
                    + (hint ?? "; \"mink-workflow destinations list\" shows them"),
                code: .notFound)
        }
        let publisher: any Publisher
        do throws(PublisherError) {
            publisher = try builder.publisher(name, destination)
        } catch {
            throw UsageError(message: error.message)
        }
        guard !isDry else {
            tell(name, "ready; nothing was sent", isAccepted: true)
            return .ok
        }
        let now = "\(SystemClock().now())"
        let message = OutboxMessage(
            id: "destination-test-\(now)", destination: name, key: "destination-test",
            type: "DestinationTest",
            body: Array("{\"type\":\"DestinationTest\",\"data\":{}}".utf8),
            headers: [
                OutboxMessage.Header.id: "destination-test-\(now)",
                OutboxMessage.Header.type: "DestinationTest",
            ])
        let outcome = await publisher.publish([message], within: .seconds(30)).first ?? .timedOut
        await publisher.stop()
        switch outcome {
        case .accepted(let events, _):
            let answers = events.map(\.type).joined(separator: ", ")
            tell(
                name, "accepted" + (answers.isEmpty ? "" : ", answered by \(answers)"),
                isAccepted: true)
            return .ok
        case .failed(let reason, _): tell(name, "failed: \(reason)", isAccepted: false)
        case .rejected(let reason): tell(name, "rejected: \(reason)", isAccepted: false)
        case .timedOut: tell(name, "no answer in time", isAccepted: false)
        }
        return .unreachable
    }

    private func tell(_ name: String, _ words: String, isAccepted: Bool) {
        guard isJSON else { return Output.line("\(name): \(words)") }
        Output.write(
            JSONText.object([
                ("formatVersion", .number(1)), ("destination", .string(name)),
                ("accepted", .bool(isAccepted)), ("outcome", .string(words)),
            ]).indented)
    }
}

extension ProjectSettings.Destination {
    /// The kind and the place of a destination, without anything secret.
    fileprivate var words: (kind: String, place: String) {
        switch way {
        case .webhook(let url, _, _):
            // What stands behind "?" may be a token.
            (
                "webhook",
                (try? WebAddress(url)).map {
                    String($0.description.prefix { $0 != "?" && $0 != "#" })
                } ?? "-"
            )
        case .kafka(let brokers, let topic, _): ("kafka", "\(topic) at \(brokers)")
        case .sns(let topic, _): ("sns", topic)
        case nil: ("none", "-")
        }
    }
}
