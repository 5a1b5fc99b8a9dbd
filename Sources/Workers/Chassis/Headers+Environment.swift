import EventLog
import Messages

extension Headers {
    /// Whether a record with these headers may be decided in this environment: the header `env`
    /// names it, or there is no such header.
    @inline(__always)
    func allow(environment: some Sequence<UInt8>) -> Bool {
        if isEmpty { return true }
        guard let named = value(of: HeaderName.environment) else { return true }
        return named.elementsEqual(environment)
    }
}
