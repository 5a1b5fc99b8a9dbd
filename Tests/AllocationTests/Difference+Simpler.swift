import Allocation
import Vocabulary

// The same story with smaller numbers and fewer terms.
extension Difference {
    /// Each is simpler in one place, and may differ or not.
    var simpler: [Difference] { withSmallerCrowds + withSimplerTerms + withSimplerBids }

    /// A bid left out, and the offering smaller by its shares: those behind it find as many as
    /// before.
    private var withSmallerCrowds: [Difference] {
        records.indices.compactMap { index in
            guard case .bid(let bid) = records[index], bid.shares < terms.shares else { return nil }
            var smaller = terms
            smaller.shares = Shares(terms.shares.rawValue - bid.shares.rawValue)
            var fewer = retold(records, under: smaller)
            fewer.records.remove(at: index)
            return fewer
        }
    }

    private var withSimplerTerms: [Difference] {
        var all: [OfferingTerms] = []
        func offer(_ change: (inout OfferingTerms) -> Void) {
            var changed = terms
            change(&changed)
            if changed != terms { all.append(changed) }
        }
        // Fewer terms first, and then smaller numbers.
        for term in Term.all where terms[term] != nil {
            if case .required = term.whenLeftOut { continue }
            offer { $0[term] = nil }
        }
        for term in Term.all {
            switch term.kind {
            case .size, .shares:
                guard case .integer(let shares) = terms[term] else { continue }
                for fewer in less(than: Shares(shares)) {
                    offer { $0[term] = .integer(fewer.rawValue) }
                }
            case .price, .currency, .count, .moment, .word, .account, .backstop, .distributions:
                continue
            }
        }
        return all.map { retold(records, under: $0) }
    }

    private var withSimplerBids: [Difference] {
        records.indices.flatMap { index -> [Difference] in
            guard case .bid(let bid) = records[index] else { return [] }
            var all = less(than: bid.shares).map { shares in
                var smaller = bid
                smaller.shares = shares
                return smaller
            }
            if bid.allOrNone {
                var split = bid
                split.allOrNone = false
                all.append(split)
            }
            return all.map { simpler in
                var changed = records
                changed[index] = .bid(simpler)
                return retold(changed, under: terms)
            }
        }
    }

    /// Smaller numbers of whole lots, the smallest first; under odd ones, only what is smaller.
    private func less(than shares: Shares) -> [Shares] {
        let lot = terms.lot?.rawValue ?? 1
        let candidates = [lot, shares.rawValue / 2 / lot * lot, shares.rawValue - lot]
        return candidates.filter { $0 > 0 && $0 < shares.rawValue }.map { Shares($0) }
    }

    /// The same with payments of what is asked for now, where they were of what was asked for.
    private func retold(_ changed: [InputRecord], under terms: OfferingTerms) -> Difference {
        var before = NaiveBook(terms: self.terms)
        var now = NaiveBook(terms: terms)
        var retold = self
        retold.terms = terms
        retold.records = zip(records, changed).map { record, changed in
            var changed = changed
            if case .paymentResult(var result) = changed, let payment = result.payment,
                result.amount == before.amount(of: payment)
            {
                result.amount = now.amount(of: payment) ?? result.amount
                changed = .paymentResult(result)
            }
            before.tell(record)
            now.tell(changed)
            return changed
        }
        return retold
    }
}

extension NaiveBook {
    /// What a command asks for.
    fileprivate func amount(of payment: PaymentID) -> MinorUnits? {
        if let index = refunds.indices.first(where: { id($0, 0) == payment.obligation }) {
            return MinorUnits(refunds[index].shares * terms.price.rawValue)
        }
        guard let entry = entries.first(where: { $0.bid.bid == payment.subject }),
            entry.parts.indices.contains(Int(payment.number) - 1)
        else { return nil }
        return MinorUnits(
            entry.parts[Int(payment.number) - 1].commanded * terms.price.rawValue)
    }
}
