/// The id of a payment command, derived from what it pays for, so that making it again makes
/// the same one: `<offering>/<bid>/<k>` collects the k-th reservation of a bid,
/// `<offering>/<bid>/refund/<n>` gives money back (allocation.md, records.md).
public struct PaymentID: Hashable, Sendable, CustomStringConvertible {
    /// Which of the two forms it has.
    public enum Kind: Hashable, Sendable { case collection, refund }

    public var offering: Identifier
    public var bid: Identifier
    public var kind: Kind
    /// 1, 2, ... within the bid and the kind.
    public var number: Int32

    public init(offering: Identifier, bid: Identifier, kind: Kind = .collection, number: Int32) {
        self.offering = offering
        self.bid = bid
        self.kind = kind
        self.number = number
    }

    /// Reads an id as it stands in a record; nil where it is none that this system derives.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.firstIndex(of: UInt8(ascii: "/")),
            let offering = Identifier(UnsafeRawBufferPointer(rebasing: bytes[..<first]))
        else { return nil }
        let afterOffering = UnsafeRawBufferPointer(rebasing: bytes[(first + 1)...])
        guard let second = afterOffering.firstIndex(of: UInt8(ascii: "/")),
            let bid = Identifier(UnsafeRawBufferPointer(rebasing: afterOffering[..<second]))
        else { return nil }
        var rest = UnsafeRawBufferPointer(rebasing: afterOffering[(second + 1)...])
        var kind = Kind.collection
        if rest.starts(with: "refund/".utf8) {
            kind = .refund
            rest = UnsafeRawBufferPointer(rebasing: rest[7...])
        }
        guard let number = Self.number(rest) else { return nil }
        self.init(offering: offering, bid: bid, kind: kind, number: number)
    }

    /// A number without sign or leading zero, at most 2^31 - 1.
    private static func number(_ digits: UnsafeRawBufferPointer) -> Int32? {
        guard let first = digits.first, digits.count <= 10, first != UInt8(ascii: "0") else {
            return nil
        }
        var value: Int64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return Int32(exactly: value)
    }

    public var description: String {
        switch kind {
        case .collection: "\(offering)/\(bid)/\(number)"
        case .refund: "\(offering)/\(bid)/refund/\(number)"
        }
    }
}
