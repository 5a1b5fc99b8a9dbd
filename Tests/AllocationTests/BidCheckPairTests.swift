import Testing

import Allocation
import Vocabulary

/// The order of the checks of a bid (Rules.md, Bids): each reason alone, and together with
/// each later one. malformed, wrongEnvironment and misrouted are found before the rules look.
@Suite struct BidCheckPairTests {
    /// One thing that makes a bid refused; all of them can be put together.
    struct Cause: Sendable {
        /// Its own where a reason has several.
        let name: String
        let reason: String
        let add: @Sendable (inout BidSetting) -> Void

        init(
            _ reason: String, _ name: String? = nil,
            _ add: @escaping @Sendable (inout BidSetting) -> Void
        ) {
            self.reason = reason
            self.name = name ?? reason
            self.add = add
        }
    }

    /// 18 shares in lots of 2, of which anna has 6 and asks for 4 more: nothing is wrong.
    struct BidSetting {
        var terms = ["lot 2", "need 0"]
        /// Told while bids are taken, if they are.
        var bids = ["bid a anna 6"]
        var isTheSameAgain = false
        var isPaid = false
        /// What the offering goes through then.
        var changes: [String] = []
        var isArchived = false
        // The bid itself.
        var account = "anna"
        var asked = 4
        var isWhole = false
        var offering = ""

        /// Everybody else takes what is left.
        mutating func takeAll() {
            for bid in ["bid f1 fred 6", "bid f2 frida 6"] where !bids.contains(bid) {
                bids.append(bid)
            }
        }

        var subject: String { "b \(account) \(asked)" + (isWhole ? " whole" : "") }

        /// What is told before the bid.
        var lines: [String] {
            var lines = ["open c shares 18 price 1 " + terms.joined(separator: " ")] + bids
            if isTheSameAgain { lines.append("bid " + subject) }
            if isPaid || isArchived {
                lines += bids.map { $0.split(separator: " ") }.filter { $0[3] == "6" }
                    .map { "paid \($0[1])/1 #1 \($0[2]) 6" }
            }
            lines += changes
            if isArchived {
                // No money may be open, that of the bid neither.
                if isTheSameAgain { lines.append("paid b/1 #1 \(account) \(asked)") }
                lines += ["close z", "at 101000"]
            }
            return lines
        }
    }

    /// In the order of the checks.
    static let causes: [Cause] = [
        Cause("unknownOffering") { $0.offering = " @none" },
        Cause("archived") { $0.isArchived = true },
        Cause("repeated") { $0.isTheSameAgain = true },
        // Refused itself, and the id is spent.
        Cause("conflictingDuplicate") { $0.bids.append("bid b other 0") },
        Cause("notOpenYet") { $0.terms.append("from 5000") },
        Cause("paused") { $0.changes.append("pause p") },
        Cause("filled") {
            $0.takeAll()
            $0.isPaid = true
        },
        Cause("closed") { $0.changes.append("close k") },
        Cause("belowMinimum") { $0.terms.append("min 6") },
        Cause("notALot") { $0.asked += 1 },
        Cause("tooLarge") {
            $0.asked += 16
            $0.isWhole = true
        },
        Cause("tooManyBids") { $0.terms.append("bids 1") },
        Cause("rateLimited") { $0.terms.append("rate 1") },
        Cause("overAccountCap") { $0.terms.append("cap 6") },
        Cause("overAccountCap", "overAccountCap, all or none") {
            // More than the account may have at all.
            $0.terms.append("cap 8")
            $0.asked += 6
            $0.isWhole = true
        },
        Cause("tooManyAccounts") {
            // Zoe gave back what she had, and there are three accounts without her.
            $0.account = "zoe"
            $0.bids = ["bid y zoe 2", "declined y/1 #1 zoe"] + $0.bids
            $0.takeAll()
            $0.terms.append("maxAccounts 3")
        },
        Cause("waitlistFull") {
            $0.takeAll()
            $0.terms.append("waitlist 0")
        },
    ]

    /// The pairs that no book and no bid can be brought into, and why.
    static let impossible: [(pairs: [(String, [String])], why: String)] = [
        (
            [("archived", ["notOpenYet", "paused"])],
            "what is archived has ended: it neither waits for its time nor is paused"
        ),
        (
            [("archived", ["rateLimited"])],
            "the rate looks back a minute, and the last bid passed longer ago than that"
        ),
        (
            [("repeated", ["conflictingDuplicate"])],
            "what comes again is equal to what came first, or is not"
        ),
        (
            [("notOpenYet", ["filled", "closed"])],
            "what still waits for its time is neither sold nor closed"
        ),
        (
            [("notOpenYet", ["tooManyBids", "rateLimited", "overAccountCap", "tooManyAccounts"])],
            "before the opening nobody's bid was accepted or passed the check of the rate"
        ),
        (
            [("notOpenYet", ["waitlistFull"])],
            "before the opening all shares are free: what is not too large would not wait"
        ),
        (
            [("paused", ["filled", "closed"])],
            "the pause ends with the sale: there is nothing left to resume"
        ),
        ([("filled", ["closed"])], "an offering is in one state"),
        (
            [("belowMinimum", ["tooLarge"])],
            "minShares is at most shares, so nothing is below the one and above the other"
        ),
        (
            [("belowMinimum", ["overAccountCap, all or none"])],
            "minShares is at most the cap, so nothing is below the one and above the other"
        ),
        ([("overAccountCap", ["overAccountCap, all or none"])], "it is one reason"),
        (
            [("overAccountCap", ["tooManyAccounts"])],
            "the one needs an account with shares, the other an account without any"
        ),
    ]

    static let impossiblePairs = Set(
        impossible.flatMap { $0.pairs.flatMap { first, later in later.map { [first, $0] } } })

    static let pairs: [(first: Int, later: Int)] = causes.indices.flatMap { first in
        causes.indices.dropFirst(first + 1).compactMap { later in
            impossiblePairs.contains([causes[first].name, causes[later].name])
                ? nil : (first, later)
        }
    }

    /// Tells the bid of a book that `causes` were put into, and expects the first of them.
    func expect(_ reason: String, from causes: [Cause]) throws {
        var scene = BidSetting()
        for cause in causes { cause.add(&scene) }
        var ledger = Ledger()
        for line in scene.lines { _ = try ledger.tell(line) }
        let before = try #require(ledger.book.overview(of: Ledger.offering))
        let told = try ledger.tell("bid " + scene.subject + scene.offering)
        let counters = before.counters
        let after = " | \(counters.free) \(counters.reserved) \(counters.settled)"
        let names = causes.map(\.name)
        switch reason {
        case "unknownOffering":
            #expect(told == "rejected \(scene.subject): unknownOffering @none", "\(names)")
        case "repeated":
            #expect(told.hasPrefix("repeated b \(scene.account) of "), "\(names) \(told)")
            #expect(told.hasSuffix(after), "\(names) \(told)")
        default:
            #expect(told == "rejected \(scene.subject): \(reason)\(after)", "\(names)")
        }
        #expect(ledger.book.overview(of: Ledger.offering) == before, "it moves nothing")
    }

    @Test func nothingIsWrongWithoutACause() throws {
        var ledger = Ledger()
        let scene = BidSetting()
        for line in scene.lines { _ = try ledger.tell(line) }
        #expect(
            try ledger.tell("bid " + scene.subject) == """
                reserved b anna 4: 4 + 0 | 8 10 0
                collect loan/b/1 anna 4 CNY due 4
                """)
    }

    @Test(arguments: causes.indices) func alone(_ index: Int) throws {
        let cause = Self.causes[index]
        try expect(cause.reason, from: [cause])
    }

    /// The earlier reason is given; once its cause is taken away, the later one is. What was told
    /// for the later one was told in both.
    @Test(arguments: pairs.indices) func theEarlierOneWins(_ index: Int) throws {
        let first = Self.causes[Self.pairs[index].first]
        let later = Self.causes[Self.pairs[index].later]
        try expect(first.reason, from: [first, later])
        try expect(later.reason, from: [later])
        var both = BidSetting()
        var alone = BidSetting()
        for cause in [first, later] { cause.add(&both) }
        later.add(&alone)
        #expect(Set(alone.terms).isSubset(of: both.terms))
        var rest = both.lines.dropFirst()[...]
        for line in alone.lines.dropFirst() where !line.hasPrefix("bid b \(alone.account)") {
            let position = try #require(rest.firstIndex(of: line), "\(line) is left out")
            rest = rest[(position + 1)...]
        }
    }

    /// No reason is forgotten, and each pair is told or known to be impossible.
    @Test func everyPairIsAccountedFor() {
        let outside: Set<Reason> = [.malformed, .wrongEnvironment, .misrouted]
        let all = Reason.allCases.prefix { $0 != .unknownBid }.filter { !outside.contains($0) }
        var reasons = Self.causes.map(\.reason)
        reasons.removeAll { $0 == "repeated" }
        reasons.remove(at: reasons.firstIndex(of: "overAccountCap")!)
        #expect(reasons == all.map(\.rawValue))
        let names = Self.causes.map(\.name)
        for pair in Self.impossiblePairs {
            let indices = pair.map { names.firstIndex(of: $0) ?? .max }
            #expect(indices[0] < indices[1] && indices[1] < names.count, "no such pair: \(pair)")
        }
        #expect(
            Self.pairs.count + Self.impossiblePairs.count == names.count * (names.count - 1) / 2)
        #expect(Self.impossible.allSatisfy { !$0.why.isEmpty })
    }
}
