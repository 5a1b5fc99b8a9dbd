import JSON

/// All that the books hold, for tests that judge a payer by them.
enum LedgerView {
    private struct Debt: Hashable {
        var obligation: String
        var currency: String
        var direction: String
    }

    static func json(_ books: Books) -> JSONValue {
        let (payments, reversals) = books.movements.reduce(
            into: ([Movement](), [Movement]())
        ) { found, movement in
            if movement.kind == .payment {
                found.0.append(movement)
            } else {
                found.1.append(movement)
            }
        }
        return [
            "balances": balances(books),
            "movements": .array(payments.map { row($0, books) }),
            "obligations": obligations(payments, books),
            // Keys under which money moved twice.
            "repeatedKeys": repeatedKeys(payments, books),
            "reversals": .array(reversals.map { row($0, books) }),
            "sum": .integer(books.balances.values.reduce(0, &+)),
        ]
    }

    private static func row(_ movement: Movement, _ books: Books) -> JSONValue {
        let payment = books.payments[Int(movement.payment) - 1]
        let request = payment.request
        return [
            "account": .string(request.account), "amount": .integer(request.amount),
            "at": .integer(movement.at), "currency": .string(request.currency),
            "direction": .string(request.direction), "id": .string(payment.id),
            "key": .string(payment.key), "obligation": .string(request.obligation),
            "purpose": .string(request.purpose), "reference": .string(request.reference),
        ]
    }

    private static func balances(_ books: Books) -> JSONValue {
        let sorted = books.balances.sorted {
            ($0.key.name, $0.key.currency) < ($1.key.name, $1.key.currency)
        }
        return .array(
            sorted.map { account, balance in
                [
                    "account": .string(account.name), "balance": .integer(balance),
                    "currency": .string(account.currency),
                ]
            })
    }

    private static func obligations(_ movements: [Movement], _ books: Books) -> JSONValue {
        var found: [Debt: (count: Int64, sum: Int64)] = [:]
        for movement in movements {
            let request = books.payments[Int(movement.payment) - 1].request
            let debt = Debt(
                obligation: request.obligation, currency: request.currency,
                direction: request.direction)
            var moved = found[debt] ?? (0, 0)
            moved.count += 1
            let (sum, isTooLarge) = moved.sum.addingReportingOverflow(request.amount)
            moved.sum = isTooLarge ? .max : sum
            found[debt] = moved
        }
        let sorted = found.sorted {
            ($0.key.obligation, $0.key.currency, $0.key.direction)
                < ($1.key.obligation, $1.key.currency, $1.key.direction)
        }
        return .array(
            sorted.map { debt, moved in
                [
                    "count": .integer(moved.count), "currency": .string(debt.currency),
                    "direction": .string(debt.direction), "obligation": .string(debt.obligation),
                    "sum": .integer(moved.sum),
                ]
            })
    }

    private static func repeatedKeys(_ movements: [Movement], _ books: Books) -> JSONValue {
        var counts: [String: Int64] = [:]
        for movement in movements {
            counts[books.payments[Int(movement.payment) - 1].key, default: 0] += 1
        }
        let repeated = counts.filter { $0.value > 1 }.sorted { $0.key < $1.key }
        return .array(
            repeated.map { ["count": .integer($0.value), "key": .string($0.key)] })
    }
}
