import Vocabulary

/// Terms under which nothing may be opened (Terms.md), each bound by itself.
struct TermsAudit {
    /// The terms that are out of their bounds.
    private(set) var wrong: [Member] = []

    /// Amounts are formed wide, so that no forged record overflows them.
    private static let largestAmount: Int128 = (1 << 53) - 1
    private static let millisecondsOfADay: Int64 = 24 * 60 * 60 * 1_000
    static let millisecondsOfACentury: Int64 = 100 * 365 * millisecondsOfADay
        + 25 * millisecondsOfADay

    /// - Parameter now: the later of book time and the command's own.
    init(_ terms: OfferingTerms, at now: Timestamp) {
        checkQuantities(terms)
        checkTimes(terms, now.rawValue)
        checkAmounts(terms)
        if !terms.currency.isInForce { wrong.append(.currency) }
        // The only version there is.
        if let rules = terms.rules, rules != 1 { wrong.append(.rules) }
    }

    private mutating func checkQuantities(_ terms: OfferingTerms) {
        let shares = terms.shares.rawValue
        let lot = terms.lot?.rawValue ?? 1
        let least = terms.minShares?.rawValue ?? lot
        func isInLots(_ quantity: Int64) -> Bool { lot < 1 || quantity % lot == 0 }
        if lot < 1 { wrong.append(.lot) }
        if shares < 1 || !isInLots(shares) { wrong.append(.shares) }
        if least < 1 || least > shares || !isInLots(least) { wrong.append(.minShares) }
        if let cap = terms.maxSharesPerAccount?.rawValue,
            cap < 1 || cap < least || cap > shares || !isInLots(cap)
        {
            wrong.append(.maxSharesPerAccount)
        }
        if let most = terms.maxBidsPerAccount, most < 1 { wrong.append(.maxBidsPerAccount) }
        if let most = terms.maxAccounts, most < 1 { wrong.append(.maxAccounts) }
        if let rate = terms.bidsPerMinutePerAccount, rate < 1 {
            wrong.append(.bidsPerMinutePerAccount)
        }
        if let waiting = terms.waitlistShares, waiting < 0 { wrong.append(.waitlistShares) }
        if let needed = terms.minimumShares?.rawValue, needed < 0 || needed > shares {
            wrong.append(.minimumShares)
        }
        if let backstop = terms.backstop, backstop.maxShares < 1 { wrong.append(.backstop) }
    }

    /// Numbers of a record are at most 2^53 - 1, so no sum of them overflows.
    private mutating func checkTimes(_ terms: OfferingTerms, _ now: Int64) {
        let latest = now + Self.millisecondsOfACentury
        if let opensAt = terms.opensAt?.rawValue,
            opensAt < now - Self.millisecondsOfADay || opensAt > latest
                || terms.closesAt.map({ $0.rawValue <= opensAt }) ?? false
        {
            wrong.append(.opensAt)
        }
        if let closesAt = terms.closesAt?.rawValue, closesAt <= now || closesAt > latest {
            wrong.append(.closesAt)
        }
    }

    private mutating func checkAmounts(_ terms: OfferingTerms) {
        let price = Int128(terms.price.rawValue)
        let sold = Int128(terms.shares.rawValue)
        let waiting = Int128((terms.waitlistShares ?? terms.shares).rawValue)
        if price < 1 || sold * price > Self.largestAmount {
            wrong.append(.price)
        } else if (sold + waiting) * price > Self.largestAmount {
            wrong.append(.waitlistShares)
        }
    }
}
