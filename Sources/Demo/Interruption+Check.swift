import CommandLine

extension Interruption {
    /// Throws once the demo is asked to end.
    static func check() throws(DemoFailure) {
        if signal != 0 { throw DemoFailure("interrupted", exitCode: 128 + signal) }
    }
}
