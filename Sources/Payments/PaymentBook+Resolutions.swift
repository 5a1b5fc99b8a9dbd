import Vocabulary

// What people say: one proposes, another one approves, and the book acts (Payments.md, What only
// people settle). Each record that says something new is journaled with its offset before anything
// comes of it.
extension PaymentBook {
    /// What people and statements said of one command, as long as it may matter.
    struct Sayings: Hashable, Sendable {
        /// Those that nobody has approved yet, the oldest first.
        var proposals: [PaymentProposed] = []
        /// An approval that waits until nothing can be under way.
        var agreed: PaymentAgreed?
        /// A line of a statement that waits for the end of an attempt.
        var awaited: PaymentStatement?
        /// The resolution that acted last.
        var acted: Identifier?
        /// A recall that came once the command may have been sent.
        var recall: PaymentRecallNoted?
        /// The keys under which it was sent before people said that nothing moved.
        var earlier: [EarlierKey] = []

        /// More than so many open proposals about one command are a mistake: the oldest go.
        static let largestProposalCount = 8
    }

    /// A key that a command was sent under once, and no longer is.
    struct EarlierKey: Hashable, Sendable {
        var key: Identifier
        var channel: Identifier
    }

    /// What it takes to send a command; the revision is 0, and grows with each `notExecuted`.
    package typealias Draft = (PaymentCommand, Identifier, _ revision: Int) -> RequestDraft

    /// Hears a record of `payment-resolutions`. One that says nothing new is no step at all.
    package mutating func hear(
        _ record: PaymentResolution, from source: Offset, now: Timestamp, draft: Draft
    ) -> PayerStep {
        var step = PayerStep()
        switch record {
        case .rebuild, .acknowledgement: break
        case .proposal(let proposal): hear(proposal, source, now, &step)
        case .approval(let approval): hear(approval, source, now, &step, draft)
        case .line(let line): hear(line, source, now, &step)
        case .absence(let absence): hear(absence, source, now, &step)
        case .pause(let pause): hear(.pause(pause), source, now, &step)
        case .resumption(let pause): hear(.resumption(pause), source, now, &step)
        case .limit(let limit): hear(.limit(limit), source, now, &step)
        case .refusedResumption(let resumption):
            hear(.refusedResumption(resumption), source, now, &step)
        }
        return step
    }

    private mutating func hear(
        _ proposal: ResolutionProposal, _ source: Offset, _ now: Timestamp,
        _ step: inout PayerStep
    ) {
        let id = proposal.command
        guard let index = indexByID[id], payments[index].account == proposal.account else {
            return refuse(id, proposal.resolution, .unknownCommand, source, now, &step)
        }
        let sayings = sayings[index]
        if sayings?.acted == proposal.resolution { return }
        if let known = sayings?.proposals.contains(where: {
            $0.proposal.resolution == proposal.resolution
        }), known { return }
        if let refusal = refusal(of: proposal, index) {
            return refuse(id, proposal.resolution, refusal, source, now, &step)
        }
        record(
            .proposed(PaymentProposed(proposal: proposal, source: source, at: now)), &step)
    }

    private mutating func hear(
        _ approval: ResolutionApproval, _ source: Offset, _ now: Timestamp,
        _ step: inout PayerStep, _ draft: Draft
    ) {
        let id = approval.command
        guard let index = indexByID[id] else {
            return refuse(id, approval.resolution, .unknownCommand, source, now, &step)
        }
        let sayings = sayings[index]
        if sayings?.acted == approval.resolution
            || sayings?.agreed?.resolution == approval.resolution
        { return }
        guard let proposal = proposal(approval.resolution, index) else {
            return refuse(id, approval.resolution, .unknownResolution, source, now, &step)
        }
        let refusal: ResolutionRefusal? =
            approval.actor == proposal.actor
            ? .sameActor
            : approval.version != proposal.version
                ? .wrongVersion : self.refusal(of: proposal, index)
        if let refusal {
            return refuse(id, approval.resolution, refusal, source, now, &step)
        }
        guard isOver(index, now) || !proposal.verdict.saysThatNothingMoved else {
            let agreed = PaymentAgreed(
                command: id, resolution: approval.resolution, actor: approval.actor,
                source: source, at: now)
            record(.agreed(agreed), &step)
            return step.actions.append(.wait(id, until: overFrom(index)))
        }
        act(index, proposal, approval.actor, source, now, &step, draft)
    }

    /// Acts on an approval that had to wait, once nothing can be under way.
    mutating func actOnAgreement(
        _ index: Int, _ now: Timestamp, _ step: inout PayerStep, _ draft: Draft
    ) {
        guard let agreed = sayings[index]?.agreed,
            let proposal = proposal(agreed.resolution, index)
        else { return }
        if let refusal = refusal(of: proposal, index) {
            refuse(agreed.command, agreed.resolution, refusal, agreed.source, now, &step)
        } else if isOver(index, now) {
            act(index, proposal, agreed.actor, agreed.source, now, &step, draft)
        } else {
            step.actions.append(.wait(agreed.command, until: overFrom(index)))
        }
    }

    /// Whether two people agreed on what becomes of a command, and it waits until nothing can be
    /// under way.
    package func hasAgreement(on payment: Payment) -> Bool {
        guard !sayings.isEmpty, let index = indexByID[payment.id] else { return false }
        return sayings[index]?.agreed != nil
    }

    private func proposal(_ name: Identifier, _ index: Int) -> ResolutionProposal? {
        sayings[index]?.proposals.first { $0.proposal.resolution == name }?.proposal
    }

    private mutating func act(
        _ index: Int, _ proposal: ResolutionProposal, _ approver: Identifier,
        _ source: Offset, _ now: Timestamp, _ step: inout PayerStep, _ draft: Draft
    ) {
        let before = payments[index].state
        var entry = PaymentResolved(
            command: proposal.command, resolution: proposal.resolution,
            verdict: proposal.verdict, proposedBy: proposal.actor, approvedBy: approver,
            reference: proposal.reference, source: source, at: now)
        switch proposal.verdict {
        case .paid:
            entry.result = nextResult(index)
            record(.resolved(entry), &step)
            if before.isFinal { notice(.contradiction, index, &step) }
        case .returned:
            if before != .paid, before != .conflict {
                // What came back had gone out: the allocator hears both.
                entry.verdict = .paid
                entry.result = nextResult(index)
                record(.resolved(entry), &step)
                entry.verdict = .returned
            }
            entry.result = nextResult(index)
            record(.resolved(entry), &step)
        case .failedByPerson:
            entry.result = nextResult(index)
            record(.resolved(entry), &step)
        case .notExecuted where sayings[index]?.recall != nil:
            // Nothing moved, and its allocator wants it back: it is given up, not sent again.
            entry.verdict = .failedByPerson
            entry.result = nextResult(index)
            record(.resolved(entry), &step)
        case .notExecuted, .retry:
            if proposal.verdict == .retry, let recall = sayings[index]?.recall {
                return grant(recall, index, now, &step)
            }
            guard let again = again(index, proposal, source, now, &step, draft) else { return }
            entry.revision = again.revision
            record(.resolved(entry), &step)
        }
        settled(index, now, &step)
    }

    /// What a command is sent with that takes its turn again; nil where it can't.
    private mutating func again(
        _ index: Int, _ proposal: ResolutionProposal, _ source: Offset, _ now: Timestamp,
        _ step: inout PayerStep, _ draft: Draft
    ) -> (revision: PaymentResolved.Revision?, Void)? {
        let (id, name) = (proposal.command, proposal.resolution)
        guard let intent = payments[index].intent else { return nil }
        // What was sent and not executed keeps its key and its bytes.
        if proposal.verdict == .retry, payments[index].attempts > 0 { return (nil, ()) }
        let way = proposal.verdict == .retry
            ? channel(for: intent.command)
            : proposal.channel ?? payments[index].channel
        guard let way, hasChannel(way) else {
            refuse(id, name, .channelMissing, source, now, &step)
            return nil
        }
        let revision = proposal.verdict == .retry ? 0 : revision(index) + 1
        let made = draft(intent.command, way, revision)
        guard let token = made.accountToken else {
            refuse(id, name, .unknownAccount, source, now, &step)
            return nil
        }
        return (
            PaymentResolved.Revision(
                key: made.key, channel: way, accountToken: token, body: made.body), ()
        )
    }

    /// How often people said of it that nothing moved and that it is to be sent again.
    func revision(_ index: Int) -> Int { sayings[index]?.earlier.count ?? 0 }

    /// Answers a recall that waits: the command will never be sent.
    mutating func grant(
        _ noted: PaymentRecallNoted, _ index: Int, _ now: Timestamp, _ step: inout PayerStep
    ) {
        record(
            .recalled(
                PaymentRecalled(
                    recall: noted.recall, source: noted.source, result: nextResult(index),
                    at: now)), &step)
        settled(index, now, &step)
    }

    /// Takes note of what changes nothing, and tells people.
    mutating func refuse(
        _ id: PaymentID, _ resolution: Identifier?, _ reason: ResolutionRefusal,
        _ source: Offset, _ now: Timestamp, _ step: inout PayerStep
    ) {
        let unresolved = PaymentUnresolved(
            command: id, resolution: resolution, reason: reason, source: source, at: now)
        record(.unresolved(unresolved), &step)
        if let index = indexByID[id] { notice(.unresolved(reason), index, &step) }
    }
}

extension PaymentVerdict {
    /// Whether it can't be true yet while a request may be under way.
    var saysThatNothingMoved: Bool { self == .failedByPerson || self == .notExecuted }
}
