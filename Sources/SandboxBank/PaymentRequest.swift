import JSON

/// What a client asks the bank to do.
struct PaymentRequest: Equatable, Sendable {
    var direction: String
    /// Minor units, at least 1.
    var amount: Int64
    var currency: String
    var account: String
    var reference: String
    /// The debt that it is for, where the client says so.
    var obligation: String
    /// What kind of payment the client calls it; empty where it doesn't say.
    var purpose = ""
    /// The payment that a refund gives back, by its id or its key; empty otherwise.
    var original = ""

    /// Larger amounts are refused: sums of them must stay numbers.
    static let largestAmount: Int64 = 1_000_000_000_000_000

    /// The bank's own account, which the merchant's money is in.
    static let platform = "platform"

    /// What must be the same for the same key.
    var fingerprint: String {
        let fields = [direction, String(amount), currency, account, reference]
        return (original.isEmpty ? fields : fields + [original]).joined(separator: "\u{1F}")
    }

    /// What the account gets: less than nothing where money is collected.
    var signedAmount: Int64 { direction == "collect" ? -amount : amount }
}

extension PaymentRequest {
    /// Reads a body; throws the member that is wrong. Members that it doesn't know are let be.
    init(_ body: [UInt8]) throws(WrongMember) {
        guard let members = Members(parsing: body) else {
            throw WrongMember("the body is no JSON object")
        }
        direction = try Self.text("direction", of: members)
        guard ["collect", "payout"].contains(direction) else {
            throw WrongMember("direction is neither collect nor payout")
        }
        currency = try Self.text("currency", of: members)
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) })
        else { throw WrongMember("currency is not three letters from A to Z") }
        account = try Self.text("account_token", of: members)
        guard account != Self.platform else {
            throw WrongMember("account_token is the bank's own account")
        }
        reference = try Self.text("reference", of: members)
        amount = try Self.amount(of: members)
        let metadata = try members.object("metadata")
        obligation = try metadata?.text("obligation") ?? ""
        purpose = try members.text("purpose") ?? ""
        original = try members.text("original") ?? ""
        guard obligation.utf8.count <= 255, purpose.utf8.count <= 255, original.utf8.count <= 255
        else { throw WrongMember("a text has more than 255 bytes") }
        guard original.isEmpty || direction == "payout" else {
            throw WrongMember("original goes with a payout only")
        }
    }

    /// Reads the body of a refund, which takes all that it leaves out from the payment.
    init(refund body: [UInt8], of payment: Payment) throws(WrongMember) {
        guard let members = Members(parsing: body) else {
            throw WrongMember("the body is no JSON object")
        }
        self = payment.request
        direction = "payout"
        amount = try Self.amount(of: members)
        reference = try Self.text("reference", of: members)
        obligation = try members.object("metadata")?.text("obligation") ?? ""
        purpose = "refund"
        original = payment.id
    }

    private static func text(
        _ name: String, of members: Members
    ) throws(WrongMember) -> String {
        guard let value = try members.text(name), !value.isEmpty, value.utf8.count <= 255
        else { throw WrongMember("\(name) is missing, or no text of 1 to 255 bytes") }
        return value
    }

    private static func amount(of members: Members) throws(WrongMember) -> Int64 {
        guard let whole = try members.whole("amount", from: 1, to: largestAmount) else {
            throw WrongMember("amount is missing")
        }
        return whole
    }
}
