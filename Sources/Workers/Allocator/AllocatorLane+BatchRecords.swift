import Allocation
import Digest
import EventLog
import Messages
import Vocabulary

/// From what the rules decide to the records of a batch.
extension AllocatorLane {
    /// Decides an input and writes the decisions, as many of them as the batch takes.
    mutating func decide(_ input: consuming Input, from source: Source) throws(LaneEnd) {
        group.removeAll()
        let outcome: GroupProgress
        do throws(InvariantViolation) {
            outcome = try book.decide(
                input, from: source, into: &group, limit: max(2, configuration.largestBatch))
        } catch {
            throw .invariant("\(error)")
        }
        isInsideGroup = outcome == .more
        try writeGroup()
    }

    /// Goes on with a group that did not fit into the batch before.
    mutating func resumeGroup() throws(LaneEnd) {
        group.removeAll()
        do throws(InvariantViolation) {
            let outcome = try book.resume(into: &group, limit: max(2, configuration.largestBatch))
            isInsideGroup = outcome == .more
        } catch {
            throw .invariant("\(error)")
        }
        try writeGroup()
    }

    /// Writes the group at hand, but for what of it the book holds already.
    private mutating func writeGroup() throws(LaneEnd) {
        var payment = 0
        var recall = 0
        for index in 0..<group.decisions.count {
            let isWritten = try skipIfInBook(index)
            if !isWritten {
                write(group.decisions[index])
                noteForAttention(group.decisions[index])
            }
            // A decision and its payment commands are never split.
            while payment < group.payments.count, group.paymentCauses[payment] == index {
                if !isWritten { write(group.payments[payment]) }
                payment += 1
            }
            while recall < group.recalls.count, group.recallCauses[recall] == index {
                if !isWritten { write(group.recalls[recall]) }
                recall += 1
            }
        }
    }

    private mutating func write(_ decision: Decision) {
        write(decision, key: decision.offering)
        if let offering = decision.offering, decision.counters != nil { progress.note(offering) }
        batch.decisions += 1
        batch.lastSequence = decision.sequence
        lastAt = decision.source.at
    }

    private mutating func write(_ decision: Decision, key: Identifier?) {
        headers.withBytes { headers in
            batch.records.append(
                to: batch.decisionsTopic, under: key, headers: headers,
                largestValue: RecordEncoder.largestDecision
            ) { chain.append(decision, into: $0) }
        }
    }

    mutating func write(_ command: PaymentCommand) {
        writeOrder(of: command.account) { RecordEncoder.encode(command, into: $0) }
    }

    mutating func write(_ recall: PaymentRecall) {
        writeOrder(of: recall.account) { RecordEncoder.encode(recall, into: $0) }
    }

    /// An order to the payer, on the partition of the account: behind those that came before.
    private mutating func writeOrder(
        of account: Identifier, encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        let partition = Partitioner.partition(
            of: account, count: configuration.environment.partitions)
        let destination = batch.paymentCommands[Int(partition.rawValue)]
        headers.withBytes { headers in
            batch.records.append(
                to: destination, under: account, headers: headers,
                largestValue: RecordEncoder.largestSmallRecord, encode: encode)
        }
    }

    /// Starts the next epoch in the book, after its last decision.
    mutating func writeEpochStarted(after sequence: DecisionNumber, _ hash: HashText) {
        headers.forgetTrace()
        let epoch = Epoch(rawValue: chain.epoch.rawValue + 1)
        chain.epoch = epoch
        let partition = configuration.partition
        headers.withBytes { headers in
            batch.records.append(
                to: batch.decisionsTopic, under: nil, headers: headers,
                largestValue: RecordEncoder.largestDecision
            ) { room in
                let count = RecordEncoder.encodeEpochStarted(
                    sequence: sequence, partition: partition, into: room)
                return count + RecordEncoder.seal(
                    epoch: epoch, hash: hash,
                    into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
            }
        }
    }

    /// Adds the progress of the offerings that changed: those that are due, or all.
    mutating func publishProgress(now: Timestamp, all: Bool) {
        let due = progress.due(at: now, all: all)
        guard !due.isEmpty else { return }
        headers.forgetTrace()
        for offering in due {
            guard let overview = book.overview(of: offering) else { continue }
            let record = Progress(
                overview, at: lastAt, sequence: book.sequence, epoch: chain.epoch)
            headers.withBytes { headers in
                batch.records.append(
                    to: batch.progress, under: offering, headers: headers,
                    largestValue: RecordEncoder.largestSmallRecord
                ) { RecordEncoder.encode(record, into: $0) }
            }
        }
    }

    /// Keeps the bytes of a record that can't be read.
    mutating func keepInvalid(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        _ whole: RecordBatch.Whole?, _ last: LogOffset?, _ source: Source, _ rejection: Rejection
    ) {
        let origin = configuration.inputs[source.topic]
        InvalidRecord(
            environment: configuration.environment.name, topic: "\(source.topic.name)",
            partition: origin.partition, offset: LogOffset(source.offset.rawValue),
            reason: rejection.reason.rawValue, whole: whole, last: last
        ).append(key: key, value: value, to: batch.invalid, of: &batch.records)
    }

    /// Tells a person about what one must look at.
    private mutating func noteForAttention(_ decision: Decision) {
        var expectedPartition: Partition?
        var command: PaymentID?
        var payout: PayoutResult?
        var error: Malformation?
        let found: Attention.Kind?
        switch decision.event {
        case .rejected(let rejection):
            found = isLate(rejection, decision) ? .late : Self.attention(rejection)
            expectedPartition = rejection.expectedPartition
            switch rejection.subject {
            case .payment(let payment, _): command = payment
            case .unreadable(let malformation, _, _): error = malformation
            case .batch: error = Malformation(.unreadable, at: 0)
            default: break
            }
        case .money(.payoutDeclined(let result, _, _)):
            // What is owed no more is not to be commanded again.
            found = book.isCalledOff(result.payment) ? nil : .payoutDeclined
            payout = result
        case .money(.refunded(let result)):
            // The bank had taken back what this gives back.
            found = book.isCalledOff(result.payment) ? .contradiction : nil
            payout = result
        case .money(.paidOut(let result)):
            // What was proven unpaid was paid, and everything else is given back.
            let state = decision.offering.flatMap { book.overview(of: $0)?.state }
            found = state == .cancelling || state == .cancelled ? .contradiction : nil
            payout = result
        case .money(.paymentReturned(let result)): (found, payout) = (.paymentReturned, result)
        default: return
        }
        guard let kind = found else { return }
        let source = decision.source
        // What strangers bring about gets one such line a minute for each source (TheLog.md, The
        // topics).
        switch kind {
        case .misrouted: guard Self.isDue(source, after: &lastMisrouted) else { return }
        case .malformed: guard Self.isDue(source, after: &lastMalformed) else { return }
        default: break
        }
        let record = Attention(
            kind: kind, offering: decision.offering, sequence: decision.sequence, source: source,
            expectedPartition: expectedPartition, command: payout?.payment ?? command,
            account: payout?.account, amount: payout?.amount,
            currency: payout.flatMap { book.terms(of: $0.payment.offering)?.currency },
            error: error)
        headers.withBytes { headers in
            batch.records.append(
                to: batch.attention, under: nil, headers: headers,
                largestValue: RecordEncoder.largestSmallRecord
            ) { RecordEncoder.encode(record, into: $0) }
        }
    }

    /// Whether the last line about this source is a minute old; a clock that stepped back starts
    /// anew.
    private static func isDue(
        _ source: Source, after last: inout PerInput<Int64?>
    ) -> Bool {
        let now = source.at.rawValue
        if let last = last[source.topic], now - last < 60_000, now >= last { return false }
        last[source.topic] = now
        return true
    }

    /// A bid that was stamped in time and became readable only after the clock had closed the
    /// offering.
    private func isLate(_ rejection: Rejection, _ decision: Decision) -> Bool {
        guard rejection.reason == .closed, decision.source.topic == .bids,
            let offering = decision.offering, let end = book.endByClock(of: offering)
        else { return false }
        return decision.source.at < end
    }

    private static func attention(_ rejection: Rejection) -> Attention.Kind? {
        switch (rejection.reason, rejection.subject) {
        case (.wrongEnvironment, _): .wrongEnvironment
        case (.misrouted, _): .misrouted
        case (.malformed, _): .malformed
        case (.unknownCommand, .payment): .unknownCommand
        case (.amountMismatch, .payment): .amountMismatch
        case (.wrongState, .payment): .contradiction
        default: nil
        }
    }
}

extension Progress {
    init(_ overview: OfferingOverview, at: Timestamp, sequence: DecisionNumber, epoch: Epoch) {
        self.init(
            offering: overview.offering, state: overview.state, shares: overview.shares,
            counters: overview.counters, waiting: overview.waiting, served: overview.served,
            bids: overview.bids, accounts: overview.accounts, at: at, sequence: sequence,
            epoch: epoch)
    }
}
