import Payments
import Vocabulary

/// One payment of an entry, as texts.
struct CamtDetails {
    var key: String?
    var isKeyLong = false
    var reference: String?
    var amount: String?
    var currency: String?
    var isCredit: Bool?
    var isReturned = false
}

/// A balance of a document, as texts.
struct CamtBalance {
    var code: String?
    var amount: String?
    var currency: String?
    var isCredit: Bool?
    var date: String?

    /// What it says; nil of one that neither opens nor closes.
    func item(zone: Int, number: Int) -> StatementItem? {
        let isOpening = code == "OPBD" || code == "PRCD"
        guard isOpening || code == "CLBD" else { return nil }
        do throws(WrongText) {
            let (units, currency) = try CamtEntry.amount(amount, currency)
            guard let isCredit else { throw WrongText("its CdtDbtInd is missing") }
            guard let date else { throw WrongText("its Dt is missing") }
            var moment = try CamtEntry.moment(date, zone)
            // The day of which it was the closing is over where this statement begins.
            if code == "PRCD" { moment = StatementMoment(moment.end) }
            let balance = StatementBalance(
                amount: MinorUnits(rawValue: isCredit ? units : -units), currency: currency,
                moment: moment)
            return isOpening
                ? .opening(balance, number: number) : .closing(balance, number: number)
        } catch {
            return .wrong(number: number, "balance \(code ?? ""): \(error.words)")
        }
    }
}

/// An entry of a document, as texts: one movement of the account, or a batch of them.
struct CamtEntry {
    var number = 0
    var amount: String?
    var currency: String?
    var isCredit: Bool?
    var isReversal = false
    var status: String?
    var date: String?
    var reference: String?
    var details: [CamtDetails] = []

    /// Changes the payment at hand.
    mutating func change(_ change: (inout CamtDetails) -> Void) {
        guard !details.isEmpty else { return }
        change(&details[details.count - 1])
    }

    /// What it says: a line for each payment of a batch.
    func items(zone: Int) -> [StatementItem] {
        // What is pending or for information has moved nothing.
        if let status, status != "BOOK" { return [.ignored(number: number)] }
        do throws(WrongText) {
            guard status != nil else { throw WrongText("its Sts is missing") }
            return try lines(zone).map { .line($0) }
        } catch {
            return [.wrong(number: number, error.words)]
        }
    }

    private func lines(_ zone: Int) throws(WrongText) -> [ProviderLine] {
        let (units, currency) = try Self.amount(amount, currency)
        guard let isCredit else { throw WrongText("its CdtDbtInd is missing") }
        guard let date else { throw WrongText("its BookgDt is missing") }
        guard units > 0 else { throw WrongText("its amount is not above 0") }
        let moment = try Self.moment(date, zone)
        var lines: [ProviderLine] = []
        var sum: Int64 = 0
        for (index, payment) in (details.isEmpty ? [CamtDetails()] : details).enumerated() {
            let line = try line(
                payment, index, isCredit, MinorUnits(rawValue: units), currency, moment)
            let (next, overflow) = sum.addingReportingOverflow(line.movement)
            guard !overflow else { throw WrongText("its payments are too large") }
            sum = next
            lines.append(line)
        }
        guard sum == (isCredit ? units : -units) else {
            throw WrongText(
                "its \(lines.count) payments come to "
                    + MinorUnits(rawValue: sum).words(in: currency)
                    + ", and it says "
                    + MinorUnits(rawValue: isCredit ? units : -units).words(in: currency))
        }
        return lines
    }

    private func line(
        _ payment: CamtDetails, _ index: Int, _ isCredit: Bool, _ whole: MinorUnits,
        _ currency: CurrencyCode, _ moment: StatementMoment
    ) throws(WrongText) -> ProviderLine {
        var amount = whole
        if payment.amount != nil {
            let (units, other) = try Self.amount(payment.amount, payment.currency)
            guard other == currency else {
                throw WrongText("payment \(index + 1) is in \(other), and the entry in \(currency)")
            }
            guard units > 0 else { throw WrongText("payment \(index + 1) is not above 0") }
            amount = MinorUnits(rawValue: units)
        } else if details.count > 1 {
            throw WrongText("payment \(index + 1) of \(details.count) has no amount")
        }
        guard !payment.isKeyLong, (payment.key?.count ?? 0) <= 35 else {
            throw WrongText("the EndToEndId of payment \(index + 1) is over 35 characters")
        }
        let reference = payment.reference ?? (details.count > 1 ? nil : self.reference)
        guard (reference?.utf8.count ?? 0) <= 255 else {
            throw WrongText("the reference of payment \(index + 1) is over 255 bytes")
        }
        let isReturned = isReversal || payment.isReturned
        // The document says which way money went now; what comes back had gone the other way.
        let isCollected = (payment.isCredit ?? isCredit) != isReturned
        let key = payment.key.flatMap { $0.isEmpty || $0 == "NOTPROVIDED" ? nil : $0 }
        return ProviderLine(
            number: number + index, key: key, reference: reference, amount: amount,
            currency: currency, direction: isCollected ? .collect : .payout,
            kind: isReturned ? .returned : .booked, booked: moment)
    }

    static func isCredit(_ word: String?) -> Bool? {
        switch word {
        case "CRDT": true
        case "DBIT": false
        default: nil
        }
    }

    static func amount(
        _ text: String?, _ currency: String?
    ) throws(WrongText) -> (Int64, CurrencyCode) {
        guard let text, !text.isEmpty else { throw WrongText("its Amt is missing") }
        guard let currency else { throw WrongText("its Amt has no Ccy") }
        guard let code = CurrencyCode(currency), code.isInForce else {
            throw WrongText("'\(currency.shown)' is no currency of ISO 4217")
        }
        guard !text.hasPrefix("-") else { throw WrongText("its amount is negative") }
        do throws(WrongText) {
            return (try StatementAmountForm.decimal.minorUnits(text, code), code)
        } catch {
            throw WrongText("its amount '\(text.shown)' \(error.words)")
        }
    }

    static func moment(_ text: String, _ zone: Int) throws(WrongText) -> StatementMoment {
        do throws(WrongText) {
            return try StatementMomentForm.iso(text, zone: zone)
        } catch {
            throw WrongText("its date '\(text.shown)' \(error.words)")
        }
    }
}
