import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// A sale whose bids are all in the log before the allocator starts: what `bench pipeline` runs
/// it over.
package struct PipelineSale {
    /// How many of the bids get what they ask for.
    package enum Mix: String, CaseIterable {
        /// One in ten; the rest are refused.
        case grab
        /// All of them, so there is a payment command with each decision.
        case reserved

        var title: String {
            switch self {
            case .grab: "grab: 10 % reserved, 90 % refused"
            case .reserved: "reserved: all of them"
            }
        }
    }

    let mix: Mix
    let bids: Int
    let environment: Environment
    /// An offering on each partition, by partition; its bids take turns with the others'.
    let offerings: [Identifier]

    init(_ mix: Mix, bids: Int, partitions: Int, on made: BenchLog) {
        self.mix = mix
        self.bids = bids
        environment = Environment(
            name: made.name, cluster: made.log.clusterID, partitions: Int64(partitions),
            purpose: .test)
        offerings = (0..<partitions).map { partition in
            var number = 0
            while true {
                let offering = BenchRecords.id(.offering, number)
                let home = Partitioner.partition(of: offering, count: Int64(partitions))
                if home == Partition(partition) { return offering }
                number += 1
            }
        }
    }

    /// Bids of the offering on this partition.
    func bids(of partition: Int) -> Int {
        (bids - partition + offerings.count - 1) / offerings.count
    }

    /// Shares, and so reservations, of the offering on this partition.
    func shares(of partition: Int) -> Int {
        mix == .grab ? max(1, bids(of: partition) / 10) : bids(of: partition)
    }

    /// Makes the environment in an empty log, and opens the offerings.
    func open(on connection: LogConnection) throws(Failure) {
        for topic in Topic.allCases {
            try logged { () throws(LogError) in
                try connection.log.create(topic.specification(environment, nil))
            }
        }
        _ = try EnvironmentRecord.writeFirst(environment, to: connection.log)
        var records = OutgoingRecords()
        let headers = connection.headers
        for (partition, offering) in offerings.enumerated() {
            let terms = OfferingTerms.bench(shares: shares(of: partition), waitlistShares: 0)
            let command = OfferingCommand(
                command: BenchRecords.id(.command, partition), offering: offering,
                action: .open(terms))
            let destination = records.destination(
                connection.partition(.offeringCommands, Partition(partition)))
            records.append(of: offering, to: destination, headers: headers) {
                RecordEncoder.encode(command, into: $0)
            }
        }
        _ = try InputAppender.append(records, to: connection.log)
    }

    /// Appends all bids, as a front end does, and answers the seconds that the log took.
    func appendBids(
        to connection: LogConnection, _ progress: BenchProgress
    ) throws(Failure) -> Double {
        let topic = Topic.bids.fullName(environment: connection.name)
        return try appendBids(
            to: topic, of: connection.log, headers: connection.headers, progress
        ) {
            RecordEncoder.encode($0, into: $1)
        }
    }

    /// Appends all bids to a topic, each in the form that `encode` gives it.
    func appendBids(
        to topic: String, of log: any EventLog, headers: [UInt8], _ progress: BenchProgress,
        _ encode: (Bid, UnsafeMutableRawBufferPointer) -> Int
    ) throws(Failure) -> Double {
        let appender = try logged { () throws(LogError) in try log.openAppender() }
        defer { appender.close() }
        var records = OutgoingRecords(capacityBytes: 1 << 22)
        let destinations = offerings.indices.map {
            records.destination(TopicPartition(topic, Int32($0)))
        }
        var clock = BenchClock()
        var number = 0
        while number < bids {
            let end = min(bids, number + 10_000)
            records.removeAll()
            for number in number..<end {
                let partition = number % offerings.count
                let bid = BenchRecords.bid(number, for: offerings[partition])
                records.append(
                    of: bid.offering, to: destinations[partition], headers: headers
                ) { encode(bid, $0) }
            }
            let outcomes = try logged { () throws(LogError) in
                try clock.time { () throws(LogError) in try appender.append(records) }
            }
            for outcome in outcomes {
                if case .refused(let error) = outcome { throw Failure(error) }
            }
            number = end
            try progress.update(number, of: bids)
        }
        return clock.seconds
    }
}
