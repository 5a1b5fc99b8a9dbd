/// What `--log` names.
package enum LogName {
    case sqlite(path: String)
    case memory
    /// `HOST:PORT[,HOST:PORT...]`.
    case kafka(brokers: String)

    /// nil where it is the name of no log.
    package init?(_ url: String) {
        if url == "memory:" {
            self = .memory
        } else if url.hasPrefix("sqlite:"), url != "sqlite:" {
            self = .sqlite(path: String(url.dropFirst("sqlite:".count)))
        } else if url.hasPrefix("kafka:"), url != "kafka:" {
            self = .kafka(brokers: String(url.dropFirst("kafka:".count)))
        } else {
            return nil
        }
    }
}
