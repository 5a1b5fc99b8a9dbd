import EventLog
import Glibc
import Messages
import Vocabulary

/// The one record of the topic `environment`.
package enum EnvironmentRecord {
    private static func topicPartition(_ name: String) -> TopicPartition {
        TopicPartition(Topic.environment.fullName(environment: name), 0)
    }

    /// The newest environment record, or nil where there is none.
    package static func read(
        _ log: any EventLog, _ name: String, shouldStop: @escaping () -> Bool
    ) throws(ClientError) -> Environment? {
        let partition = topicPartition(name)
        do throws(LogError) {
            // A user who may read one topic need not be allowed to look at the others.
            _ = try log.bounds(of: [partition], .committed)
        } catch {
            if error.code == .unknownTopic, !error.isRetriable { return nil }
            throw ClientError(error)
        }
        return try read(log, partition, .committed, shouldStop)
    }

    /// Refuses an environment whose record was made on another log.
    package static func refuseCopy(
        _ environment: Environment, _ log: any EventLog
    ) throws(ClientError) {
        guard environment.cluster != log.clusterID else { return }
        throw ClientError(
            .configuration,
            "the environment '\(environment.name)' in \(log.url) was made on another log "
                + "(\(environment.cluster), and this one is \(log.clusterID)): it is a copy of its "
                + "records; refusing to work on it. If fairfill copy was to make it, run that "
                + "again: it goes on where it stopped")
    }

    /// Writes the record unless there is one by then; answers the one that is there instead.
    package static func writeFirst(
        _ environment: Environment, to log: any EventLog, shouldStop: @escaping () -> Bool
    ) throws(ClientError) -> Environment? {
        try write(environment, over: nil, to: log, shouldStop: shouldStop)
    }

    /// Writes the record over the one that is expected there, nil for none; answers the one that is
    /// there where it is another.
    ///
    /// Of several that try at once, one does it: each fences those before, and looks after that.
    /// A fenced one commits nothing, and looks again.
    package static func write(
        _ environment: Environment, over expected: Environment?, to log: any EventLog,
        shouldStop: @escaping () -> Bool
    ) throws(ClientError) -> Environment? {
        let partition = topicPartition(environment.name)
        var records = OutgoingRecords()
        let destination = records.destination(partition)
        var key = "environment"
        key.withUTF8 { key in
            records.append(
                to: destination, key: UnsafeRawBufferPointer(key),
                largestValue: RecordEncoder.largestSmallRecord
            ) { RecordEncoder.encode(environment, into: $0) }
        }
        var last: LogError?
        let start = ContinuousClock.now
        for attempt in 0..<20 {
            if attempt > 0 {
                // Those that fence each other part in time, or none would ever come to commit.
                usleep(UInt32.random(in: 10_000...(50_000 * UInt32(min(attempt, 10)))))
                let there = try read(log, partition, .committed, shouldStop)
                if there != expected { return there }
            }
            guard !shouldStop() else {
                throw ClientError(.tryAgain, "interrupted before the environment was made")
            }
            let writer: any LogWriter
            do throws(LogError) {
                writer = try log.openWriter(transactionalIDs: ["\(environment.name).topics"])
            } catch {
                // A writer that can't begin waits long by itself; a second try is for those that
                // begin at the same moment.
                guard error.isRetriable || error.code == .fenced,
                    ContinuousClock.now - start < .seconds(20)
                else { throw ClientError(error) }
                last = error
                continue
            }
            defer { writer.close() }
            let there = try read(log, partition, .written, shouldStop)
            if there != expected { return there }
            last = write(records, writer)
            if last == nil { return nil }
        }
        throw ClientError(
            .tryAgain,
            "the record of environment '\(environment.name)' could not be written"
                + (last.map { ": \($0.message)" } ?? "") + "; run it again")
    }

    /// Commits the records; answers why that can't be said to have happened.
    private static func write(
        _ records: borrowing OutgoingRecords, _ writer: any LogWriter
    ) -> LogError? {
        do throws(LogError) {
            var transaction = try writer.begin()
            try transaction.append(records)
            switch transaction.commit() {
            case .committed: return nil
            case .undecided(let transaction, let error):
                transaction.leaveUndecided()
                return error
            case .mustAbort(let transaction, let error):
                try transaction.abort()
                return error
            case .fenced(let error): return error
            case .failed(let error): return error
            }
        } catch {
            return error
        }
    }

    private static func read(
        _ log: any EventLog, _ partition: TopicPartition, _ end: EndKind,
        _ shouldStop: @escaping () -> Bool
    ) throws(ClientError) -> Environment? {
        var found: Environment?
        var fault: Malformation?
        var decoder = RecordDecoder()
        let bounds = try logged { () throws(LogError) in try log.bounds(of: [partition], end)[0] }
        var follow = try Follow(
            log, [ReadStart(partition, from: bounds.start)], shouldStop: shouldStop)
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(ClientError) in
            do throws(Malformation) {
                found = try decoder.decodeEnvironment(batch.value(index))
                fault = nil
            } catch { fault = error }
        }
        guard isWhole else { throw ClientError(.tryAgain, "interrupted; nothing was done") }
        if let fault {
            throw ClientError(
                .configuration,
                "the environment record in \(partition.topic) can't be read: \(fault.sentence)")
        }
        return found
    }
}
