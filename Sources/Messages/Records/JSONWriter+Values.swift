import JSON
import Vocabulary

// The values of records beside JSON's own.
extension JSONWriter {
    /// Ids are copied whole, whatever their length, and the bytes past the end are overwritten
    /// by what follows: so many bytes past the record may be written.
    static var slack: Int { Identifier.largestCount }

    @inline(__always)
    mutating func integer<Value: Quantity>(_ value: Value) { integer(value.rawValue) }

    /// Writes the bytes of an id, without quotes.
    @inline(__always)
    mutating func identifier(_ id: borrowing Identifier) {
        let count = id.count
        withUnsafeBytes(of: id) {
            bytes(
                $0.baseAddress.unsafelyUnwrapped, count: count, copied: Identifier.largestCount)
        }
    }

    /// Writes the id of a bid: one of this system's stands behind its offering's.
    @inline(__always)
    mutating func bid(_ bid: borrowing Identifier, of offering: borrowing Identifier) {
        if bid.isDerived { identifier(offering) }
        identifier(bid)
    }

    /// Writes the id of a payment command, without quotes; with the number 0 that of the
    /// obligation.
    mutating func paymentID(_ id: borrowing PaymentID) {
        identifier(id.offering)
        literal("/")
        switch id.kind {
        case .collection: bid(id.subject, of: id.offering)
        case .refund(let refund):
            bid(id.subject, of: id.offering)
            literal("/refund/")
            integer(Int64(refund))
        case .distribution(let kind, let distribution):
            literal("distribution/")
            word(kind.rawValue)
            literal("/")
            identifier(distribution)
            literal("/")
            identifier(id.subject)
        case .disbursement:
            literal("payee/disburse/")
            identifier(id.subject)
        }
        if id.number > 0 {
            literal("/")
            integer(Int64(id.number))
        }
    }

    /// Writes the id of a collection, without quotes.
    @inline(__always)
    mutating func collectionID(offering: Identifier, bid: Identifier, number: Int32) {
        identifier(offering)
        literal("/")
        self.bid(bid, of: offering)
        literal("/")
        integer(Int64(number))
    }

    @inline(__always)
    mutating func hash(_ hash: borrowing HashText) {
        hash.withBytes {
            bytes(
                $0.baseAddress.unsafelyUnwrapped, count: HashText.count, copied: HashText.count)
        }
    }
}

// Members, each with the punctuation before it; the first of an object brings its brace.
extension JSONWriter {
    @inline(__always)
    mutating func member(_ name: StaticString, _ value: Int64) {
        literal(name)
        integer(value)
    }

    @inline(__always)
    mutating func member<Value: Quantity>(_ name: StaticString, _ value: Value) {
        literal(name)
        integer(value.rawValue)
    }

    @inline(__always)
    mutating func member(_ name: StaticString, _ value: Bool) {
        literal(name)
        boolean(value)
    }

    /// `name` ends with the opening quote.
    @inline(__always)
    mutating func member(_ name: StaticString, _ value: borrowing Identifier) {
        literal(name)
        identifier(value)
        literal("\"")
    }

    /// `name` ends with the opening quote.
    @inline(__always)
    mutating func member(_ name: StaticString, word value: String) {
        literal(name)
        word(value)
        literal("\"")
    }

    @inline(__always)
    mutating func optionalMember<Value: Quantity>(_ name: StaticString, _ value: Value?) {
        if let value { member(name, value) }
    }

    @inline(__always)
    mutating func optionalMember(_ name: StaticString, _ value: Int64?) {
        if let value { member(name, value) }
    }
}
