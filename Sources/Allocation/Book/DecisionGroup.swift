import Vocabulary

/// Where decisions and the payment commands that they imply are put. It belongs to the caller,
/// who empties it between calls and so has its memory used again.
package struct DecisionGroup: Sendable {
    /// In order, numbered without gaps.
    package private(set) var decisions: [Decision] = []
    /// In the order of the decisions that imply them, each of which is in the same group.
    package private(set) var payments: [PaymentCommand] = []
    /// For each payment command the index of the decision that implies it: the two are never
    /// split between transactions.
    package private(set) var paymentCauses: [Int] = []

    /// Recalls of payment commands that were made before, in order; and for each the index of the
    /// decision that implies it.
    package private(set) var recalls: [PaymentRecall] = []
    package private(set) var recallCauses: [Int] = []

    /// The number and the place of the next decision.
    private(set) var nextSequence: DecisionNumber = 1
    private(set) var nextN: Int64 = 0
    /// The partition that all of it belongs to.
    private(set) var partition: Partition = 0
    private var source = Source(topic: .clock, partition: 0, offset: 0, at: 0)

    /// An empty group.
    package init() {}

    /// Empties the group and keeps its memory.
    package mutating func removeAll() {
        decisions.removeAll(keepingCapacity: true)
        // Most groups have no more than that.
        if !payments.isEmpty {
            payments.removeAll(keepingCapacity: true)
            paymentCauses.removeAll(keepingCapacity: true)
        }
        if !recalls.isEmpty {
            recalls.removeAll(keepingCapacity: true)
            recallCauses.removeAll(keepingCapacity: true)
        }
    }

    /// The next decisions are caused by `source` and are numbered from here.
    mutating func goOn(
        from source: Source, in partition: Partition, sequence: DecisionNumber, n: Int64
    ) {
        self.source = source
        self.partition = partition
        nextSequence = sequence
        nextN = n
    }

    @inline(__always)
    mutating func append(
        _ event: consuming DecisionEvent, of offering: Identifier?, _ counters: Counters?
    ) {
        decisions.append(
            Decision(
                sequence: nextSequence, offering: offering, event: consume event,
                counters: counters, source: source, n: nextN))
        nextSequence += 1
        nextN += 1
    }

    @inline(__always)
    mutating func append(_ payment: consuming PaymentCommand) {
        payments.append(consume payment)
        paymentCauses.append(decisions.count - 1)
    }

    mutating func append(_ recall: PaymentRecall) {
        recalls.append(recall)
        recallCauses.append(decisions.count - 1)
    }
}
