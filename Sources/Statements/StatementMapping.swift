/// Where a statement in lines keeps what, and how it writes it: columns of a CSV file by the names
/// in its first line (by numbers from 1 where it has none), members of the objects of NDJSON by
/// name, or by a path as `amount.value`.
///
/// The default fits the statements of `fairfill sandbox-bank`.
package struct StatementMapping: Hashable, Sendable {
    /// Which way money went, where a sign says so.
    package enum Signs: String, Sendable, CaseIterable {
        /// A positive amount came to the seller, as in statements of the seller's account.
        case positiveCollects = "positiveCollects"
        /// A positive amount was paid by the seller.
        case positivePaysOut = "positivePaysOut"
    }

    /// What the direction of a line says that something came back.
    package enum ReturnedDirection: String, Sendable, CaseIterable {
        /// That of the payment which came back.
        case payment = "payment"
        /// That of the money which came back.
        case movement = "movement"
    }

    package var delimiter = UInt8(ascii: ",")
    package var hasHeader = true
    package var key: String? = "key"
    package var reference: String? = "reference"
    package var amount = "amount"
    package var amountForm = StatementAmountForm()
    package var signs: Signs?
    package var currency: String? = "currency"
    /// The currency of every line, in place of a column.
    package var currencyOfAll: String?
    package var direction: String? = "direction"
    package var collect = ["collect"]
    package var payout = ["payout"]
    package var bookedAt = "booked_at"
    package var bookedAtForm = StatementMomentForm.iso
    /// Minutes east of UTC.
    package var zone = 0
    package var line: String? = "line"
    package var booked = ["booked"]
    package var returned = ["returned"]
    package var opening = ["opening"]
    package var closing = ["closing"]
    package var ignored: [String] = []
    package var returnedDirection = ReturnedDirection.payment

    package init() {}

    /// What a mapping file has not named yet.
    static let empty = {
        var mapping = StatementMapping()
        mapping.key = nil
        mapping.reference = nil
        mapping.amount = ""
        mapping.currency = nil
        mapping.direction = nil
        mapping.collect = []
        mapping.payout = []
        mapping.bookedAt = ""
        mapping.line = nil
        mapping.booked = []
        mapping.returned = []
        mapping.opening = []
        mapping.closing = []
        return mapping
    }()

    /// Every column that it reads, in one order for all lines.
    var columns: [String?] {
        [key, reference, amount, currency, direction, bookedAt, line]
    }
}
