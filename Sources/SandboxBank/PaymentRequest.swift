import Foundation

/// What a client asks the bank to do.
struct PaymentRequest: Equatable {
    var direction: String
    var amount: Int64
    var currency: String
    var account: String
    var reference: String
    /// The debt that it is for, where the client says so.
    var obligation: String

    /// What must be the same for the same key.
    var fingerprint: String {
        "\(direction)\u{1F}\(amount)\u{1F}\(currency)\u{1F}\(account)\u{1F}\(reference)"
    }
}

extension PaymentRequest {
    /// Reads a body; throws the member that is wrong.
    init(_ body: Data) throws(WrongMember) {
        guard let members = try? JSONDecoder().decode(JSONMembers.self, from: body) else {
            throw WrongMember("the body is no JSON object")
        }
        func text(_ name: String) throws(WrongMember) -> String {
            guard let value = try members.text(name), !value.isEmpty, value.utf8.count <= 255
            else { throw WrongMember("\(name) is missing, or no text of at most 255 bytes") }
            return value
        }
        direction = try text("direction")
        guard ["collect", "payout"].contains(direction) else {
            throw WrongMember("direction is neither collect nor payout")
        }
        currency = try text("currency")
        account = try text("account_token")
        reference = try text("reference")
        guard let whole = try members.whole("amount", from: 1) else {
            throw WrongMember("amount is missing")
        }
        amount = Int64(whole)
        obligation = try members.object("metadata")?.text("obligation") ?? ""
    }
}

/// What is wrong with a request, for people.
struct WrongMember: Error {
    var words: String
    init(_ words: String) { self.words = words }
}
