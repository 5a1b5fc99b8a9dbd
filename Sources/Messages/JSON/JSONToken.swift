/// One value of a record: what it is and where it stands. Nothing is copied out of the record.
struct JSONToken {
    enum Kind: UInt8 {
        /// A string without escapes: its bytes are its text.
        case plainString
        case escapedString
        /// An integer from 0 to 2^53 - 1, without a fraction or an exponent.
        case integer
        /// Any other number.
        case otherNumber
        case `true`, `false`, null, object, array
    }

    /// The value of `.integer`.
    var integer: Int64 = 0
    /// The bytes from the first to the one after the last, quotes and brackets included.
    var start: UInt16 = 0
    var end: UInt16 = 0
    /// With a member that came more than once: where its name stands the second time.
    var repeatedAt: UInt16 = 0
    var kind: Kind = .null

    @inline(__always)
    init() {}

    /// A record is shorter than 64 KiB, so its positions fit.
    @inline(__always)
    init(_ kind: Kind, from start: Int, to end: Int, integer: Int64 = 0) {
        self.kind = kind
        self.start = UInt16(truncatingIfNeeded: start)
        self.end = UInt16(truncatingIfNeeded: end)
        self.integer = integer
    }
}
