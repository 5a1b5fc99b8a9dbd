import CommandLine
import SeededNumbers
import Vocabulary

/// Who asks for what and when: ten seconds of a crowd, the same for the same seed.
struct Crowd: Sendable {
    /// One request, as a front end gets it.
    struct Request: Sendable {
        /// When it comes, in microseconds since the doors opened.
        var at: Int64
        var content: Content
    }

    enum Content: Sendable {
        /// `cannotPay`: a later step of the purchase will fail.
        case bid(Bid, cannotPay: Bool)
        /// No bid at all, by its index in `Crowd.garbage`.
        case garbage(Int)
    }

    static let bot: Identifier = "bot"
    static let botRequests = 3_000
    /// Anna, whose app shows no answer, so that she taps again.
    static let impatient: Identifier = "anna"
    static let impatientBid = Bid(
        bid: "anna-1", offering: Terms.offering, account: impatient, shares: 300)

    let bidders: Int
    /// In order of arrival.
    let requests: [Request]
    /// Shares that all of them ask for, a repeated bid counted once.
    let asked: Int64

    init(seed: UInt64, bidders: Int) {
        var random = SeededGenerator(seed: seed)
        var requests: [Request] = []
        var asked = Self.impatientBid.shares.rawValue
        for number in 1...bidders {
            let bid = Bid(
                bid: Self.identifier("b-", number), offering: Terms.offering,
                account: Self.identifier("a-", number),
                shares: Self.size(&random, bidders: bidders))
            let at = Self.arrival(&random)
            let content = Content.bid(bid, cannotPay: random.happens(oneIn: 20))
            asked += bid.shares.rawValue
            requests.append(Request(at: at, content: content))
            // A double tap, and nothing lost by it.
            if random.happens(oneIn: 100) {
                let again = at + random.next(in: 1_000...400_000)
                requests.append(Request(at: again, content: content))
            }
        }
        for at in [1_000_000, 1_300_000] as [Int64] {
            let content = Content.bid(Self.impatientBid, cannotPay: false)
            requests.append(Request(at: at, content: content))
        }
        for number in 1...Self.botRequests {
            let bid = Bid(
                bid: Self.identifier("bot-", number), offering: Terms.offering, account: Self.bot,
                shares: 5)
            let at = 500_000 + Int64(number) * 1_000
            requests.append(
                Request(at: at, content: .bid(bid, cannotPay: random.happens(oneIn: 20))))
            asked += 5
        }
        for index in Self.garbage.indices {
            let at = random.next(in: 0...5_000_000)
            requests.append(Request(at: at, content: .garbage(index)))
        }
        self.bidders = bidders
        self.asked = asked
        self.requests = requests.sorted { $0.at < $1.at }
    }

    /// Most ask for a little, a few for much: 2.3 times the offering in all, however many come.
    private static func size(_ random: inout SeededGenerator, bidders: Int) -> Shares {
        let whole =
            switch random.next(in: 1...10) {
            case 1...6: random.next(in: 1...10)
            case 7...9: random.next(in: 10...40)
            default: random.next(in: 40...200)
            }
        return Shares(max(1, whole * 10_000 / Int64(bidders)))
    }

    /// Somewhat denser at the start, when everybody waits for the doors.
    private static func arrival(_ random: inout SeededGenerator) -> Int64 {
        let (early, any) = (random.next(in: 0...6_000_000), random.next(in: 0...10_000_000))
        return random.happens(oneIn: 4) ? early : any
    }

    private static func identifier(_ prefix: String, _ number: Int) -> Identifier {
        guard let identifier = Identifier(parsing: "\(prefix)\(number)") else {
            preconditionFailure("a short prefix and a number are an id")
        }
        return identifier
    }

    /// What reaches a public endpoint besides bids; nil is a record without a value.
    static let garbage: [[UInt8]?] = [
        nil,
        Array("".utf8),
        Array("hello?".utf8),
        Array("{".utf8),
        Array("[1,2,3]".utf8),
        Array(#"{"type":"bid"}"#.utf8),
        Array(#"{"type":"bid","bid":"x","offering":"loan-7","account":"'; DROP TABLE b"}"#.utf8),
        Array(#"{"type":"bid","bid":"x","offering":"loan-7","account":"x","shares":-5}"#.utf8),
        Array(#"{"type":"bid","bid":"x","offering":"loan-7","account":"x","shares":1e400}"#.utf8),
        Array(#"{"type":"bid","bid":"x","bid":"y","offering":"loan-7","account":"x"}"#.utf8),
        [0xff, 0xfe, 0x00, 0x01],
        Array(repeating: UInt8(ascii: "["), count: 64 * 1_024),
    ]
}

/// What is sold: the loan of the story, 10,000,000 yuan.
enum Terms {
    static let offering: Identifier = "loan-7"
    static let shares: Int64 = 100_000
    /// In fen: 100 yuan.
    static let price: Int64 = 10_000
    static let currency = "CNY"
    static let maxSharesPerAccount: Int64 = 500
}

extension SeededGenerator {
    mutating func next(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(next().multipliedFullWidth(by: width).high)
    }

    mutating func happens(oneIn count: Int64) -> Bool { next(in: 1...count) == 1 }
}
