// Publishers out of the operator's configuration. What is missing is said in words, and what is
// secret is read at the last moment and never said.
package import MinkDefinition
package import MinkStore

/// Reads secrets by their names.
package struct SecretSource: Sendable {
    private let variable: @Sendable (String) -> String?
    private let file: @Sendable (String) -> String?

    /// A source of secrets.
    ///
    /// - Parameters:
    ///   - variable: The value of a variable of the environment; `nil` when it is not set.
    ///   - file: The content of a file; `nil` when it can not be read.
    package init(
        variable: @escaping @Sendable (String) -> String?,
        file: @escaping @Sendable (String) -> String?
    ) {
        self.variable = variable
        self.file = file
    }

    /// The secret that a text such as `secret:payments` names.
    package func secret(_ text: String) throws(PublisherError) -> Secret {
        guard text.hasPrefix(Self.prefix), text.utf8.count > Self.prefix.utf8.count else {
            throw PublisherError(
                "a secret is written as \"secret:NAME\", and its value stands elsewhere")
        }
        let name = String(text.dropFirst(Self.prefix.count))
        let key = "MINK_SECRET_" + Self.variableName(name)
        if let value = variable(key) { return Secret(value) }
        guard let path = variable(key + "_FILE") else {
            throw PublisherError(
                "the secret \"\(name)\" is missing; set \(key), or \(key)_FILE to a file that has it"
            )
        }
        guard let content = file(path) else {
            throw PublisherError("the file \"\(path)\" of the secret \"\(name)\" can not be read")
        }
        return Secret(String(content.trimmingLastNewline))
    }

    /// A text that may name a secret.
    package func value(_ text: String) throws(PublisherError) -> Secret {
        text.hasPrefix(Self.prefix) ? try secret(text) : Secret(text)
    }

    /// A variable of the environment.
    func environment(_ name: String) -> String? { variable(name) }

    private static let prefix = "secret:"

    private static func variableName(_ name: String) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}

extension String {
    fileprivate var trimmingLastNewline: Substring {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}

/// Makes the publishers of configured destinations.
package struct DestinationBuilder: Sendable {
    private let secrets: SecretSource
    private let client: HTTPClient

    /// A builder, whose webhooks and topics of SNS share one client.
    package init(secrets: SecretSource, client: HTTPClient) {
        self.secrets = secrets
        self.client = client
    }

    /// The publisher of a destination.
    ///
    /// - Parameters:
    ///   - name: The destination's name, for messages.
    ///   - destination: What the configuration says of it.
    /// - Returns: A publisher; nothing is called yet.
    /// - Throws: ``MinkStore/PublisherError`` that begins with the name.
    package func publisher(
        _ name: String, _ destination: ProjectSettings.Destination
    ) throws(PublisherError) -> any Publisher {
        do throws(PublisherError) {
            switch destination.way {
            case .webhook(let url, let secrets, let allowLoopback):
                return try webhook(url, secrets, allowLoopback)
            case .kafka(let brokers, let topic, let settings):
                return try kafka(brokers, topic, settings)
            case .sns(let topic, let region): return try sns(topic, region)
            case nil: throw PublisherError("it has no \"webhook\", \"kafka\" or \"sns\"")
            }
        } catch {
            throw PublisherError("destination \"\(name)\": \(error.message)")
        }
    }

    private func webhook(
        _ url: String, _ names: [String], _ allowLoopback: Bool
    ) throws(PublisherError) -> any Publisher {
        var signing: [WebhookSecret] = []
        for name in names { signing.append(try WebhookSecret(secrets.secret(name))) }
        var options = WebhookPublisher.Options()
        options.policy.allowLoopback = allowLoopback
        let address = try WebAddress(url)
        guard address.isEncrypted || allowLoopback else {
            throw PublisherError("\"\(address)\" is not encrypted; write \"https\"")
        }
        return WebhookPublisher(
            address: address, secrets: signing, client: client, options: options)
    }

    private func kafka(
        _ brokers: String, _ topic: String, _ settings: [String: String]
    ) throws(PublisherError) -> any Publisher {
        var options = KafkaOptions(brokers: brokers)
        for (name, text) in settings { options.settings[name] = try secrets.value(text) }
        return try KafkaPublisher(topic: topic, options: options)
    }

    private func sns(_ topic: String, _ region: String) throws(PublisherError) -> any Publisher {
        guard let id = secrets.environment("AWS_ACCESS_KEY_ID"),
            let key = secrets.environment("AWS_SECRET_ACCESS_KEY")
        else {
            throw PublisherError("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for SNS")
        }
        let credentials = AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(key),
            sessionToken: secrets.environment("AWS_SESSION_TOKEN").map { Secret($0) })
        var options = SNSPublisher.Options()
        if let endpoint = secrets.environment("AWS_ENDPOINT_URL_SNS") {
            // Whoever names another SNS may mean one of this machine.
            options.endpoint = try WebAddress(endpoint)
            options.policy.allowLoopback = true
        }
        return try SNSPublisher(
            topic: topic, region: region, credentials: credentials, client: client,
            options: options)
    }
}
