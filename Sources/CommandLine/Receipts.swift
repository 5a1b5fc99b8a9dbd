import EventLog
import Vocabulary

/// A receipt: where a record stands in the log.
package enum Receipts {
    /// A receipt, for people or as a JSON object.
    package static func text(_ id: String, _ receipt: Receipt, json: Bool) -> String {
        guard json else {
            let moment = MomentText.local(Timestamp(rawValue: receipt.appendTime))
            // A receipt is one line with the whole id, however long: it may be all that
            // the bidder has.
            return "\(id) in \(receipt.partition) at offset \(receipt.offset), \(moment)"
        }
        var line = JSONLine()
        line.add("id", id)
        line.add("topic", receipt.partition.topic)
        line.add("partition", receipt.partition.partition)
        line.add("offset", receipt.offset.rawValue)
        line.add("at", receipt.appendTime)
        return line.line
    }
}
