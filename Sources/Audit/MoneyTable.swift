import Vocabulary

/// The payments of all journals, each by hashes of what must agree elsewhere, so that a book of
/// millions has room: 64 bits of a hash that is keyed anew in every process, so nobody can make two
/// payments agree.
struct MoneyTable {
    /// How a payment stands, as far as money is concerned.
    enum Standing: UInt8 {
        /// Never sent, or proven not to have been executed.
        case ready, parked
        /// Its money may have moved.
        case sending, doubt
        case paid, declined, declinedProven, recalled, failed
        /// Paid after it was final that nothing had moved.
        case conflict
        case returned

        var isPaid: Bool { self == .paid || self == .conflict }
        var isInDoubt: Bool { self == .sending || self == .doubt }

        /// Final, and nothing moved.
        var isUnpaid: Bool {
            switch self {
            case .declined, .declinedProven, .recalled, .failed: true
            default: false
            }
        }

        var isFinal: Bool { isPaid || isUnpaid || self == .returned }
    }

    struct Payment {
        /// Its name's bytes in `names`.
        var name: Range<Int32>
        /// nil where it was recalled before it came, or can't be carried out.
        var kind: PaymentCommand.Kind?
        var amount: MinorUnits = 0
        var currency = CurrencyCode.noCurrency
        /// Of all that was commanded.
        var content: UInt64 = 0
        var account: UInt64
        var key: UInt64 = 0
        var obligation: Int32 = -1
        var channel: Int32 = -1
        /// The partition of its journal and its command.
        var home: Int32
        /// The partition to answer to.
        var answerPartition: Int32
        /// Where its command stands; -1 where that is not known.
        var source: Int64 = -1
        /// The entries that took it up, and that made it stand as it does.
        var takenUpAt: Int64
        var standsSince: Int64
        var standing = Standing.ready
        var attempts: Int64 = 0
        var sendingEpoch: Epoch = 0
        /// The number of its last answer.
        var lastResult: Int64 = 0
        /// Up to this number the journal may have lost the entries that gave its answers.
        var lostThrough: Int64 = 0
        /// The first and the last of its answers.
        var firstAnswer: Int32 = -1
        var lastAnswer: Int32 = -1
        /// How often the bank has it, and has it back.
        var booked: Int32 = 0
        var returned: Int32 = 0
        /// Whether its command was seen at its source.
        var isCommanded = false
        /// Whether a decision says what its money was for.
        var isDecided = false
    }

    /// An answer that the journal gave, and what is there of it.
    struct Answer {
        var number: Int64
        var kind: PaymentResult.Kind
        var isProven: Bool
        /// The entry that gave it; -1 where the journal lost it.
        var givenAt: Int64
        /// Where it stands in payment-results; -1: nowhere.
        var offset: Int64 = -1
        var partition: Int32 = -1
        var next: Int32 = -1
    }

    struct Obligation {
        var due: MinorUnits
        var first: Int32
        /// What its commands paid, and what the bank has of them.
        var paid: Int64 = 0
        var moved: Int64 = 0
    }

    var payments: [Payment] = []
    var answers: [Answer] = []
    var obligations: [Obligation] = []
    private var names: [UInt8] = []
    private var indexByID: [UInt64: Int32] = [:]
    private var indexByObligation: [UInt64: Int32] = [:]
    private var indexByKey: [UInt64: Int32] = [:]

    // MARK: Finding

    func index(of id: PaymentID) -> Int? { indexByID[Self.hash(id)].map(Int.init) }

    func index(ofKey key: UInt64) -> Int? { indexByKey[key].map(Int.init) }

    func name(_ index: Int) -> String {
        let range = payments[index].name
        return String(
            decoding: names[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }

    /// The answer of that number.
    func answer(_ index: Int, _ number: Int64) -> Int? {
        var next = payments[index].firstAnswer
        while next >= 0 {
            if answers[Int(next)].number == number { return Int(next) }
            next = answers[Int(next)].next
        }
        return nil
    }

    // MARK: Changing

    mutating func add(_ id: PaymentID, _ payment: (Range<Int32>) -> Payment) -> Int {
        let start = Int32(names.count)
        names.append(contentsOf: "\(id)".utf8)
        let index = payments.count
        payments.append(payment(start..<Int32(names.count)))
        indexByID[Self.hash(id)] = Int32(index)
        return index
    }

    /// The obligation of a command, which is made where it is the first one.
    mutating func obligation(of command: PaymentCommand, _ index: Int) -> Int {
        let hash = Self.hash(command.id.obligation)
        if let known = indexByObligation[hash] { return Int(known) }
        indexByObligation[hash] = Int32(obligations.count)
        obligations.append(Obligation(due: command.due, first: Int32(index)))
        return obligations.count - 1
    }

    /// Whose key it is; the payment at `index` takes one that is nobody's.
    mutating func take(_ key: UInt64, _ index: Int) -> Int {
        if let owner = indexByKey[key] { return Int(owner) }
        indexByKey[key] = Int32(index)
        return index
    }

    mutating func add(_ answer: Answer, to index: Int) {
        let place = Int32(answers.count)
        answers.append(answer)
        let last = payments[index].lastAnswer
        if last >= 0 { answers[Int(last)].next = place } else {
            payments[index].firstAnswer = place
        }
        payments[index].lastAnswer = place
    }

    // MARK: Hashes

    static func hash(_ value: some Hashable) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(value)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Of a key, an account or a channel, however it is kept.
    static func hash(_ id: Identifier) -> UInt64 { id.withBytes { hash(bytes: $0) } }

    static func hash(text: String) -> UInt64 {
        var text = text
        return text.withUTF8 { hash(bytes: UnsafeRawBufferPointer($0)) }
    }

    private static func hash(bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes.count)
        hasher.combine(bytes: bytes)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
