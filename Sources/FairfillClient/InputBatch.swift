import EventLog
import Messages
import Vocabulary

/// Records of front ends and operators that go to the log together, each with an id that its
/// receipt is called by.
package struct InputBatch: ~Copyable {
    private let connection: LogConnection
    private let topic: Topic
    private let headers: [UInt8]
    private var records = OutgoingRecords()
    private var ids: [Identifier] = []

    package init(_ connection: LogConnection, _ topic: Topic) {
        self.connection = connection
        self.topic = topic
        headers = connection.headers
    }

    package var count: Int { ids.count }
    package var isEmpty: Bool { ids.isEmpty }

    /// Every partition that a record was gathered for, now or earlier.
    package var partitions: [Partition] { records.destinations.map { Partition($0.partition) } }

    /// Gathers a record about an offering, by which it is keyed.
    package mutating func add(
        _ id: Identifier, of offering: Identifier,
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        let destination = records.destination(
            connection.partition(topic, connection.home(of: offering)))
        records.append(of: offering, to: destination, headers: headers, encode: encode)
        ids.append(id)
    }

    /// Gathers a record about a whole partition, which has no key.
    package mutating func add(
        _ id: Identifier, to partition: Partition,
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        let destination = records.destination(connection.partition(topic, partition))
        headers.withUnsafeBytes { headers in
            records.append(
                to: destination, key: UnsafeRawBufferPointer(start: nil, count: 0),
                headers: headers, largestValue: RecordEncoder.largestRecord, encode: encode)
        }
        ids.append(id)
    }

    /// Appends what was gathered, and answers for each what became of it: a log may take some and
    /// refuse others. Nothing is gathered any more afterwards.
    package mutating func append(
        with appender: any LogAppender
    ) throws(LogError) -> [(id: Identifier, outcome: AppendOutcome)] {
        defer {
            records.removeAll()
            ids.removeAll(keepingCapacity: true)
        }
        let outcomes = try appender.append(records)
        return Array(zip(ids, outcomes)).map { ($0, $1) }
    }
}
