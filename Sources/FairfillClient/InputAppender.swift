import EventLog
import Messages
import Vocabulary

/// Appends records of front ends and operators.
package enum InputAppender {
    /// Appends all of `records`, and answers where each stands; throws where one was refused.
    package static func append(
        _ records: borrowing OutgoingRecords, to log: any EventLog
    ) throws(ClientError) -> [Receipt] {
        do throws(LogError) {
            let appender = try log.openAppender()
            defer { appender.close() }
            return try receipts(appender.append(records))
        } catch {
            throw ClientError(error)
        }
    }

    /// A receipt for each record; throws the first failure among the outcomes.
    package static func receipts(_ outcomes: [AppendOutcome]) throws(LogError) -> [Receipt] {
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
    package mutating func append(
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
