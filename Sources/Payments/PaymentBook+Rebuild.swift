import Vocabulary

/// What may be lost with the tail of a journal, and what is known of it.
package struct LostOrders: Sendable {
    /// An order of `payment-commands` behind the last one that the journal knows.
    package struct Order: Sendable {
        package var order: PaymentOrder
        package var source: CommandSource
        /// It can't be carried out as it stands.
        package var isMalformed: Bool

        package init(_ order: PaymentOrder, from source: CommandSource, isMalformed: Bool = false) {
            self.order = order
            self.source = source
            self.isMalformed = isMalformed
        }
    }

    /// The last answer to a command in `payment-results`.
    package struct Answer: Hashable, Sendable {
        package var kind: PaymentResult.Kind
        package var number: Int64
        package var reference: String?

        package init(_ kind: PaymentResult.Kind, number: Int64, reference: String? = nil) {
            self.kind = kind
            self.number = number
            self.reference = reference
        }
    }

    /// In order of their offsets.
    package var orders: [Order]
    package var answers: [PaymentID: Answer]
    /// Whether no answer was dropped since.
    package var isComplete: Bool

    package init(
        orders: [Order] = [], answers: [PaymentID: Answer] = [:], isComplete: Bool = true
    ) {
        self.orders = orders
        self.answers = answers
        self.isComplete = isComplete
    }
}

// A journal that lost its tail (Payments.md): what it lost counts as sent once. It is as its last
// answer says, or the provider is asked; no payer sends it.
extension PaymentBook {
    /// Goes on behind what the journal lost: to be called before `takeOver`, behind the fence, with
    /// the journal read to its end.
    ///
    /// An entry takes up one new order at most. So of the orders behind the last known one, no
    /// more may be lost than entries are; those after them were never taken up. Where it is not
    /// known how many entries are lost, all that is there may be.
    package mutating func rebuild(
        _ rebuild: ApprovedRebuild, _ lost: LostOrders, now: Timestamp,
        draft: (PaymentCommand, Identifier) -> RequestDraft
    ) -> PayerStep {
        var step = PayerStep()
        record(.rebuilt(PaymentRebuilt(rebuild: rebuild, at: now)), &step)
        let damage = rebuild.damage
        guard damage.losesEntries else { return step }
        var left = damage.mark > damage.last && !damage.isRestarted
            ? damage.mark - damage.last : .max
        let needed = entriesToSend()
        for index in payments.indices where payments[index].state.mayBeOutdated {
            let answered = lost.answers[payments[index].id]?.number ?? 0
            let isSendable = needed[index].map { $0 <= left } ?? payments[index].state.isSendable
            if answered > payments[index].lastResult || isSendable {
                lose(index, lost, now, &step)
            }
        }
        for order in lost.orders {
            guard left > 0 else { break }
            switch order.order {
            case .payment(let command):
                guard indexByID[command.id] == nil else { continue }
                left -= 1
                if order.isMalformed {
                    step.append(
                        take(
                            command, from: order.source, now: now, isMalformed: true,
                            draft: draft))
                } else {
                    lose(command, order, lost, now, &step, draft)
                }
            case .recall(let recall):
                guard indexByID[recall.command] == nil, !order.isMalformed else { continue }
                left -= 1
                // It says what its answer said if there was one, under the same number.
                step.append(take(recall, from: order.source, now: now))
            }
        }
        return step
    }

    /// How many entries at least had to be written until a command was sent that waits: turns are
    /// taken in order, and so are the commands of a lane. By index; only those that wait.
    private func entriesToSend() -> [Int: Int64] {
        var needed: [Int: Int64] = [:]
        var rank: Int64 = 0
        for turn in turns[min(turnsBegin, turns.count)...]
        where hasTurn(turn) && needed[turn] == nil {
            for (position, index) in (lanes[payments[turn].account]?.waiting ?? []).enumerated() {
                needed[index] = rank + Int64(position) + 1
            }
            rank += 1
        }
        // What is held gets its turn behind all of those.
        for index in payments.indices where needed[index] == nil {
            switch payments[index].state {
            case .ready, .parked(.overObligation), .parked(.channelMissing):
                needed[index] = rank + 2
            default: break
            }
        }
        return needed
    }

    /// Takes up a command that may have been sent already.
    private mutating func lose(
        _ command: PaymentCommand, _ order: LostOrders.Order, _ lost: LostOrders,
        _ now: Timestamp, _ step: inout PayerStep,
        _ draft: (PaymentCommand, Identifier) -> RequestDraft
    ) {
        let channel = channel(for: command) ?? channels[0].channel.name
        bind(channel, now, &step)
        let draft = draft(command, channel)
        let intent = PaymentIntent(
            command: command, key: draft.key, channel: channel,
            accountToken: draft.accountToken, body: draft.body, source: order.source,
            parked: .journalLost, at: now)
        record(.intent(intent), &step)
        lose(payments.count - 1, lost, now, &step)
    }

    /// Writes what is known of a command whose entries may be lost.
    private mutating func lose(
        _ index: Int, _ lost: LostOrders, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let id = payments[index].id
        let answer = lost.answers[id]
        let known = payments[index].lastResult
        // Answers that are kept no longer had numbers, and a later one must have a larger.
        let gap: Int64 = answer == nil && !lost.isComplete ? 1_000_000 : 0
        let answered = max(answer?.number ?? 0, known) + gap
        let found: PaymentLost.Class =
            switch answer?.kind {
            case .paid?: .paid
            case .declined?: .declined
            case .recalled?: .recalled
            default: .inDoubt
            }
        let entry = PaymentLost(
            command: id, class: found, answered: answered, reference: answer?.reference,
            result: found == .inDoubt ? answered + 1 : nil, at: now)
        record(.lost(entry), &step)
        if found == .inDoubt { notice(.parked(.journalLost), index, &step) }
    }

    mutating func apply(_ entry: PaymentLost) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard isRebuilding else { throw fault(.notRebuilding, index) }
        guard payments[index].state.mayBeOutdated else { throw fault(.wrongState, index) }
        guard entry.answered >= payments[index].lastResult else {
            throw fault(.wrongResult, index)
        }
        let next: PaymentState =
            switch entry.class {
            case .paid: .paid
            case .declined: .declined
            case .recalled: .recalled
            case .inDoubt, .failedByPerson, .conflict, .returned: .parked(.journalLost)
            }
        obligations[entry.command.obligation]?.held.removeAll { $0 == index }
        if entry.class == .recalled {
            payments[index].attempts = 0
        } else {
            count(asSent: index, at: entry.at)
        }
        if entry.answered > payments[index].lastResult {
            payments[index].lastResult = entry.answered
            payments[index].lastReason = nil
        }
        try settle(index, next, entry.reference, entry.result, at: entry.at)
    }

    /// A command that may have been sent counts as sent: no recall is granted, and its key is as
    /// old as can be known.
    mutating func count(asSent index: Int, at now: Timestamp) {
        payments[index].attempts = max(payments[index].attempts, 1)
        if payments[index].firstSentAt == nil { payments[index].firstSentAt = now }
    }

    mutating func apply(_ entry: PaymentRedraft) throws(JournalFault) {
        let index = try index(of: entry.command)
        guard payments[index].attempts == 0, payments[index].intent != nil,
            !payments[index].state.isFinal
        else { throw fault(.wrongState, index) }
        payments[index].intent?.channel = entry.channel
        changeTexts(of: index) {
            $0.intent?.accountToken = entry.accountToken
            $0.intent?.body = entry.body
        }
    }
}

extension PaymentState {
    /// Whether entries that are lost may have changed it: nothing changes a final state.
    fileprivate var mayBeOutdated: Bool { !isFinal }

    /// Whether a payer may send it again by itself.
    fileprivate var isSendable: Bool {
        if case .parked = self { false } else { true }
    }
}
