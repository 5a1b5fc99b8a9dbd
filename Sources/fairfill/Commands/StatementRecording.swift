import CommandLine
import EventLog
import FairfillClient
import Messages
import Statements
import Vocabulary

/// Writes what statements show into payment-resolutions, for the payers to take up.
struct StatementRecording {
    private let place: LogConnection
    private let channel: Identifier
    private let actor: Identifier

    init(_ place: LogConnection, channel: Identifier, actor: Identifier) {
        self.place = place
        self.channel = channel
        self.actor = actor
    }

    /// What was said before is not said again: a payment, a statement, and what of it.
    private struct Said: Hashable {
        var command: PaymentID
        var statement: Identifier
        /// nil: that it has no line.
        var kind: StatementLine.Kind?
    }

    /// Answers how many records were written.
    func record(
        _ findings: StatementFindings, lastStatement: String
    ) throws(Failure) -> Int {
        var said = try alreadySaid()
        var records = OutgoingRecords()
        var count = 0
        let now = Timestamp.now
        for found in findings.presences {
            guard let statement = Identifier(parsing: found.statement),
                let key = found.payment.key.flatMap({ Identifier(parsing: $0) }),
                said.insert(
                    Said(
                        command: found.payment.id, statement: statement, kind: found.line.kind)
                ).inserted
            else { continue }
            append(
                .line(
                    StatementLine(
                        partition: found.payment.partition, command: found.payment.id,
                        channel: channel, key: key, kind: found.line.kind,
                        amount: found.line.amount, currency: found.line.currency,
                        direction: found.line.direction, statement: statement,
                        reference: found.line.reference, isClosed: found.isClosed, actor: actor,
                        at: now)), found.payment.partition, &records)
            count += 1
        }
        for absence in findings.absences {
            let payment = absence.payment
            guard let statement = Identifier(parsing: lastStatement),
                said.insert(Said(command: payment.id, statement: statement, kind: nil)).inserted
            else { continue }
            append(
                .absence(
                    StatementAbsence(
                        partition: payment.partition, command: payment.id, channel: channel,
                        statement: statement, from: absence.coverage.from,
                        to: absence.coverage.to, actor: actor, at: now)),
                payment.partition, &records)
            count += 1
        }
        if count > 0 { _ = try InputAppender.append(records, to: place.log) }
        return count
    }

    private func alreadySaid() throws(Failure) -> Set<Said> {
        var said: Set<Said> = []
        for partition in place.partitions(.paymentResolutions) {
            let bounds = try logged { () throws(LogError) in
                try place.log.bounds(of: [partition], .committed)[0]
            }
            var decoder = RecordDecoder()
            var follow = try Follow(place.log, [ReadStart(partition, from: bounds.start)])
            let isWhole = try follow.read(upTo: [bounds.end]) {
                (_, batch, index) throws(Failure) in
                switch try? decoder.decodeResolution(batch.value(index)) {
                case .line(let line)?:
                    said.insert(
                        Said(command: line.command, statement: line.statement, kind: line.kind))
                case .absence(let absence)?:
                    said.insert(
                        Said(command: absence.command, statement: absence.statement, kind: nil))
                default: break
                }
            }
            guard isWhole else { throw Failure(.tryAgain, "interrupted; nothing was written") }
        }
        return said
    }

    private func append(
        _ record: PaymentResolution, _ partition: Partition, _ records: inout OutgoingRecords
    ) {
        let destination = records.destination(place.partition(.paymentResolutions, partition))
        var key = "\(partition)"
        let headers = place.headers
        key.withUTF8 { key in
            headers.withUnsafeBytes { headers in
                records.append(
                    to: destination, key: UnsafeRawBufferPointer(key), headers: headers,
                    largestValue: RecordEncoder.largestResolution
                ) { RecordEncoder.encode(record, into: $0) }
            }
        }
    }
}
