/// What was booked on the merchant's account on one day, as the bank tells it: with a fault, not
/// as it was.
struct AccountStatement: Sendable {
    /// One booking.
    struct Line: Sendable {
        var id: String
        var key: String
        var reference: String
        var kind: Movement.Kind
        /// The payment's; a reversal goes the other way.
        var direction: String
        /// Minor units, above 0.
        var amount: Int64
        var currency: String
        var account: String
        /// Milliseconds since 1970 UTC.
        var at: Int64

        init(_ movement: Movement, _ payment: Payment) {
            id = payment.id
            key = payment.key
            reference = payment.request.reference
            kind = movement.kind
            direction = payment.request.direction
            amount = payment.request.amount
            currency = movement.currency
            account = movement.account
            at = movement.at
        }

        /// Whether the merchant's account gets it.
        var isCredit: Bool { (direction == "collect") == (kind == .payment) }
    }

    var name: String
    /// Since 1970-01-01.
    var day: Int64
    var lines: [Line]
    /// By currency, in the order of the alphabet; before the day and behind it.
    var balances: [(currency: String, opening: Int64, closing: Int64)]

    var dayText: String { CivilTime.dayText(day) }

    /// The statement of a day, with the faults of its lines. Opening balance and lines come to the
    /// closing balance, unless a fault has its way with a line; one that is booked on the next day
    /// stands there.
    init(of day: Int64, _ books: Books, _ faults: FaultList, name: String, at time: Int64) {
        (self.name, self.day) = (name, day)
        var counts: [Int: Int64] = [:]
        var earlierCounts: [Int: Int64] = [:]
        var before: [String: Int64] = [:]
        var within: [String: Int64] = [:]
        lines = []
        for movement in books.movements {
            let booked = CivilTime.day(of: movement.at)
            guard booked <= day else { continue }
            let payment = books.payments[Int(movement.payment) - 1]
            let target = FaultList.Target(key: payment.key, payment.request)
            var struck: [FaultAction] = []
            if booked == day {
                struck = faults.line(target, at: time, counting: &counts)
                if struck.contains(.lineNextDay) {
                    // A currency is there from its first booking on.
                    before[movement.currency, default: 0] += 0
                    continue
                }
            } else if booked == day - 1 {
                let earlier = faults.line(target, at: time, counting: &earlierCounts)
                guard earlier.contains(.lineNextDay) else {
                    before[movement.currency, default: 0] -= movement.amount
                    continue
                }
            } else {
                before[movement.currency, default: 0] -= movement.amount
                continue
            }
            within[movement.currency, default: 0] -= movement.amount
            lines += Self.shown(Line(movement, payment), struck)
        }
        balances = Set(before.keys).union(within.keys).sorted().map { currency in
            let opening = before[currency] ?? 0
            return (currency, opening, opening + (within[currency] ?? 0))
        }
    }

    private static func shown(_ line: Line, _ faults: [FaultAction]) -> [Line] {
        var line = line
        if faults.contains(.lineWrongAmount) { line.amount += 1 }
        var lines = faults.contains(.lineMissing) ? [] : [line]
        if faults.contains(.lineDouble) { lines.append(line) }
        if faults.contains(.lineExtra) {
            var extra = line
            extra.id = "pay_extra"
            extra.key = "extra-" + line.key.prefix(29)
            extra.reference = "nobody-knows"
            lines.append(extra)
        }
        return lines
    }
}
