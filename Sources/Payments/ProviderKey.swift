import Vocabulary

/// The idempotency key of a command: it follows from the environment and from what is paid for,
/// and from no time, run or attempt, so that making it again makes the same one (Payments.md).
package enum ProviderKey {
    /// The first 32 hex digits of SHA-256 over `pay/v1`, the environment, the command's id and
    /// the revision, `r0` unless two people said that nothing moved under the keys before, with a
    /// `/` between them: no environment has one, so that two environments never share a key.
    /// `sha256` answers at least 32 lower-case hex digits of the hash of these bytes.
    package static func make(
        environment: String, command: PaymentID, revision: Int = 0, sha256: ([UInt8]) -> String
    ) -> Identifier {
        let text = "pay/v1/\(environment)/\(command)/r\(revision)"
        guard let key = Identifier(parsing: sha256(Array(text.utf8)).prefix(32)), key.count == 32
        else { preconditionFailure("a hash has 32 hex digits at least") }
        return key
    }
}

extension PaymentCommand.Kind {
    /// Which way the money moves.
    package var direction: MoneyDirection {
        switch self {
        case .collect: .collect
        case .refund, .interest, .principal, .disburse: .payout
        }
    }
}

extension PaymentIntent {
    /// What is sent for it: the same each time.
    package var request: ProviderRequest {
        ProviderRequest(
            key: key.description, direction: command.kind.direction, amount: command.amount,
            currency: command.currency, accountToken: accountToken ?? "",
            reference: command.id.description, body: Array(body.utf8))
    }
}
