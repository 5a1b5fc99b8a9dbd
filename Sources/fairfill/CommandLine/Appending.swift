import EventLog
import Foundation
import Messages
import Vocabulary

/// Appends records of front ends and operators.
enum Appending {
    /// Appends all of `records`, and answers where each stands; throws where one was refused.
    static func append(
        _ records: borrowing OutgoingRecords, to log: any EventLog
    ) throws(Failure) -> [Receipt] {
        do throws(LogError) {
            let appender = try log.openAppender()
            defer { appender.close() }
            return try receipts(appender.append(records))
        } catch {
            throw Failure(error)
        }
    }

    static func receipts(_ outcomes: [AppendOutcome]) throws(LogError) -> [Receipt] {
        var receipts: [Receipt] = []
        receipts.reserveCapacity(outcomes.count)
        for outcome in outcomes {
            switch outcome {
            case .appended(let receipt): receipts.append(receipt)
            case .refused(let error): throw error
            }
        }
        return receipts
    }
}

extension OutgoingRecords {
    /// Adds an input record as front ends and operators write it: keyed by its offering.
    mutating func append(
        of offering: Identifier, to destination: Destination, headers: [UInt8],
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        offering.withBytes { key in
            headers.withUnsafeBytes { headers in
                append(
                    to: destination, key: key, headers: headers,
                    largestValue: RecordEncoder.largestRecord, encode: encode)
            }
        }
    }
}

/// A receipt: where a record stands in the log.
enum Receipts {
    static func text(_ id: String, _ receipt: Receipt, json: Bool) -> String {
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
