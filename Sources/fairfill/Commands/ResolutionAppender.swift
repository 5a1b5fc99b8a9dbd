import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// Writes records of `payment-resolutions`, and reads those that are there.
struct ResolutionAppender {
    let connection: LogConnection

    /// Appends all of `resolutions`, each to its partition: under the account where it is about a
    /// payment, else under the number of the partition.
    func write(_ resolutions: [(PaymentResolution, account: Identifier?)]) throws(Failure) {
        // In transactions of a bounded size.
        var rest = resolutions[...]
        while !rest.isEmpty {
            try append(rest.prefix(500))
            rest = rest.dropFirst(500)
        }
    }

    private func append(
        _ resolutions: ArraySlice<(PaymentResolution, account: Identifier?)>
    ) throws(Failure) {
        var records = OutgoingRecords()
        let headers = connection.headers
        let destinations = connection.partitions(.paymentResolutions).map {
            records.destination($0)
        }
        for (resolution, account) in resolutions {
            let partition = Int(resolution.partition.rawValue)
            var key = account.map { "\($0)" } ?? "\(partition)"
            key.withUTF8 { key in
                headers.withUnsafeBytes { headers in
                    records.append(
                        to: destinations[partition], key: UnsafeRawBufferPointer(key),
                        headers: headers, largestValue: RecordEncoder.largestResolution
                    ) { RecordEncoder.encode(resolution, into: $0) }
                }
            }
        }
        _ = try InputAppender.append(records, to: connection.log)
    }

    /// A copy of a brake for each partition.
    func onEachPartition(
        _ make: (Partition) -> PaymentResolution
    ) -> [(PaymentResolution, account: Identifier?)] {
        (0..<connection.environment.partitions).map { (make(Partition(rawValue: $0)), nil) }
    }

    /// Calls `body` with each record that can be read, in the order of each partition.
    func read(_ body: (PaymentResolution) throws(Failure) -> Void) throws(Failure) {
        for partition in connection.partitions(.paymentResolutions) {
            let bounds = try logged { () throws(LogError) in
                try connection.log.bounds(of: [partition], .committed)[0]
            }
            var decoder = RecordDecoder()
            var follow = try Follow(connection.log, [ReadStart(partition, from: bounds.start)])
            let isWhole = try follow.read(upTo: [bounds.end]) {
                (_, batch, index) throws(Failure) in
                guard let record = try? decoder.decodeResolution(batch.value(index)) else {
                    return
                }
                try body(record)
            }
            guard isWhole else { throw Failure(.tryAgain, "interrupted; nothing was written") }
        }
    }
}
