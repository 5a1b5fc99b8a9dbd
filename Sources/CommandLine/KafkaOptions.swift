import FairfillClient
import Foundation

/// librdkafka's properties: from `-X`, from the file of `-F`, and secrets from the environment.
extension Arguments {
    /// Refuses secrets on the command line, settings that exactness depends on, and any where none
    /// of the logs is on Kafka.
    package func checkKafkaProperties(_ urls: [String]) throws(Failure) {
        for name in file.keys.sorted() {
            guard let reason = KafkaProperties.refused[name] else { continue }
            throw Failure(
                .configuration, "\(name) in the file of -F is not yours to set: \(reason)")
        }
        for property in texts("property") {
            guard let equals = property.firstIndex(of: "=") else {
                throw Failure(.usage, "-X takes key=value")
            }
            let key = String(property[..<equals])
            guard LibrdkafkaProperty.isName(key) else {
                throw Failure(.usage, "-X takes key=value; a key is made of a-z 0-9 . _ -")
            }
            if LibrdkafkaProperty.secrets.contains(key) {
                throw Failure(
                    .usage,
                    "-X \(key): a secret on the command line shows in every process list; put "
                        + "\(key)=... into a file that only you may read and name it with -F, or "
                        + "set \(LibrdkafkaProperty.variable(key)), or "
                        + "\(LibrdkafkaProperty.variable(key))_FILE to the name of a file that "
                        + "holds nothing else")
            }
            if let reason = KafkaProperties.refused[key] {
                throw Failure(.usage, "-X \(key) is not yours to set: \(reason)")
            }
            guard urls.contains(where: { $0.hasPrefix("kafka:") }) else {
                throw Failure(
                    .usage, "-X \(key) is for logs on Kafka, and the log is "
                        + urls.joined(separator: ", and "))
            }
        }
    }

    /// What goes to librdkafka, the most important last: it wins.
    package func kafkaProperties() throws(Failure) -> [(name: String, value: String)] {
        let options = Set(command.allOptions.map(\.name))
        var found = file
            .filter {
                !options.contains($0.key)
                    && ($0.key.contains(".") || LibrdkafkaProperty.isDotless($0.key))
            }
            .sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        for name in LibrdkafkaProperty.secrets.sorted() {
            if let value = try Self.secret(LibrdkafkaProperty.variable(name)) {
                found.append((name, value))
            }
        }
        for property in texts("property") {
            guard let equals = property.firstIndex(of: "=") else { continue }
            found.append(
                (String(property[..<equals]), String(property[property.index(after: equals)...])))
        }
        return found
    }
}

extension Arguments {
    /// A secret in a variable, or in the file that the variable with `_FILE` after its name names.
    private static func secret(_ variable: String) throws(Failure) -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let value = environment[variable], !value.isEmpty { return value }
        guard let path = environment["\(variable)_FILE"], !path.isEmpty else { return nil }
        return try InputFile.secret(
            path, "\(variable)_FILE names a file", mayHaveLines: variable.hasSuffix("_PEM"))
    }
}

/// librdkafka's properties that a command line may not set.
package enum LibrdkafkaProperty {
    package static let secrets: Set<String> = [
        "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password",
        "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
    ]

    /// The environment variable that may hold a secret.
    package static func variable(_ name: String) -> String {
        "FAIRFILL_" + name.uppercased().replacingOccurrences(of: ".", with: "_")
    }

    /// Whether it may be the name of an option or a property. Anything else is not shown to
    /// anybody: a line with a password in it, mistyped, must not end in a log.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                $0 >= 97 && $0 <= 122 || $0 >= 48 && $0 <= 57 || $0 == 45 || $0 == 46 || $0 == 95
            }
    }

    /// Whether it is one of the few whose name has no dot.
    package static func isDotless(_ name: String) -> Bool {
        name == "debug" || name == "retries" || KafkaProperties.refused[name] != nil
    }
}
