import CommandLine
import Foundation
import Gateway
import Messages
import Payments
import Vocabulary

extension Command {
    static let providerCheck = Command(
        words: ["provider", "check"],
        summary: "try a provider's sandbox, and refuse a profile that claims too much",
        description: """
            Sends small payments to the sandbox as the payer would, and judges each claim of the
            profile by what comes back: that a key moves money once, even if eight copies of a
            request arrive together; that lookups show a payment in time; that a request without
            its end, after its expiry, with another token or with an amount of 0 is not executed.
            A line a claim, with one of three words:
              holds      the provider did as the profile says
              broken     it did not: a payer with this profile may pay twice, or never
              unchecked  it can't be seen from outside, such as how long keys live
            Exit code 1 if a claim is broken. Never run it against a provider where money is real:
            about 14 payments of 1 minor unit are made.
            """,
        options: PayerOptions.options.filter {
            [
                "provider", "profile", "token-file", "ca-file", "client-certificate", "client-key",
                "proxy",
            ].contains($0.name)
        } + [
            Option("account", "TOKEN", "an account of the sandbox that may be charged (required)"),
            Option("currency", "CODE", "the currency to pay in (default CNY)"),
        ],
        examples: [
            "fairfill provider check --provider http://127.0.0.1:8090 --profile sandbox \\\n"
                + "      --account anna"
        ],
        usesLog: false
    ) { arguments throws(Failure) in
        let account = try arguments.required("account")
        guard (1...255).contains(account.utf8.count) else {
            throw Failure(.usage, "--account: 1 to 255 bytes")
        }
        let code = arguments.text("currency") ?? "CNY"
        guard let currency = CurrencyCode(code) else {
            throw Failure(.usage, "--currency \(code): three capital letters, as CNY")
        }
        let run = "check-" + UUID().uuidString.prefix(8).lowercased()
        let check = try PayerOptions.check(arguments) { number, amount in
            request(run, number, amount, account: account, currency: currency)
        }
        let output = Output()
        var broken = 0
        for (words, step) in check.steps {
            if !arguments.isQuiet { Remark.say("\(words) ...") }
            for claim in step() {
                if claim.verdict == .broken { broken += 1 }
                try output.line(arguments.isJSON ? claim.json : claim.row)
            }
            try output.flush()
        }
        guard broken > 0 else { return .done }
        Remark.say(
            "\(Words.count(broken, "claim")) of the profile "
                + (broken == 1 ? "does" : "do") + " not hold: leave it out")
        return .no
    }

    /// A payment as the payer asks for it; its key is of this run and this number.
    private static func request(
        _ run: String, _ number: Int, _ amount: Int64, account: String, currency: CurrencyCode
    ) -> ProviderRequest {
        guard let offering = Identifier(parsing: run), let bid = Identifier(parsing: "n\(number)")
        else { preconditionFailure("names of our own") }
        let command = PaymentCommand(
            id: PaymentID(offering: offering, bid: bid, number: 1), partition: 0,
            account: "check", amount: MinorUnits(rawValue: amount), currency: currency,
            due: MinorUnits(rawValue: amount))
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: RecordEncoder.largestJournalEntry, alignment: 16)
        defer { room.deallocate() }
        let count = RecordEncoder.encodeRequestBody(
            command, direction: MoneyDirection.collect.rawValue, accountToken: account, into: room)
        return ProviderRequest(
            key: "\(run)-\(number)", direction: .collect, amount: command.amount,
            currency: currency, accountToken: account, reference: "\(command.id)",
            body: Array(room[..<count]))
    }
}

extension CheckedClaim {
    fileprivate var row: String {
        Layout.wrapped(
            sentence, first: Layout.padded(verdict.rawValue, 11) + Layout.padded(claim, 23),
            indent: 34)
    }

    fileprivate var json: String {
        var line = JSONLine()
        line.add("claim", claim)
        line.add("verdict", verdict.rawValue)
        line.add("seen", sentence)
        return line.line
    }
}
