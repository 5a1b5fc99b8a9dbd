import Payments
import Vocabulary

extension StatementMapping {
    /// What the fields of a line say; `fields` are in the order of `columns`, nil where the line
    /// has none.
    func item(_ fields: [String?], number: Int) -> StatementItem {
        do throws(WrongText) {
            return try read(fields, number)
        } catch {
            return .wrong(number: number, error.words)
        }
    }

    private func read(_ fields: [String?], _ number: Int) throws(WrongText) -> StatementItem {
        let kind = try kind(fields[6])
        if kind == .ignored { return .ignored(number: number) }
        let currency = try currency(fields[3])
        guard let text = fields[2] else { throw WrongText("there is no '\(amount)'") }
        var units = try named(amount, text) { text throws(WrongText) in
            try amountForm.minorUnits(text, currency)
        }
        guard let when = fields[5] else { throw WrongText("there is no '\(bookedAt)'") }
        let moment = try named(bookedAt, when) { text throws(WrongText) in
            try bookedAtForm.moment(text, zone: zone)
        }
        if kind == .opening || kind == .closing {
            // A bank without signs says of a balance which way it stands.
            if let word = fields[4], payout.contains(word) { units = -units }
            let balance = StatementBalance(
                amount: MinorUnits(rawValue: units), currency: currency, moment: moment)
            return kind == .opening
                ? .opening(balance, number: number) : .closing(balance, number: number)
        }
        var way = try direction(fields[4], &units)
        if kind == .returned, returnedDirection == .movement {
            way = way == .collect ? .payout : .collect
        }
        guard units > 0 else { throw WrongText("'\(amount)' is \(text), and must be above 0") }
        return .line(
            ProviderLine(
                number: number, key: try short(key, fields[0]),
                reference: try short(reference, fields[1]), amount: MinorUnits(rawValue: units),
                currency: currency, direction: way, kind: kind == .returned ? .returned : .booked,
                booked: moment))
    }

    private enum Kind { case booked, returned, opening, closing, ignored }

    private func kind(_ word: String?) throws(WrongText) -> Kind {
        guard let line else { return .booked }
        guard let word else { throw WrongText("there is no '\(line)'") }
        if booked.contains(word) { return .booked }
        if returned.contains(word) { return .returned }
        if opening.contains(word) { return .opening }
        if closing.contains(word) { return .closing }
        if ignored.contains(word) { return .ignored }
        throw WrongText("'\(line)' is '\(word.shown)', which the mapping doesn't know")
    }

    private func currency(_ field: String?) throws(WrongText) -> CurrencyCode {
        guard let text = currencyOfAll ?? field else {
            throw WrongText("there is no '\(currency ?? "currency")'")
        }
        guard let code = CurrencyCode(text), code.isInForce else {
            throw WrongText("'\(text.shown)' is no currency of ISO 4217")
        }
        return code
    }

    /// Which way the money went; a sign is taken off `units`.
    private func direction(
        _ word: String?, _ units: inout Int64
    ) throws(WrongText) -> MoneyDirection {
        if let signs {
            let isPositive = units > 0
            units = abs(units)
            return isPositive == (signs == .positiveCollects) ? .collect : .payout
        }
        guard let word else { throw WrongText("there is no '\(direction ?? "direction")'") }
        if collect.contains(word) { return .collect }
        if payout.contains(word) { return .payout }
        throw WrongText(
            "'\(direction ?? "direction")' is '\(word.shown)', which the mapping doesn't know")
    }

    private func short(_ column: String?, _ text: String?) throws(WrongText) -> String? {
        guard let column, let text, !text.isEmpty else { return nil }
        guard text.utf8.count <= 255 else { throw WrongText("'\(column)' is over 255 bytes") }
        return text
    }

    private func named<Value>(
        _ column: String, _ text: String, _ read: (String) throws(WrongText) -> Value
    ) throws(WrongText) -> Value {
        do throws(WrongText) {
            return try read(text)
        } catch {
            throw WrongText("'\(column)' is '\(text.shown)', which \(error.words)")
        }
    }
}

extension String {
    /// Its beginning, for a sentence about it: others wrote it, so no control characters.
    var shown: String {
        var text = ""
        for scalar in unicodeScalars.prefix(40) {
            text.unicodeScalars.append(scalar.properties.isDefaultIgnorableCodePoint
                || scalar.value < 32 || (127..<160).contains(scalar.value) ? "?" : scalar)
        }
        return unicodeScalars.count > 40 ? text + "…" : text
    }
}
