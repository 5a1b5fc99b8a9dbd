import EventLog

// Stands in for what the command is going to bring.
enum Interruption { static func check() throws {} }
extension Story {
    func openLog() throws -> any EventLog { throw DemoFailure("there is no log yet") }
}
