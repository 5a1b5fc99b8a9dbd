/// One fact of a payer's life: a record of `payment-journal`. What a payer knows, it knows from
/// these alone, so that a successor that reads them knows as much (Payments.md).
///
/// Times are the log's, as well as the writing payer knows them; a successor takes the append
/// times of the records in their place. `result` is the number of the answer that is written in
/// the same transaction; nil where none is.
public enum JournalEntry: Hashable, Sendable {
    /// A payer took the partition over: all that was being sent before is in doubt now.
    case epoch(PayerEpoch)
    /// A command was taken up. From here the journal drives it, not the command topic.
    case intent(PaymentIntent)
    /// The command may be sent once; committed before the first byte leaves.
    case sending(PaymentSending)
    /// What came of sending it.
    case outcome(PaymentOutcome)
    /// What the provider's record says.
    case lookup(PaymentLookup)
    /// No payer sends the command again by itself: operators decide.
    case parked(PaymentParking)
    /// Room was made under the cap of the obligation: the command takes its turn.
    case admitted(PaymentAdmission)
    /// The command waits behind one that is in doubt.
    case waiting(PaymentWaiting)
    /// The command was never sent and never will be.
    case recalled(PaymentRecalled)
    /// A command of the same id and of other content came; the first one is not affected.
    case conflict(PaymentConflict)
    /// From here on the name of a channel means one provider.
    case channel(PaymentChannelBinding)
    /// A command that was never sent goes over another channel.
    case redrafted(PaymentRedraft)
    /// The journal had lost entries and goes on behind them.
    case rebuilt(PaymentRebuilt)
    /// A command whose entries may be among the lost ones.
    case lost(PaymentLost)
    /// A person says what became of a command; another one has to approve it.
    case proposed(PaymentProposed)
    /// Two people say so; it acts once nothing can be under way.
    case agreed(PaymentAgreed)
    /// What two people say acts.
    case resolved(PaymentResolved)
    /// A record of `payment-resolutions` changes nothing.
    case unresolved(PaymentUnresolved)
    /// What a line of a provider's statement shows.
    case statement(PaymentStatement)
    /// A closed statement proves a decline.
    case proven(PaymentProven)
    /// An operator's brake was put on or taken off.
    case brake(PaymentBrake)
    /// A recall of a command that was sent waits for its outcome.
    case recallNoted(PaymentRecallNoted)
    /// A command that can't be carried out was left out.
    case invalid(PaymentInvalid)
}

/// A record of `payment-journal`: an entry with its number in the partition, 1, 2, ...
public struct JournalRecord: Hashable, Sendable {
    public var number: Int64
    public var entry: JournalEntry

    public init(number: Int64, entry: JournalEntry) {
        self.number = number
        self.entry = entry
    }
}

/// Where an order stands in `payment-commands`.
public struct CommandSource: Hashable, Sendable {
    public var partition: Partition
    public var offset: Offset
    /// Its append time: another one at the same offset is a topic made anew.
    public var at: Timestamp

    public init(partition: Partition, offset: Offset, at: Timestamp) {
        self.partition = partition
        self.offset = offset
        self.at = at
    }
}

/// The first record of each owner of a partition; written behind the fence.
public struct PayerEpoch: Hashable, Sendable {
    public var epoch: Epoch
    /// When the fence stood: what was sent before may still be under way for the sending window
    /// and the HTTP deadline from here.
    public var at: Timestamp

    public init(epoch: Epoch, at: Timestamp) {
        self.epoch = epoch
        self.at = at
    }
}

/// A command with all that it takes to send it: the same bytes under the same key, always.
public struct PaymentIntent: Hashable, Sendable {
    public var command: PaymentCommand
    /// The provider's idempotency key; kept, and never derived anew.
    public var key: Identifier
    /// The channel that it was drafted for; only SENDING binds it.
    public var channel: Identifier
    /// The account as the provider knows it, at most 255 bytes; nil where nobody knows.
    public var accountToken: String?
    /// The request's body, at most 2 KiB. Taken as bytes, never normalised.
    public var body: String
    public var source: CommandSource
    /// Why it is not to be sent, known from the beginning: `overObligation`, `unknownAccount`,
    /// `channelMissing`, `malformed`, or `journalLost` behind a rebuild.
    public var parked: PaymentDoubt?
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentCommand, key: Identifier, channel: Identifier, accountToken: String?,
        body: String, source: CommandSource, parked: PaymentDoubt? = nil, result: Int64? = nil,
        at: Timestamp
    ) {
        self.command = command
        self.key = key
        self.channel = channel
        self.accountToken = accountToken
        self.body = body
        self.source = source
        self.parked = parked
        self.result = result
        self.at = at
    }
}

/// The leave to send a command once.
public struct PaymentSending: Hashable, Sendable {
    public var command: PaymentID
    /// 1, 2, ... within the command.
    public var attempt: Int64
    /// Whether an attempt before it may have moved money.
    public var isRepeat: Bool
    public var epoch: Epoch
    /// What it is sent over: from here on nothing else counts for the command.
    public var channel: Identifier
    /// The provider's idempotency key: the intent's.
    public var key: Identifier
    /// Past this moment the first byte must not leave.
    public var windowEndsAt: Timestamp
    public var at: Timestamp

    public init(
        command: PaymentID, attempt: Int64, isRepeat: Bool, epoch: Epoch, channel: Identifier,
        key: Identifier, windowEndsAt: Timestamp, at: Timestamp
    ) {
        self.command = command
        self.attempt = attempt
        self.isRepeat = isRepeat
        self.epoch = epoch
        self.channel = channel
        self.key = key
        self.windowEndsAt = windowEndsAt
        self.at = at
    }
}
