import Vocabulary

/// What a payer knows of one partition of `payment-commands`, and what it does next.
///
/// `apply` alone changes it, so that a book read from the journal and one that wrote it are the
/// same. The deciding functions make entries, apply them, and say what to write and to begin.
package struct PaymentBook: Hashable, Sendable {
    /// The commands of an obligation, and what they come to.
    struct Obligation: Hashable, Sendable {
        /// The least that any of its commands says is due.
        var due: MinorUnits
        /// What is reserved, paid or in doubt.
        var taken: MinorUnits = 0
        /// Those that the cap holds, in their order.
        var held: [Int] = []
    }

    /// The commands of an account that wait for their turn, and the one whose turn it is.
    struct Lane: Hashable, Sendable {
        var holder: Int?
        /// Others that hold it, too: only what a journal lost makes several doubtful at a time.
        var others: [Int] = []
        var waiting: [Int] = []
    }

    /// The ways to providers, at least one; new commands go over the first.
    package let channels: [ChannelTerms]
    /// What the names of channels mean, since the first leave to send over each.
    package internal(set) var bindings: [PaymentChannel] = []
    /// Every command, in the order of the journal.
    package internal(set) var payments: [Payment] = []
    package internal(set) var epoch: Epoch = 0
    /// When the fence of this epoch stood.
    package internal(set) var epochStartedAt: Timestamp = 0
    /// The highest place of `payment-commands` in the journal; the payer goes on after it.
    package internal(set) var lastSource: CommandSource?
    /// Whether entries about what the journal lost may come.
    var isRebuilding = false
    /// The offset of the last record of `payment-resolutions` in the journal; the payer goes on
    /// after it. What it read besides says nothing new.
    package internal(set) var lastResolution: Offset?
    /// What operators hold.
    package internal(set) var pauses: [Pause] = []
    /// What is paid out in a day, by currency.
    package internal(set) var outflows: [Outflow] = []
    /// What was said of a command, by its index.
    var sayings: [Int: Sayings] = [:]
    /// Whether all was heard that people, statements and brakes had said before this payer began:
    /// nothing is sent before. No part of the journal; the lane says so.
    package var hasHeardPeople = true
    /// How many commands are under way.
    package internal(set) var sendingCount = 0

    /// What the texts of all commands take beside the commands themselves.
    var textBytes = 0

    var indexByID: [PaymentID: Int] = [:]
    /// By the obligation's id.
    var obligations: [PaymentID: Obligation] = [:]
    var lanes: [Identifier: Lane] = [:]
    /// The first of each lane that nothing holds, in the order in which they came to be so. Those
    /// whose turn has gone stay in it until they come to its front.
    var turns: [Int] = []
    var turnsBegin = 0

    package init(_ channels: [ChannelTerms]) {
        precondition(!channels.isEmpty, "a payer has a way to a provider")
        self.channels = channels
    }

    /// A book with one channel, which is enough to read a journal.
    package init(profile: ProviderProfile) {
        self.init([ChannelTerms(PaymentChannel(name: "default", origin: ""), profile)])
    }

    /// The highest offset of `payment-commands` in the journal.
    package var lastOffset: Offset? { lastSource?.offset }

    /// The command of that id; nil where none came.
    package subscript(id: PaymentID) -> Payment? { indexByID[id].map { payments[$0] } }

    /// What is reserved, paid or in doubt of the obligation of a command, and what is due.
    package func obligation(of id: PaymentID) -> (taken: MinorUnits, due: MinorUnits)? {
        obligations[id.obligation].map { ($0.taken, $0.due) }
    }

    /// From when on nothing of a command can be under way, and a lookup would show it. What an
    /// earlier owner sent is counted from the fence, by the clock of this one.
    func quietFrom(_ index: Int) -> Timestamp {
        let profile = profile(index)
        let delay =
            profile.httpDeadlineMilliseconds + profile.lookupVisibilityDelayMilliseconds
        guard let sending = payments[index].lastSending, sending.epoch == epoch else {
            return epochStartedAt + Milliseconds(profile.sendingWindowMilliseconds + delay)
        }
        return sending.windowEndsAt + Milliseconds(delay)
    }
}
