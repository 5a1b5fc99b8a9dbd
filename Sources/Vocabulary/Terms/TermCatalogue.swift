// The terms, in the order in which records hold them. A value of one term may follow from those
// before it.
extension Term {
    public static let all: [Term] = [
        Term(
            .shares, .size(\.shares), .required, Bounds(least: 1, isInLots: true),
            meaning: "The offering's size.", flag: "how many shares are for sale",
            rule: "shares is 1 or more, and a multiple of lot"),
        Term(
            .price, .price(\.price), .required, .positive,
            meaning: "The price of a share.",
            flag: "the price of a share in minor units, such as fen or cents",
            rule: "price is 1 or more, and shares x price at most \(largestInteger)"),
        Term(
            .currency, .currency(\.currency), .required, meaning: "What the price is in.",
            flag: "an ISO 4217 code, or XXX if the unit is no currency",
            rule: "currency is a code of ISO 4217 in force, or XXX"),
        Term(
            .lot, .shares(\.lot), .value(.integer(1)), .positive,
            meaning: "Each bid is a multiple of it.", flag: "every bid must be a multiple of this",
            rule: "lot is 1 or more"),
        Term(
            .minShares, .shares(\.minShares), .sameAs(\.lot, "the lot"),
            Bounds(least: 1, isInLots: true, isWithinSize: true),
            meaning: "The fewest shares a bid may ask for.", flag: "the fewest shares of one bid",
            otherName: "min-shares-per-bid",
            rule: "minShares is 1 or more, a multiple of lot, and at most shares"),
        Term(
            .maxSharesPerAccount, .shares(\.maxSharesPerAccount), .none("no limit"),
            Bounds(least: 1, isInLots: true, isOneBid: true, isWithinSize: true),
            meaning: "An account's cap: reserved, settled and waiting together.",
            flag: "the most shares that one account may hold",
            rule: "maxSharesPerAccount is a multiple of lot, from minShares to shares"),
        Term(
            .maxBidsPerAccount, .count(\.maxBidsPerAccount), .none("no limit"), .positive,
            meaning: "How many bids of an account are taken.",
            flag: "the most bids that one account may make",
            rule: "maxBidsPerAccount is 1 or more"),
        Term(
            .maxAccounts, .count(\.maxAccounts), .none("no limit"), .positive,
            meaning: "How many accounts may hold or wait for shares at one time.",
            flag: "the most accounts that may hold or wait for shares at one time",
            rule: "maxAccounts is 1 or more"),
        Term(
            .bidsPerMinutePerAccount, .count(\.bidsPerMinutePerAccount), .none("no limit"),
            .positive, meaning: "How many bids of an account may pass this check within 60 s.",
            flag: "the most bids of one account within a minute",
            rule: "bidsPerMinutePerAccount is 1 or more"),
        Term(
            .opensAt, .moment(\.opensAt), .none("at once"),
            meaning: "Bids are taken from then on; at most a day ago, or 100 years ahead.",
            flag: "when bids are first taken: RFC 3339, or milliseconds since 1970 UTC",
            rule: "opensAt is before closesAt, at most a day ago and at most 100 years ahead, in "
                + "milliseconds"),
        Term(
            .closesAt, .moment(\.closesAt), .none("no end"),
            meaning: "Bids are taken until just before then; at most 100 years ahead.",
            flag: "when bids stop: RFC 3339, or milliseconds since 1970 UTC",
            rule: "closesAt is after the command and all bids decided before, at most 100 years "
                + "ahead, in milliseconds; amended, it is later than it was"),
        Term(
            .remainder, .word(\.remainder), .value(.word(.split)),
            meaning: "What happens to a bid for more shares than are free.",
            flag: "how to treat a bid for more shares than are free: split, skip or hold",
            rule: nil),
        Term(
            .waitlistShares, .shares(\.waitlistShares), .size("as many as are offered"),
            meaning: "How many shares may wait.", flag: "how many shares may wait",
            rule: "(shares + waitlistShares) x price is at most \(largestInteger); left out, "
                + "waitlistShares is shares"),
        Term(
            .minimumShares, .shares(\.minimumShares), .size("all shares"),
            Bounds(isWithinSize: true),
            meaning: "Shares that must be paid for at close, or all is refunded.",
            flag: "how many must be paid for by the close, or everything is refunded",
            otherName: "min-shares-settled",
            rule: "minimumShares is at most shares"),
        Term(
            .backstop, .backstop(\.backstop), .none("none"),
            meaning: "Takes what is left at close.",
            flags: [
                TermFlag(
                    "backstop-account", "ID", "the account that takes what is left at the close",
                    .backstopAccount),
                TermFlag(
                    "backstop-max-shares", "N", "the most shares that the backstop takes",
                    .backstopMaxShares),
            ],
            rule: "the backstop takes 1 share or more"),
        Term(
            .payee, .account(\.payee), .none("none"),
            meaning: "The account that the proceeds are paid to.",
            flag: "the account that the proceeds are paid to", rule: nil),
        Term(
            .distributions, .distributions(\.distributions), .none("none"),
            meaning: "The distributions that are allowed.",
            flags: [
                TermFlag(
                    "interest", "IDS", "ids under which interest may be paid, separated by commas",
                    .interest),
                TermFlag(
                    "principal", "IDS",
                    "ids under which principal may be paid, separated by commas", .principal),
            ],
            rule: nil),
        Term(
            .rules, .count(\.rules), .value(.integer(1)),
            meaning: "The version of the rules for the offering's life.", flags: [],
            rule: "rules is a version that this release acts on"),
    ]

    /// The term that a record calls `member`.
    public static func named(_ member: Member) -> Term? { all.first { $0.member == member } }

    private init(
        _ member: Member, _ kind: Kind, _ whenLeftOut: WhenLeftOut, _ bounds: Bounds = .any,
        meaning: String, flags: [TermFlag], rule: String?
    ) {
        self.member = member
        self.kind = kind
        self.whenLeftOut = whenLeftOut
        self.bounds = bounds
        self.meaning = meaning
        self.flags = flags
        self.rule = rule
    }

    /// A term that one flag sets, called as the term.
    private init(
        _ member: Member, _ kind: Kind, _ whenLeftOut: WhenLeftOut, _ bounds: Bounds = .any,
        meaning: String, flag: String, otherName: String? = nil, rule: String?
    ) {
        self.init(
            member, kind, whenLeftOut, bounds, meaning: meaning,
            flags: [TermFlag(member, kind, flag, otherName: otherName)], rule: rule)
    }
}
