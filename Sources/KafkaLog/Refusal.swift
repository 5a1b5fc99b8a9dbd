import Kafka

/// What an access list may let a principal do with a topic, a group or a transactional id.
enum KafkaRight: String, Sendable {
    case read = "Read"
    case write = "Write"
    case create = "Create"
    case delete = "Delete"
    case describe = "Describe"
    case describeConfigs = "DescribeConfigs"
    case alterConfigs = "AlterConfigs"
}

/// Why a broker doesn't talk to a client, in words that name the setting to look at.
enum Refusal {
    /// The client's words without the name of its thread.
    static func plain(_ words: String) -> String {
        guard words.hasPrefix("[thrd:"), let end = words.range(of: "]: ") else { return words }
        return String(words[end.upperBound...])
    }

    /// What to do about it. `certificateVerdict` is OpenSSL's, 0 where it had none.
    static func advice(_ words: String, certificateVerdict: Int32) -> String {
        if words.contains("certificate verify failed") {
            return advice(certificateVerdict: certificateVerdict)
        }
        if words.contains("SASL mechanism SCRAM"), Library.garblesSCRAM {
            return "check sasl.username and sasl.password; if they are right, it is librdkafka "
                + "\(Library.version): brokers from 4.0 on take SCRAM from 2.6.1 or newer only. "
                + "Install that, or use sasl.mechanism PLAIN over TLS"
        }
        let known = table.first { line in line.said.contains { words.contains($0) } }
        return known?.advice ?? "check security.protocol and the sasl.* and ssl.* properties"
    }

    private static func advice(certificateVerdict: Int32) -> String {
        switch certificateVerdict {
        case 9: "the broker's certificate is not valid yet: check both clocks"
        case 10: "the broker's certificate has expired: it must be renewed"
        case 62, 64:
            "the broker's certificate is for another host: name the broker in --log as its "
                + "certificate does, or have one made for this name "
                + "(ssl.endpoint.identification.algorithm=none would let others pose as it)"
        default:
            "nobody in ssl.ca.location vouches for the broker's certificate: name the file with "
                + "the certificate of the authority that signed it"
        }
    }

    private static let table: [(said: [String], advice: String)] = [
        (
            ["connecting to a SSL listener"],
            "the listener seems to want TLS: set security.protocol to SSL, or to SASL_SSL where "
                + "it asks for a password"
        ),
        (
            ["might require SASL"],
            "set security.protocol to SASL_SSL (SASL_PLAINTEXT without TLS), and sasl.mechanism, "
                + "sasl.username and sasl.password"
        ),
        (
            ["PLAINTEXT broker listener", "unexpected eof", "wrong version number"],
            "the listener seems not to speak TLS: set security.protocol to PLAINTEXT, or to "
                + "SASL_PLAINTEXT where it asks for a password"
        ),
        (
            ["SSL alert number"],
            "the broker wants a certificate of this client, from an authority that it trusts: set "
                + "ssl.certificate.location and ssl.key.location"
        ),
        (
            ["Unsupported SASL mechanism"],
            "set sasl.mechanism to one that the broker offers"
        ),
        (
            ["current SASL state"],
            "the listener asks for no password: set security.protocol to SSL, or to PLAINTEXT "
                + "without TLS"
        ),
        (
            ["SASL authentication", "Authentication failed"],
            "check sasl.username and sasl.password"
        ),
    ]
}
