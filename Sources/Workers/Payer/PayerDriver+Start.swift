import EventLog
import Messages
import Payments
import Vocabulary

// What a payer reads at its start beside the journal: the last mark, the last command again, and,
// where the journal lost its tail, what people decided and what is known of the lost.
extension PayerDriver {
    /// The number of the last mark; 0 where there is none, nil where the payer is to stop.
    func readMark(_ end: EndKind) throws(LogError) -> Int64? {
        try JournalMarks.last(in: configuration.marks, of: log, end) {
            self.chassis.isStopping
        }
    }

    /// The append time of the command at an offset; nil where none is.
    func readCommand(at offset: LogOffset) throws(LogError) -> Timestamp? {
        var found: Timestamp?
        _ = try read(configuration.commands, from: offset, upTo: offset.next) {
            (batch, index) throws(LogError) in
            if batch.offset(index) == offset {
                found = Timestamp(rawValue: batch.appendTime(index))
            }
        }
        return found
    }

    /// The newest rebuild of exactly this damage that one person proposed and another one approved;
    /// nothing where the payer is to stop.
    func findRebuild(
        of damage: JournalDamage
    ) throws(LogError) -> (rebuild: ApprovedRebuild?, Void)? {
        let place = configuration.resolutions
        let bounds = try log.bounds(of: [place], .committed)[0]
        var agreement = RebuildAgreement(damage)
        let isWhole = try read(place, from: bounds.start, upTo: bounds.end) {
            (batch, index) throws(LogError) in
            // What nobody can read decides nothing.
            guard case .rebuild(let record)? = try? self.decoder.decodeResolution(
                batch.value(index))
            else { return }
            agreement.hear(record, at: Offset(rawValue: batch.offset(index).rawValue))
        }
        return isWhole ? (agreement.approved, ()) : nil
    }

    /// The orders from an offset on, and the last answers to commands of this partition; nil where
    /// the payer is to stop.
    func collectLost(from offset: LogOffset) throws(LogError) -> LostOrders? {
        var lost = LostOrders()
        let commands = configuration.commands
        let end = try log.bounds(of: [commands], .committed)[0].end
        var isWhole = try read(commands, from: offset, upTo: end) {
            (batch, index) throws(LogError) in
            if let order = self.order(batch, index) { lost.orders.append(order) }
        }
        guard isWhole else { return nil }
        for partition in 0..<Int32(configuration.environment.partitions) {
            let place = TopicPartition(
                configuration.place(.paymentResults).topic, partition)
            let bounds = try log.bounds(of: [place], .committed)[0]
            if bounds.start > 0 { lost.isComplete = false }
            isWhole = try read(place, from: bounds.start, upTo: bounds.end) {
                (batch, index) throws(LogError) in
                self.note(batch.value(index), in: &lost)
            }
            guard isWhole else { return nil }
        }
        return lost
    }

    /// An order of this lane's as it would be taken up; nil where it would not be.
    private func order(
        _ batch: borrowing RecordBatch, _ index: Int
    ) -> LostOrders.Order? {
        guard let order = try? decoder.decodePaymentOrder(batch.value(index)),
            configuration.isHome(of: order.account),
            batch.headers(index).allow(environment: configuration.environment.name.utf8)
        else { return nil }
        return LostOrders.Order(
            order,
            from: CommandSource(
                partition: configuration.partition,
                offset: Offset(rawValue: batch.offset(index).rawValue),
                at: Timestamp(rawValue: batch.appendTime(index))),
            isMalformed: !configuration.hasPartition(order.partition))
    }

    private func note(_ value: UnsafeRawBufferPointer?, in lost: inout LostOrders) {
        guard let (result, reference) = try? decoder.decodePaymentAnswer(value),
            let id = result.payment, configuration.isHome(of: result.account),
            // A number that leaves no room for a later one is none of a payer's.
            (1...largestInteger / 2).contains(result.result),
            result.result > lost.answers[id]?.number ?? 0
        else { return }
        lost.answers[id] = LostOrders.Answer(
            result.kind, number: result.result, reference: reference)
    }

    private func read(
        _ place: TopicPartition, from start: LogOffset, upTo end: LogOffset,
        _ body: (borrowing RecordBatch, Int) throws(LogError) -> Void
    ) throws(LogError) -> Bool {
        try LogSpan.read(
            place, of: log, from: start, upTo: end,
            isStopping: { self.chassis.isStopping }, body)
    }
}
