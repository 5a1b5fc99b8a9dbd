/// One value of a record: what it is and where it stands. Nothing is copied out of the record.
package struct JSONToken {
    /// The largest integer that every reader of JSON takes for the same one (RFC 8259, 6).
    @inline(__always)
    package static var largestInteger: Int64 { 9_007_199_254_740_991 }

    /// What a value is.
    package enum Kind: UInt8 {
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
    package var integer: Int64 = 0
    /// The position of the first byte, quotes and brackets included.
    package var start: UInt16 = 0
    /// The position after the last byte.
    package var end: UInt16 = 0
    /// With a member that came more than once: where its name stands the second time.
    package var repeatedAt: UInt16 = 0
    package var kind: Kind = .null

    /// A `null` at the start.
    @inline(__always)
    package init() {}

    /// A record is shorter than 64 KiB, so its positions fit. What reads longer texts keeps
    /// positions of its own.
    @inline(__always)
    package init(_ kind: Kind, from start: Int, to end: Int, integer: Int64 = 0) {
        self.kind = kind
        self.start = UInt16(truncatingIfNeeded: start)
        self.end = UInt16(truncatingIfNeeded: end)
        self.integer = integer
    }
}
