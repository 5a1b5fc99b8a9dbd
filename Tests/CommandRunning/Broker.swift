import Foundation

/// The broker to test against.
public enum Broker {
    /// `HOST:PORT`, where there is one.
    public static let address = ProcessInfo.processInfo.environment["FAIRFILL_TEST_KAFKA"]
}
