/// Watches a copy: hears how far it is, and may end it.
package struct CopyWatch {
    /// Told how many offsets have been passed since the last time.
    package var passed: (Int64) -> Void
    /// Asked before each batch.
    package var mustEnd: () -> Bool

    package init(
        passed: @escaping (Int64) -> Void = { _ in }, mustEnd: @escaping () -> Bool = { false }
    ) {
        self.passed = passed
        self.mustEnd = mustEnd
    }
}
