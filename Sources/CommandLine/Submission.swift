import EventLog
import FairfillClient
import Foundation
import Messages
import Vocabulary

/// Appends input records in batches, prints where each stands, and follows them to their
/// decisions.
///
/// Where something fails after an append, its sender learns what is in the log: a receipt that was
/// earned is printed before a failure is told, and the failure says how many records are there.
package final class Submission {
    /// How many records go to the log at once.
    package static let batchSize = 1_000

    /// What is sent.
    package struct Kind {
        package var topic: Topic
        package var input: InputTopic
        package var one: String
        package var many: String
        /// What to do after a failure, so that nothing is sent twice.
        package var advice: String

        package init(
            topic: Topic, input: InputTopic, one: String, many: String, advice: String
        ) {
            self.topic = topic
            self.input = input
            self.one = one
            self.many = many
            self.advice = advice
        }
    }

    private let connection: LogConnection
    private let kind: Kind
    private let output: Output
    private let appender: any LogAppender
    private let isJSON: Bool
    private let printsReceipts: Bool
    private let waits: Bool
    private let timeoutSeconds: Double

    private var batch: InputBatch
    private var followers: [Partition: DecisionFollower] = [:]
    private var followed: [Partition] = []
    private var appended = 0
    private var refused = 0
    private var outputFailure: Failure?

    /// How many records wait to be appended.
    package var pending: Int { batch.count }

    /// Whether nobody can be told about further records, so that none should be sent.
    package var isOver: Bool { outputFailure != nil }

    package init(
        _ arguments: Arguments, _ connection: LogConnection, _ kind: Kind, _ output: Output,
        printsReceipts: Bool, waits: Bool
    ) throws(Failure) {
        self.connection = connection
        self.kind = kind
        self.output = output
        self.printsReceipts = printsReceipts
        self.waits = waits
        batch = InputBatch(connection, kind.topic)
        isJSON = arguments.isJSON
        timeoutSeconds = try arguments.timeoutSeconds()
        appender = try logged { () throws(LogError) in try connection.log.openAppender() }
    }

    deinit { appender.close() }

    /// Gathers a record; `id` is what its receipt is called.
    package func add(
        _ id: Identifier, of offering: Identifier,
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        batch.add(id, of: offering, encode: encode)
    }

    /// Gathers a record about a whole partition, which has no key.
    package func add(
        _ id: Identifier, to partition: Partition,
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        batch.add(id, to: partition, encode: encode)
    }

    /// Appends what was gathered, prints the receipts, and the decisions that are there by now.
    package func append() throws(Failure) {
        guard !isOver else { return }
        if !batch.isEmpty {
            if waits { try makeFollowers() }
            var refusal: LogError?
            do throws(LogError) {
                // Some may be taken and others refused.
                for (id, outcome) in try batch.append(with: appender) {
                    switch outcome {
                    case .appended(let receipt): take(receipt, of: id)
                    case .refused(let error): refusal = refusal ?? error
                    }
                }
            } catch {
                refusal = error
            }
            flush()
            if let refusal { throw failed(Failure(refusal).code, refusal.message) }
        }
        for partition in followed {
            telling { () throws(Failure) in try followers[partition]!.drain(show) }
        }
        flush()
    }

    /// Appends the rest and waits for what is not decided yet; answers whether nothing was refused.
    package func finish() throws(Failure) -> Bool {
        try append()
        if let outputFailure {
            throw failed(
                .inputOutput,
                outputFailure.isClosedPipe
                    ? "nobody reads the receipts" : outputFailure.message)
        }
        if Interruption.signal != 0 { throw failed(.tryAgain, "interrupted") }
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(timeoutSeconds * 1_000_000_000)
        for partition in followed {
            do throws(Failure) {
                try followers[partition]!.wait(until: end, show)
            } catch {
                try output.flush()
                throw error
            }
        }
        try output.flush()
        try complainOfMissing()
        return refused == 0
    }

    // MARK: What is printed

    private func take(_ receipt: Receipt, of id: Identifier) {
        appended += 1
        if printsReceipts {
            telling { () throws(Failure) in
                try output.line(Receipts.text("\(id)", receipt, json: isJSON))
            }
        }
        followers[Partition(receipt.partition.partition)]?.expect(receipt.offset)
    }

    private func show(_ decision: Decision, _ text: String) throws(Failure) {
        if decision.isRefusal { refused += 1 }
        try output.line(isJSON ? text : DecisionText.line(decision, output))
    }

    private func flush() {
        telling { () throws(Failure) in try output.flush() }
    }

    /// Notes that output can't be written instead of ending there and then: what is in the log
    /// must still be told, on standard error.
    private func telling(_ body: () throws(Failure) -> Void) {
        guard outputFailure == nil else { return }
        do throws(Failure) {
            try body()
        } catch {
            outputFailure = error
        }
    }

    private func failed(_ code: Failure.Code, _ why: String) -> Failure {
        let there = appended == 1
            ? "1 \(kind.one) is in the log" : "\(appended) \(kind.many) are in the log"
        return Failure(code, "\(why): \(there); \(kind.advice)")
    }

    // MARK: Waiting

    private func makeFollowers() throws(Failure) {
        for partition in batch.partitions {
            guard followers[partition] == nil else { continue }
            followers[partition] = try DecisionFollower(connection, partition, kind.input)
            followed.append(partition)
        }
    }

    private func complainOfMissing() throws(Failure) {
        let count = followed.reduce(0) { $0 + followers[$1]!.missing.count }
        guard count > 0,
            let partition = followed.first(where: { !followers[$0]!.missing.isEmpty })
        else { return }
        let position = "\(connection.partition(kind.topic, partition)) offset "
            + "\(followers[partition]!.missing.min()!)"
        let what = appended == 1
            ? "it is in the log at \(position), not decided yet"
            : "\(count) of \(appended) \(kind.many) are in the log and not decided yet, the first "
                + "at \(position)"
        throw Failure(
            .tryAgain,
            Interruption.signal != 0
                ? "interrupted: \(what)"
                : "\(what): is an allocator running? (fairfill allocate --log "
                    + "\(connection.log.url) --env \(connection.name))")
    }
}
