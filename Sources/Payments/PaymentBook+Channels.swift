import Vocabulary

/// A channel as a payer is given it: who answers there, and what they guarantee.
package struct ChannelTerms: Hashable, Sendable {
    package var channel: PaymentChannel
    package var profile: ProviderProfile

    package init(_ channel: PaymentChannel, _ profile: ProviderProfile) {
        self.channel = channel
        self.profile = profile
    }
}

/// Why a payer may not work with the channels that it was given: what was sent over the name went
/// to another provider, or went over a name that is not among them.
package struct ChannelFault: Error, Hashable, Sendable {
    /// The channel as the journal has it.
    package var journaled: PaymentChannel
    /// As the payer was given it; nil where it was not.
    package var given: PaymentChannel?
    /// The open commands that were sent over it: the first ten.
    package var commands: [PaymentID]
    /// How many there are.
    package var count: Int
}

// Which way a command goes. A name is bound to one provider by the first SENDING over it; from its
// own first SENDING on, nothing but its channel counts for a command.
extension PaymentBook {
    /// What is wrong with the channels that this payer was given; to be asked before anything else
    /// is done with a journal that was read to its end.
    package var channelFault: ChannelFault? {
        for journaled in bindings {
            let given = channels.first { $0.channel.name == journaled.name }?.channel
            if given == journaled { continue }
            var open: [PaymentID] = []
            var count = 0
            for payment in payments
            where payment.attempts > 0 && payment.channel == journaled.name
                && !payment.state.isFinal
            {
                count += 1
                if open.count < 10 { open.append(payment.id) }
            }
            // Nobody needs a channel over which nothing is open.
            if given == nil, count == 0 { continue }
            return ChannelFault(
                journaled: journaled, given: given, commands: open, count: count)
        }
        return nil
    }

    /// The channel that a command goes over if it was never sent; nil where that is not among
    /// those of this payer. A refund goes the way that its money came.
    func channel(for command: PaymentCommand) -> Identifier? {
        let first = channels[0].channel.name
        guard case .refund = command.id.kind, let original = command.original else {
            return first
        }
        var id = command.id
        id.kind = .collection
        id.number = original
        guard let collected = self[id]?.channel else { return first }
        return hasChannel(collected) ? collected : nil
    }

    func hasChannel(_ name: Identifier) -> Bool {
        channels.contains { $0.channel.name == name }
    }

    /// What the provider of a command guarantees; nothing where this payer doesn't have it.
    func profile(_ index: Int) -> ProviderProfile {
        let name = payments[index].channel ?? channels[0].channel.name
        return channels.first { $0.channel.name == name }?.profile ?? ProviderProfile()
    }

    /// Writes down what the name of a channel means, before the first leave to send over it.
    mutating func bind(_ name: Identifier, _ now: Timestamp, _ step: inout PayerStep) {
        guard !bindings.contains(where: { $0.name == name }),
            let terms = channels.first(where: { $0.channel.name == name })
        else { return }
        record(.channel(PaymentChannelBinding(channel: terms.channel, at: now)), &step)
    }

    /// Looks whether commands that were never sent go another way than they were drafted for, and
    /// drafts those anew: accounts have other tokens at another provider. For a payer that starts.
    mutating func redraft(
        _ now: Timestamp, _ step: inout PayerStep,
        draft: (PaymentCommand, Identifier) -> RequestDraft
    ) {
        for index in payments.indices where payments[index].attempts == 0 {
            guard let intent = payments[index].intent, payments[index].state.waitsForItsWay else {
                continue
            }
            guard let way = channel(for: intent.command) else {
                if payments[index].state == .ready { park(index, .channelMissing, now, &step) }
                continue
            }
            if way != intent.channel {
                let made = draft(intent.command, way)
                guard let token = made.accountToken else {
                    if payments[index].state == .ready {
                        park(index, .unknownAccount, now, &step)
                    }
                    continue
                }
                record(
                    .redrafted(
                        PaymentRedraft(
                            command: intent.command.id, channel: way, accountToken: token,
                            body: made.body, at: now)), &step)
            }
            if payments[index].state == .parked(.channelMissing), fits(intent.command) {
                record(
                    .admitted(PaymentAdmission(command: intent.command.id, at: now)), &step)
            }
        }
    }
}

extension PaymentState {
    /// Whether it was never sent and may yet be.
    fileprivate var waitsForItsWay: Bool {
        switch self {
        case .ready, .parked(.channelMissing), .parked(.overObligation): true
        default: false
        }
    }
}

extension Payment {
    /// The channel that counts for it: that of its last SENDING, or the one that it was drafted
    /// for; nil where it was recalled before it came.
    package var channel: Identifier? { lastSending?.channel ?? intent?.channel }
}
