import EventLog
import Messages

/// The headers of a lane's own records: always the environment, and the trace of the record that
/// caused them, if it had one (Records.md).
struct OutgoingHeaders {
    var environment = "" {
        didSet {
            plain = Headers.encode([("\(HeaderName.environment)", Array(environment.utf8))])
            traced = plain
        }
    }
    private var plain: [UInt8] = []
    /// What goes out with the group at hand.
    private var traced: [UInt8] = []

    /// Takes over the trace of the record that the next decisions are about.
    mutating func follow(_ incoming: Headers) {
        if !incoming.isEmpty, let trace = incoming.value(of: HeaderName.traceparent),
            trace.count <= 128
        {
            traced = plain + Headers.encode([("\(HeaderName.traceparent)", Array(trace))])
        } else if traced.count != plain.count {
            traced = plain
        }
    }

    /// Calls `body` with the encoded headers.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        traced.withUnsafeBytes(body)
    }

    /// What goes out next is not about one record.
    mutating func forgetTrace() {
        if traced.count != plain.count { traced = plain }
    }
}
