import EventLog
import Foundation
import Kafka

/// The single writer behind a set of transactional ids (TheLog.md, A batch).
///
/// All ids are fenced; records go out under the first. A commit whose answer is late is asked
/// again, and once it is decided this writer is of no more use: a late request of it could still
/// be under way and would commit half of the next batch.
final class KafkaWriter: LogWriter, TransactionBackend {
    private let log: KafkaLog
    private var clients: [Client] = []
    private let name: String
    private let reports = Reports()
    private var transaction: UInt64 = 0
    private var isOpen = false
    private var isEmpty = true
    private var isUndecided = false
    /// The client has said that nothing but an abort is possible: it sends no record any more.
    private var isSpoiled = false
    /// Whether records of it were left out, since it had failed already.
    private var isCut = false
    /// Why no further transaction is possible.
    private var end: LogError?
    private var lastCommit = DispatchTime(uptimeNanoseconds: 1)
    private var partitions: [TopicPartition] = []
    private var topics: [TopicHandle] = []
    /// Every partition that was ever written to, and where those of `partitions` stand in it.
    private var known: [TopicPartition] = []
    private var tags: [Int] = []
    /// Whether the open transaction has a record for each of `known`.
    private var isUsed: [Bool] = []

    /// When the open transaction was first asked to commit or abort; from then on it has
    /// `log.patience` to be decided in.
    private var endingSince: DispatchTime?

    private static let abortMilliseconds: Int32 = 5_000
    private static let settleMilliseconds: Int32 = 5_000
    /// While the last commit's markers are being written, a first record is answered "concurrent
    /// transactions", and the client tries again only after 20 ms.
    private static let restNanoseconds: UInt64 = 2_500_000

    init(_ log: KafkaLog, _ transactionalIDs: [String]) throws(LogError) {
        precondition(!transactionalIDs.isEmpty)
        self.log = log
        name = transactionalIDs[0]
        for id in transactionalIDs {
            let client = try log.client(.producer, KafkaSettings.writer(id), reports: reports)
            try fence(client, id)
            clients.append(client)
        }
    }

    private var client: Client { clients[0] }

    /// Short calls in a loop: one long one would look again only after half a second where a dead
    /// writer left a transaction open.
    private func fence(_ client: Client, _ id: String) throws(LogError) {
        let patience = log.patience.endMilliseconds
        do throws(LogError) {
            try retry(client, id, milliseconds: patience) { () throws(KafkaError) in
                try client.initTransactions(milliseconds: 20)
            }
        } catch {
            guard error.code == .fenced else { throw log.explainedByCoordination(error) }
            // Two began at the same moment. Which of them goes on, the book tells the one that
            // loses its first commit.
            throw LogError(.io, error.message, isRetriable: true)
        }
    }

    /// Calls again what timed out, for at most about so long.
    private func retry(
        _ client: Client, _ id: String, milliseconds: Int,
        _ call: () throws(KafkaError) -> Void
    ) throws(LogError) {
        let start = DispatchTime.now()
        while true {
            do throws(KafkaError) {
                return try call()
            } catch {
                guard error.isRetriable, !error.isFatal,
                    Self.milliseconds(since: start) < milliseconds
                else {
                    throw failure(error, of: client, "transactional id \(id)")
                }
            }
        }
    }

    private static func milliseconds(since start: DispatchTime) -> Int {
        Int((DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1_000_000)
    }

    /// How long the open transaction may still take to end.
    private func patienceLeft() -> Int {
        let start = endingSince ?? .now()
        endingSince = start
        return max(0, log.patience.endMilliseconds - Self.milliseconds(since: start))
    }

    private func failure(
        _ error: KafkaError, of client: Client, _ subject: String
    ) -> LogError {
        // Once a client is fenced, every later call only says that it ended.
        let cause = client.finalError ?? error
        let found = log.failures.logError(cause, subject, .write, words: client.lastWords)
        return log.explained(found, partitions)
    }

    func begin() throws(LogError) -> Transaction {
        precondition(!isOpen, "one transaction at a time")
        if let end { throw end }
        guard !clients.isEmpty else { throw LogError(.closed, "the writer \(name) is closed") }
        do throws(KafkaError) {
            try client.beginTransaction()
        } catch {
            throw failure(error, of: client, "transactional id \(name)")
        }
        transaction += 1
        isOpen = true
        isEmpty = true
        isSpoiled = false
        isCut = false
        endingSince = nil
        for index in isUsed.indices { isUsed[index] = false }
        reports.begin()
        return Transaction(backend: self, id: transaction)
    }

    func append(
        _ records: borrowing OutgoingRecords, to transaction: UInt64
    ) throws(LogError) {
        precondition(isOpen && transaction == self.transaction)
        guard records.count > 0 else { return }
        try follow(records.destinations)
        if isEmpty { rest() }
        isEmpty = false
        for index in 0..<records.count {
            let record = records[index]
            let destination = record.destination.index
            isUsed[tags[destination] - 1] = true
            do throws(KafkaError) {
                try client.produce(
                    record, to: topics[destination], partitions[destination],
                    tag: tags[destination])
            } catch {
                isSpoiled = true
                // The transaction met an error before, which only its commit tells.
                if error.code == .wrongState, client.finalError == nil {
                    isCut = true
                    return
                }
                throw failure(error, of: client, "\(partitions[destination])")
            }
            // Reports are served now and then, so that they do not pile up to the commit.
            if index & 0xFFF == 0xFFF { client.poll() }
        }
    }

    private func follow(_ destinations: [TopicPartition]) throws(LogError) {
        guard destinations != partitions else { return }
        try log.check(destinations)
        topics = destinations.map { client.handle(ofTopic: $0.topic) }
        partitions = destinations
        tags = destinations.map { partition in
            if let index = known.firstIndex(of: partition) { return index + 1 }
            known.append(partition)
            isUsed.append(false)
            return known.count
        }
        reports.expect(known.count)
    }

    private func rest() {
        let ready = lastCommit.uptimeNanoseconds + Self.restNanoseconds
        let now = DispatchTime.now().uptimeNanoseconds
        if now < ready { usleep(UInt32((ready - now) / 1_000)) }
    }

    func commit(_ transaction: UInt64) -> CommitAnswer {
        precondition(isOpen && transaction == self.transaction)
        func call() -> Int32 {
            Int32(max(1, min(log.patience.callMilliseconds, patienceLeft())))
        }
        // Brokers take what is written to a topic that was deleted and made again. It would be
        // history without its beginning: the writer must look at what is there.
        if !isCut, !isEmpty, client.flush(milliseconds: call()),
            let index = reports.recreatedPartition
        {
            isSpoiled = true
            return .mustAbort(
                LogError(
                    .io, "\(known[index]) was made anew: its offsets begin again",
                    isRetriable: true))
        }
        do throws(KafkaError) {
            try client.commitTransaction(milliseconds: call())
        } catch {
            return answer(error)
        }
        isOpen = false
        lastCommit = .now()
        // Not all of the records were taken, since something went wrong before: the client refuses
        // to commit that, and its error above says why.
        guard !isCut else {
            let half = LogError(
                .invariant, "\(name): a transaction was committed without all of it")
            end = half
            return .failed(half)
        }
        guard !isUndecided else {
            let late = LogError(
                .timedOut, "a commit under \(name) was answered late; beginning anew",
                isRetriable: true)
            end = late
            return .failed(late)
        }
        return .committed(lastAppendTime: isEmpty ? 0 : reports.lastAppendTime)
    }

    private func answer(_ error: KafkaError) -> CommitAnswer {
        var found = failure(error, of: client, "transactional id \(name)")
        // A new producer may do what this one can't any more, unless a person must mend something.
        switch found.code {
        case .notPermitted, .misconfigured, .tooLarge, .fenced: break
        default: found.isRetriable = true
        }
        switch TransactionVerdict(error, end: client.finalError) {
        case .fenced:
            isOpen = false
            end = found
            return .fenced(found)
        case .mustAbort:
            isSpoiled = true
            var why = failure(error, of: client, topicNames)
            if let cause = reports.failure, !TransactionVerdict.isBystander(cause.error) {
                why = failure(cause.error, of: client, "\(known[cause.index])")
            }
            found.message = why.message
            // Without a right the next try fails too: an operator must hear of it.
            if why.code == .notPermitted { found = why }
            // What can be aborted was taken over by nobody.
            if found.code == .fenced { (found.code, found.isRetriable) = (.io, true) }
            return .mustAbort(found)
        case .undecided where patienceLeft() > 0:
            isUndecided = true
            return .undecided(found)
        case .undecided, .failed:
            isOpen = false
            end = found
            return .failed(found)
        }
    }

    /// The topics of the transaction, of which one is at fault: the coordinator doesn't say which.
    private var topicNames: String {
        let names = Set(known.indices.filter { isUsed[$0] }.map { known[$0].topic }).sorted()
        return names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    }

    func abort(_ transaction: UInt64) throws(LogError) {
        guard isOpen, transaction == self.transaction, let client = clients.first else { return }
        isOpen = false
        // The coordinator does not know of the transaction before its first record is under way,
        // and refuses to end what it doesn't know: the client takes that for fatal.
        if !isEmpty, !isSpoiled, client.finalError == nil {
            _ = client.flush(milliseconds: Self.settleMilliseconds)
        }
        // Given up, the next writer that opens ends it.
        let patience = max(patienceLeft(), Int(Self.abortMilliseconds))
        do throws(LogError) {
            try retry(client, name, milliseconds: patience) { () throws(KafkaError) in
                try client.abortTransaction(milliseconds: Self.abortMilliseconds)
            }
            lastCommit = .now()
        } catch {
            end = error
            throw error
        }
    }

    func close() {
        isOpen = false
        for client in clients { client.purge() }
        clients = []
    }
}

/// What became of the records of the open transaction.
private final class Reports: DeliveryReports, @unchecked Sendable {
    private let lock = NSLock()
    private var time: Int64 = 0
    private var firstFailure: (error: KafkaError, index: Int)?
    /// By partition: the first and the last offset of this transaction, and the last before it.
    private var firsts: [Int64] = []
    private var lasts: [Int64] = []
    private var reached: [Int64] = []

    func begin() {
        lock.lock()
        time = 0
        firstFailure = nil
        for index in firsts.indices {
            reached[index] = max(reached[index], lasts[index])
            firsts[index] = .max
        }
        lock.unlock()
    }

    /// Gets ready for reports of partitions tagged 1 to `count`.
    func expect(_ count: Int) {
        lock.lock()
        while firsts.count < count {
            firsts.append(.max)
            lasts.append(-1)
            reached.append(-1)
        }
        lock.unlock()
    }

    func delivered(tag: Int, offset: Int64, appendTime: Int64, error: KafkaError?) {
        lock.lock()
        defer { lock.unlock() }
        if let error {
            if firstFailure == nil { firstFailure = (error, tag - 1) }
        } else {
            time = max(time, appendTime)
            // A resend that was recognised is reported without its place.
            guard offset >= 0 else { return }
            firsts[tag - 1] = min(firsts[tag - 1], offset)
            lasts[tag - 1] = max(lasts[tag - 1], offset)
        }
    }

    /// The partition in which this transaction does not lie behind what was written before.
    var recreatedPartition: Int? {
        lock.lock()
        defer { lock.unlock() }
        return firsts.indices.first { firsts[$0] <= reached[$0] }
    }

    var lastAppendTime: Int64 {
        lock.lock()
        defer { lock.unlock() }
        return time
    }

    /// The first that went wrong with a record, and the partition that it was for.
    var failure: (error: KafkaError, index: Int)? {
        lock.lock()
        defer { lock.unlock() }
        return firstFailure
    }
}
