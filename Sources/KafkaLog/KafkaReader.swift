import EventLog
import Foundation
import Kafka

/// A reader of committed records, on its own consumer with a queue for each partition.
final class KafkaReader: LogReader, @unchecked Sendable {
    let log: KafkaLog
    let partitions: [TopicPartition]
    var positions: [LogOffset]
    let client: Client
    let queues: PartitionQueues
    /// The client writes to it when something came, `wake` when another thread wants attention.
    let bell: Bell
    private var headerBytes: [UInt8] = []
    /// The consumer that it reads by together with other readers; nil where it has its own.
    private let shared: SharedConsumer?
    private var isClosed = false

    init(
        _ log: KafkaLog, _ starts: [ReadStart], by shared: SharedConsumer? = nil
    ) throws(LogError) {
        self.log = log
        self.shared = shared
        partitions = starts.map(\.partition)
        positions = starts.map(\.offset)
        if let shared {
            client = shared.client
        } else {
            client = try log.client(.consumer, KafkaSettings.reader)
        }
        bell = try Bell()
        do throws(KafkaError) {
            queues = try PartitionQueues(
                client,
                starts.map(Assignment.init),
                capacity: KafkaSettings.queueCapacity, wakeDescriptor: bell.input,
                isShared: shared != nil)
        } catch {
            throw log.failures.logError(error, "a reader", .read, words: client.lastWords)
        }
    }

    func read(
        _ input: Int, into batch: inout RecordBatch, limit: Int
    ) throws(LogError) -> Int {
        var count = 0
        var failure: Complaint?
        // A variable of the loop: one of the object would be guarded again for each record.
        var headerBytes: [UInt8] = []
        swap(&headerBytes, &self.headerBytes)
        defer { swap(&headerBytes, &self.headerBytes) }
        while count < limit, !batch.isFull {
            if let complaint = failure {
                guard complaint.error.isAboutUnpacking else { break }
                count += try pass(
                    input, complaint.offset, into: &batch, &headerBytes, &failure)
                continue
            }
            let (taken, records) = take(
                input, limit: limit - count, into: &batch, &headerBytes, &failure)
            count += records
            guard taken > 0 else { break }
        }
        if let failure, !failure.error.isAboutUnpacking {
            try see(failure.error, partitions[input])
        }
        return count
    }

    /// What the client says is wrong, and at which offset.
    struct Complaint {
        var error: KafkaError
        var offset: Int64
    }

    /// Takes what came into `batch`: how much it was, and how many records.
    func take(
        _ input: Int, limit: Int, into batch: inout RecordBatch, _ headerBytes: inout [UInt8],
        _ failure: inout Complaint?
    ) -> (taken: Int, records: Int) {
        var position = positions[input]
        var count = 0
        let taken = queues.take(input, limit: limit) { arrival in
            switch arrival {
            case .record(let offset, let appendTime, let key, let value, let headers):
                Self.encode(headers, into: &headerBytes, atMost: batch.largestPart)
                headerBytes.withUnsafeBytes {
                    batch.append(
                        offset: LogOffset(offset), appendTime: appendTime, key: key,
                        headers: $0, value: value)
                }
                position = LogOffset(offset + 1)
                count += 1
            case .end(let offset):
                position = max(position, LogOffset(offset))
            case .failed(let error, let offset):
                failure = Complaint(error: error, offset: offset)
            }
        }
        positions[input] = position
        return (taken, count)
    }

    /// What the client mends by itself is no error of ours: nothing came yet, that is all.
    func see(_ error: KafkaError, _ partition: TopicPartition) throws(LogError) {
        let found = log.failures.logError(error, "\(partition)", .read)
        switch found.code {
        case .unreachable, .timedOut: return
        default:
            shared?.doubt()
            throw found
        }
    }

    /// Longer headers than are kept of a record are left out.
    private static func encode(
        _ headers: RecordHeaders, into bytes: inout [UInt8], atMost most: Int
    ) {
        bytes.removeAll(keepingCapacity: true)
        var areTooLong = false
        headers.forEach { name, value in
            let count = name.count + (value?.count ?? 0)
            areTooLong = areTooLong || bytes.count + count > most
            if areTooLong { return bytes.removeAll(keepingCapacity: true) }
            Headers.append(name, value, to: &bytes)
        }
    }

    func position(_ input: Int) -> LogOffset { positions[input] }

    func seek(_ input: Int, to offset: LogOffset) throws(LogError) {
        do throws(KafkaError) {
            try queues.seek(
                input, to: offset.rawValue, milliseconds: KafkaLog.answerMilliseconds)
        } catch {
            shared?.doubt()
            throw log.failures.logError(
                error, "\(partitions[input])", .read, words: client.lastWords)
        }
        positions[input] = offset
    }

    func wait(timeoutMilliseconds: Int) throws(LogError) {
        queues.serve()
        // Should a ring be missed, what came is seen this much later. Of lanes there may be many,
        // and each that looks costs a little.
        bell.wait(milliseconds: min(timeoutMilliseconds, shared == nil ? 500 : 1_000))
    }

    nonisolated func wake() { bell.ring() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        queues.close()
        shared?.giveBack(partitions)
    }
}

extension Assignment {
    init(_ start: ReadStart) {
        self.init(
            topic: start.partition.topic, partition: start.partition.partition,
            offset: start.offset.rawValue)
    }
}

/// A pipe that one side rings and the other waits at.
final class Bell: Sendable {
    private let output: Int32
    let input: Int32

    init() throws(LogError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw LogError(.io, "no pipe could be made: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        output = ends[0]
        input = ends[1]
    }

    deinit {
        Foundation.close(output)
        Foundation.close(input)
    }

    func ring() {
        var byte: UInt8 = 1
        _ = write(input, &byte, 1)
    }

    /// Waits for a ring, and forgets all that came.
    func wait(milliseconds: Int) {
        var state = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, Int32(milliseconds)) > 0 else { return }
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { room in
            while Foundation.read(output, room.baseAddress, room.count) > 0 {}
        }
    }
}
