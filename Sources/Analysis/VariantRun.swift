import Allocation
import Vocabulary

/// What becomes of the records under one variant: a book, and who pays.
///
/// The book is the allocator's own, and so are its rules.
struct VariantRun {
    let variant: Variant
    private(set) var book = PartitionBook(partition: WhatIf.partition)
    private var group = DecisionGroup()
    /// Payment commands that succeed by themselves, oldest first; nil where results are given.
    private var due: DueQueue?
    private var results: Int64 = 0

    init(_ variant: Variant, paysAtOnce: Bool) {
        self.variant = variant
        due = paysAtOnce ? DueQueue() : nil
    }

    /// Decides a record, after the deadlines that it brings about; answers the decision about the
    /// record itself, without what follows from it.
    mutating func decide(
        _ record: InputRecord, from source: Source, _ observer: WhatIf.Observer?
    ) throws(InvariantViolation) -> DecisionEvent {
        if source.topic == .bids {
            let time = book.time(of: source)
            while let deadline = book.nextDeadline, deadline <= time {
                try decideDeadline(observer)
            }
        }
        let event = try decide(.record(variant.changed(record)), from: source, observer)
        try pay(at: source.at, observer)
        return event
    }

    /// Decides the deadlines up to `time`, in their order.
    mutating func pass(
        time: Timestamp, _ observer: WhatIf.Observer?
    ) throws(InvariantViolation) {
        while let deadline = book.nextDeadline, deadline <= time { try decideDeadline(observer) }
    }

    /// Decides the deadlines that are left, in their order.
    mutating func finish(_ observer: WhatIf.Observer?) throws(InvariantViolation) {
        while book.nextDeadline != nil { try decideDeadline(observer) }
    }

    private mutating func decideDeadline(
        _ observer: WhatIf.Observer?
    ) throws(InvariantViolation) {
        guard let deadline = book.nextDeadline else { return }
        _ = try decide(.deadline, from: book.source(ofDeadline: deadline), observer)
        try pay(at: deadline, observer)
    }

    /// Decides one input with all that follows from it.
    private mutating func decide(
        _ input: Input, from source: Source, _ observer: WhatIf.Observer?
    ) throws(InvariantViolation) -> DecisionEvent {
        group.removeAll()
        var progress = try book.decide(input, from: source, into: &group, limit: 1_000)
        let event = group.decisions[0].event
        take(observer)
        while progress == .more {
            group.removeAll()
            progress = try book.resume(into: &group, limit: 1_000)
            take(observer)
        }
        return event
    }

    private mutating func take(_ observer: WhatIf.Observer?) {
        if let observer { for decision in group.decisions { observer(variant, decision) } }
        if due != nil { due!.take(group) }
    }

    /// Every command that is due succeeds, and so does what that causes.
    private mutating func pay(
        at: Timestamp, _ observer: WhatIf.Observer?
    ) throws(InvariantViolation) {
        while let payment = due?.popFirst() {
            let command = payment.command
            // A command is answered once, so its result is its first.
            let result = PaymentResult(
                kind: payment.isRecalled ? .recalled : .paid, payment: command.id, result: 1,
                offering: command.id.offering, account: command.account,
                amount: payment.isRecalled ? nil : command.amount)
            let source = Source(
                topic: .paymentResults, partition: WhatIf.partition,
                offset: Offset(rawValue: results), at: at)
            results += 1
            _ = try decide(.record(.paymentResult(result)), from: source, observer)
        }
    }
}

/// Payment commands that nobody has answered yet.
private struct DueQueue {
    struct Payment {
        let command: PaymentCommand
        var isRecalled = false
    }

    private var payments: [Payment] = []
    private var first = 0

    mutating func take(_ group: borrowing DecisionGroup) {
        for command in group.payments { payments.append(Payment(command: command)) }
        for recall in group.recalls {
            // What was paid before can't be recalled.
            let index = payments[first...].firstIndex { $0.command.id == recall.command }
            if let index { payments[index].isRecalled = true }
        }
    }

    mutating func popFirst() -> Payment? {
        guard first < payments.count else {
            if first > 0 {
                payments.removeAll(keepingCapacity: payments.count < 4_096)
                first = 0
            }
            return nil
        }
        first += 1
        return payments[first - 1]
    }
}
