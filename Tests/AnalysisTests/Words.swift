import Allocation
import Messages
import Vocabulary

/// Records in words, and decisions as the records of a topic, so that a test reads like a ledger.
enum Words {
    /// `TIME open ID [TERM VALUE]...`, `TIME close ID`, `TIME cancel-all ID REASON`,
    /// `TIME repay ID PAYMENT`, `TIME bid ID ACCOUNT SHARES [whole]`, `TIME cancel ID ACCOUNT`, or
    /// `TIME RESULT BID/K #N ACCOUNT [AMOUNT]`; `@ID` at the end names another offering than loan.
    static func record(_ line: Substring) -> TimedRecord {
        var words = line.split(separator: " ").map(String.init)
        let at = Timestamp(Int64(words.removeFirst())!)
        var offering: Identifier = "loan"
        if words.last!.hasPrefix("@") { offering = id(words.removeLast().dropFirst()) }
        return TimedRecord(record(words, offering), at: at)
    }

    private static func record(_ words: [String], _ offering: Identifier) -> InputRecord {
        func command(_ action: OfferingCommand.Action) -> InputRecord {
            .command(OfferingCommand(command: id(words[1]), offering: offering, action: action))
        }
        switch words[0] {
        case "open": return command(.open(terms(words.dropFirst(2))))
        case "close": return command(.close)
        case "pause": return command(.pause)
        case "cancel-all": return command(.cancel(reason: words[2]))
        case "repay":
            var path = "\(offering)/\(words[2])"
            return command(
                .repay(payment: path.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) }))
        case "bid":
            return .bid(
                Bid(
                    bid: id(words[1]), offering: offering, account: id(words[2]),
                    shares: Shares(Int64(words[3])!), allOrNone: words.last == "whole"))
        case "cancel":
            return .cancellation(
                BidCancellation(bid: id(words[1]), offering: offering, account: id(words[2])))
        default:
            var path = "\(offering)/\(words[1])"
            return .paymentResult(
                PaymentResult(
                    kind: PaymentResult.Kind(rawValue: words[0])!,
                    payment: path.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) },
                    result: Int64(words[2].dropFirst())!, offering: offering,
                    account: id(words[3]),
                    amount: words.count > 4 ? MinorUnits(Int64(words[4])!) : nil))
        }
    }

    private static func terms(_ words: ArraySlice<String>) -> OfferingTerms {
        var terms = OfferingTerms(shares: 100, price: 2, currency: CurrencyCode("CNY")!)
        var rest = words
        while let name = rest.popFirst(), let word = rest.popFirst() {
            let value = Int64(word) ?? 0
            switch name {
            case "shares": terms.shares = Shares(value)
            case "lot": terms.lot = Shares(value)
            case "min": terms.minShares = Shares(value)
            case "cap": terms.maxSharesPerAccount = Shares(value)
            case "waitlist": terms.waitlistShares = Shares(value)
            case "need": terms.minimumShares = Shares(value)
            case "bids": terms.maxBidsPerAccount = value
            case "accounts": terms.maxAccounts = value
            case "rate": terms.bidsPerMinutePerAccount = value
            case "from": terms.opensAt = Timestamp(value)
            case "to": terms.closesAt = Timestamp(value)
            case "backstop": terms.backstop = Backstop(account: id(word), maxShares: terms.shares)
            case "by": terms.remainder = RemainderRule.allCases.first { "\($0.name)" == word }!
            default: preconditionFailure("no term \(name)")
            }
        }
        return terms
    }

    private static func id(_ text: some StringProtocol) -> Identifier { Identifier(parsing: text)! }

    static func topic(of record: InputRecord) -> InputTopic {
        switch record {
        case .bid, .cancellation: .bids
        case .command, .partitionCommand: .offeringCommands
        case .paymentResult: .paymentResults
        }
    }

    // MARK: Records of decisions. Nothing that reads them here looks at the hash.

    private static let hash = HashText(String(repeating: "0", count: 64))!

    static func record(_ decision: Decision, epoch: Epoch = 1) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: RecordEncoder.largestDecision) { buffer, count in
            let room = UnsafeMutableRawBufferPointer(buffer)
            count = RecordEncoder.encode(decision, after: hash, into: room)
            count += RecordEncoder.seal(
                epoch: epoch, hash: hash,
                into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
        }
    }

    /// The record with which a writer begins.
    static func started(_ epoch: Int, partition: Partition) -> [UInt8] {
        Array(
            (#"{"type":"epochStarted","seq":0,"partition":\#(partition),"epoch":\#(epoch),"hash":""#
                + String(repeating: "0", count: 64) + #""}"#).utf8)
    }
}
