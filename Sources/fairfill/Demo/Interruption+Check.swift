import CommandLine

extension Interruption {
    /// Throws once somebody wants the demo to end.
    static func check() throws(DemoFailure) {
        if signal != 0 { throw DemoFailure("interrupted", exitCode: 128 + signal) }
    }
}
