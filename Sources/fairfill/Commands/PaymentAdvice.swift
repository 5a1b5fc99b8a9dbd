import Payments
import Vocabulary

// What a person has to do about a payment that waits for one: where to look, and what to say then.
extension Payment {
    /// One sentence; nil where no person is waited for.
    var advice: String? {
        switch state {
        case .parked(let doubt): doubt.advice(for: id)
        case .unknown, .pending, .declinedUnconfirmed:
            "The payer asks the provider by itself. If you know more: "
                + "fairfill payments resolve --help"
        default: nil
        }
    }
}

extension PaymentDoubt {
    /// Where to look, and what to run then.
    func advice(for id: PaymentID) -> String {
        let resolve = "fairfill payments resolve --command \(id) --decision"
        let found =
            "if it is there, \(resolve) paid --reference ID; if a closed statement does not have "
            + "it, \(resolve) failedByPerson to give it up, or notExecuted to send it again"
        switch self {
        case .overObligation:
            return "Look for another command of the obligation \(id.obligation) that is paid or in "
                + "doubt (fairfill payments list --offering \(id.offering)): it goes by itself "
                + "once there is room; or give it up: \(resolve) failedByPerson."
        case .unknownAccount:
            return "Add the account to the file of --accounts, restart the payer, then \(resolve) "
                + "retry; or give it up: \(resolve) failedByPerson."
        case .channelMissing:
            return "Start the payer with the channel that collected the money (--channel "
                + "NAME=URL): it goes by itself then; or give it up: \(resolve) failedByPerson."
        case .rejected:
            return "Read the problem that the provider named (fairfill payments show --command "
                + "\(id)); once it is mended: fairfill payments resume --refused; or give it up: "
                + "\(resolve) failedByPerson."
        case .unavailable:
            return "Find out why the provider could not be reached; then \(resolve) retry, or give "
                + "it up: \(resolve) failedByPerson."
        case .behindDoubt:
            return "Settle the command of the same account that is in doubt; this one goes then."
        case .malformed, .invalid:
            return "It can't be carried out as it was commanded; find out who wrote it, and give "
                + "it up: \(resolve) failedByPerson."
        case .mismatch:
            return "Look in the provider's records for what it did under this key, and compare "
                + "amount, currency and account; when the difference is cleared up there: "
                + found + "."
        case .keyReused:
            return "Look in the provider's records for the payment that has this key: "
                + found + "."
        case .returned:
            return "Look in the statement for the line that gives the money back; if the whole "
                + "amount came back: \(resolve) returned; if it did not: \(resolve) paid "
                + "--reference ID."
        case .declineUnconfirmed:
            return "Look in the provider's records whether it declined: " + found + "."
        case .outcomeUnknown, .pending, .keyExpired, .repeatsExhausted, .noLookup, .unresolved,
            .journalLost:
            return "Look in the provider's records or in its statement for the key (fairfill "
                + "payments show --command \(id) --json): " + found + "."
        }
    }
}

extension PaymentBook.Hold {
    /// Why a command waits, for people.
    var words: String {
        switch self {
        case .paused(let pause):
            "Held by \(pause.actor) (\(pause.reason)): fairfill payments resume lets it go."
        case .overLimit(let outflow):
            "Held by the daily limit of \(outflow.currency): it waits for the next day of UTC, or "
                + "for another fairfill payments limit."
        case .overdrawn:
            "Held: with it more than is due would be paid, since another command of its obligation "
                + "came to be paid after all."
        case .agreed:
            "Held: two people agreed on what becomes of it, and nothing may be under way by then."
        }
    }
}
