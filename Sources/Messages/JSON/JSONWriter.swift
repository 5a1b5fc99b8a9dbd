import Vocabulary

/// Writes JSON into the caller's buffer. Room is checked once a record and not once a byte:
/// the caller has made sure that the whole record fits, with `slack` to spare.
///
/// Literals carry the punctuation around them, so that a member costs two or three stores.
struct JSONWriter {
    /// Ids of every length are copied as if they were the longest, and the bytes past the end are
    /// overwritten by what follows: so many bytes past the record may be written.
    static let slack = Identifier.largestCount

    private let start: UnsafeMutableRawPointer
    private var next: UnsafeMutableRawPointer

    /// A writer at the start of `buffer`, which must have room for `largest` bytes.
    @inline(__always)
    init(_ buffer: UnsafeMutableRawBufferPointer, largest: Int) {
        guard let base = buffer.baseAddress, buffer.count >= largest else {
            preconditionFailure("the buffer is smaller than the largest record")
        }
        start = base
        next = base
    }

    /// The number of bytes written.
    @inline(__always)
    var count: Int { next - start }

    /// Writes characters that need no escapes: punctuation, names, words.
    @inline(__always)
    mutating func literal(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        let source = UnsafeRawPointer(text.utf8Start)
        var index = 0
        while index + 8 <= count {
            store(source.loadUnaligned(fromByteOffset: index, as: UInt64.self), at: index)
            index += 8
        }
        if index + 4 <= count {
            store(source.loadUnaligned(fromByteOffset: index, as: UInt32.self), at: index)
            index += 4
        }
        while index < count {
            store(source.load(fromByteOffset: index, as: UInt8.self), at: index)
            index += 1
        }
        next += count
    }

    @inline(__always)
    private func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
        next.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    /// Writes an integer of a record; one that no reader would accept is a bug.
    @inline(__always)
    mutating func integer(_ value: Int64) {
        precondition(value >= 0 && value <= largestInteger, "no integer of a record")
        let value = UInt64(bitPattern: value)
        if value < 100_000_000 {
            leadingDigits(value)
        } else {
            let high = value / 100_000_000
            leadingDigits(high)
            let low = EightBytes.digits(value &- high &* 100_000_000)
            store((low | 0x3030_3030_3030_3030).littleEndian, at: 0)
            next += 8
        }
    }

    @inline(__always)
    mutating func integer<Value: Quantity>(_ value: Value) { integer(value.rawValue) }

    /// Writes a number below 100,000,000 without leading zeros.
    @inline(__always)
    private mutating func leadingDigits(_ value: UInt64) {
        let digits = EightBytes.digits(value)
        // The last digit stays, also of zero.
        let zeros = (digits | 1 &<< 63).trailingZeroBitCount & ~7
        let text = (digits | 0x3030_3030_3030_3030) &>> UInt64(truncatingIfNeeded: zeros)
        store(text.littleEndian, at: 0)
        next += 8 &- zeros &>> 3
    }

    @inline(__always)
    mutating func boolean(_ value: Bool) {
        if value { literal("true") } else { literal("false") }
    }

    /// Writes the bytes of an id, without quotes.
    @inline(__always)
    mutating func identifier(_ id: borrowing Identifier) {
        withUnsafeBytes(of: id) {
            next.copyMemory(
                from: $0.baseAddress.unsafelyUnwrapped, byteCount: Identifier.largestCount)
        }
        next += id.count
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
            next.copyMemory(
                from: $0.baseAddress.unsafelyUnwrapped, byteCount: HashText.count)
        }
        next += HashText.count
    }

    /// Writes a word of ours that needs no escapes.
    mutating func word(_ word: String) {
        var word = word
        word.withUTF8 { bytes in
            next.copyMemory(
                from: UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped),
                byteCount: bytes.count)
            next += bytes.count
        }
    }

    /// Writes a text of any content, with quotes and the escapes that JSON demands. It takes at
    /// most six times its bytes, and two.
    mutating func text(_ text: String) {
        literal("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): literal("\\\"")
            case UInt8(ascii: "\\"): literal("\\\\")
            case 0..<0x20:
                literal("\\u00")
                store(UInt8(ascii: "0") + byte >> 4, at: 0)
                let low = byte & 15
                store(low + (low > 9 ? UInt8(ascii: "a") - 10 : UInt8(ascii: "0")), at: 1)
                next += 2
            default:
                store(byte, at: 0)
                next += 1
            }
        }
        literal("\"")
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
