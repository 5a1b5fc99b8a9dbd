import JSON

/// What a sandbox bank is started with.
package struct BankSettings: Sendable {
    /// The bank's name: its merchant's in its profile, and the channel's in the shared truth.
    package var name = "sandbox"
    /// Decides which keys a fault with a probability strikes.
    package var seed: UInt64 = 0
    /// A list as `PUT /_sandbox/faults` takes it.
    package var faults: [UInt8]?
    /// The file in which several banks write what they moved.
    package var sharedTruth: String?
    /// Where events are sent, such as `http://127.0.0.1:9000/webhooks`.
    package var webhooks: String?
    /// Signs the events.
    package var webhookSecret: [UInt8] = []
    /// Where the certificate of the bank's own authority is written; the bank then speaks TLS.
    package var authorityFile: String?

    /// Older keys are forgotten: 35 days.
    let keyLifetimeMilliseconds: Int64 = 35 * 86_400_000

    /// The defaults.
    package init() {}

    /// What it guarantees while no fault is set, in the members of a profile file.
    var capabilities: JSONValue {
        [
            "merchant": .string(name), "idempotent": true, "keyTTL": "35d", "lookupByKey": true,
            "lookupVisibilityDelay": "0s", "notFoundIsFinal": true, "finalityDelay": "0s",
            "limiterBeforeExecution": true, "acceptsChunkedBodies": true,
            "honoursExpiry": true,
        ]
    }
}
