import CommandLine
import EventLog

/// Payments of which the bank said that they failed, and whose record said that they were paid:
/// the payer puts each into `attention`.
enum Lies {
    static func count(_ log: any EventLog, _ attention: TopicPartition) throws(LogError) -> Int {
        let bounds = try log.bounds(of: [attention], .committed)[0]
        let reader = try log.openReader([ReadStart(attention, from: bounds.start)])
        defer { reader.close() }
        var batch = RecordBatch()
        var count = 0
        while reader.position(0) < bounds.end {
            batch.removeAll()
            if try reader.read(0, into: &batch, limit: 1_000) == 0 {
                try reader.wait(timeoutMilliseconds: 100)
            }
            for index in 0..<batch.count {
                guard let value = batch.value(index) else { continue }
                let text = String(decoding: value, as: UTF8.self)
                if text.contains(#""kind":"paymentContradiction""#) { count += 1 }
            }
        }
        return count
    }
}
