import CommandLine
import Vocabulary

/// Records as a sale has them: ids of 16 characters, or 12, no two alike, with no order to them.
enum BenchRecords {
    /// What an id is for: the same number makes another id for each.
    enum Purpose: UInt64 { case bid = 1, account = 2, offering = 3, command = 4 }

    /// 16 hexadecimal digits.
    static func id(_ purpose: Purpose, _ number: Int) -> Identifier {
        let value = mixed(purpose.rawValue << 56 | UInt64(number))
        var words = InlineArray<8, UInt64>(repeating: 0)
        words[0] = digits(value >> 32).littleEndian
        words[1] = digits(value & 0xffff_ffff).littleEndian
        return Identifier(trusted: words, count: 16)
    }

    /// 12 characters of 0-9 and a-v: those of which memory is counted.
    static func shortID(_ purpose: Purpose, _ number: Int) -> Identifier {
        let value = mixed(purpose.rawValue << 56 | UInt64(number))
        var words = InlineArray<8, UInt64>(repeating: 0)
        for position in 0..<12 {
            let five = value >> UInt64(5 * position) & 31
            let character = five + (five < 10 ? 0x30 : 0x57)
            words[position >> 3] |= character << UInt64(8 * (position & 7))
        }
        return Identifier(
            trusted: InlineArray { words[$0].littleEndian }, count: 12)
    }

    /// A bid of one share, by an account that bids once.
    static func bid(_ number: Int, for offering: Identifier) -> Bid {
        Bid(
            bid: id(.bid, number), offering: offering, account: id(.account, number), shares: 1)
    }

    /// The same with short ids.
    static func shortBid(_ number: Int, for offering: Identifier) -> Bid {
        Bid(
            bid: shortID(.bid, number), offering: offering, account: shortID(.account, number),
            shares: 1)
    }

    /// Another number for each, so that neighbours lie far apart in every table.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var value = number &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// The eight hexadecimal digits of 32 bits, the first one in the lowest byte.
    private static func digits(_ value: UInt64) -> UInt64 {
        var digits: UInt64 = 0
        for position in 0..<8 {
            let nibble = value >> UInt64(28 - 4 * position) & 15
            let digit = nibble + (nibble < 10 ? 0x30 : 0x57)
            digits |= digit << UInt64(8 * position)
        }
        return digits
    }
}

extension OfferingTerms {
    /// Terms that refuse nobody but for want of shares.
    static func bench(shares: Int, waitlistShares: Int) -> OfferingTerms {
        var terms = OfferingTerms(
            shares: Shares(shares), price: 10_000, currency: CurrencyCode("CNY")!)
        terms.waitlistShares = Shares(waitlistShares)
        return terms
    }
}
