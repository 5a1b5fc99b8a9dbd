/// Watches a copy: hears how far it is, and may end it.
public struct CopyWatch {
    /// Told how many offsets have been passed since the last time.
    public var passed: (Int64) -> Void
    /// Asked before each batch.
    public var mustEnd: () -> Bool

    public init(
        passed: @escaping (Int64) -> Void = { _ in }, mustEnd: @escaping () -> Bool = { false }
    ) {
        self.passed = passed
        self.mustEnd = mustEnd
    }
}
