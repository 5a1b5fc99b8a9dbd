import EventLog
import Messages
import Vocabulary

// Stands in for what the command is going to bring.
extension RecordEncoder {
    static func encode(_ bid: Bid, into room: UnsafeMutableRawBufferPointer) -> Int { 0 }
}
enum Interruption { static func check() throws {} }
extension Story {
    func openLog() throws -> any EventLog { throw DemoFailure("there is no log yet") }
}
