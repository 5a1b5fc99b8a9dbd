/// The id of a payment command, derived from what it pays for, so that making it again makes
/// the same one (Rules.md, Records.md). What is owed is the obligation; its commands are
/// numbered 1, 2, ...:
///
///     <offering>/<bid>/<k>                                             the k-th reservation
///     <offering>/<bid>/refund/<n>/<k>                                  money given back
///     <offering>/distribution/<kind>/<distribution>/<account>/<k>      a holder's part
///     <offering>/payee/disburse/<account>/<k>                          the proceeds
///
/// A bid's id is one element, or the two of `Identifier.backstop`. The forms differ in their third
/// element or their length, so no choice of ids makes one read as another.
public struct PaymentID: Hashable, Sendable, CustomStringConvertible {
    /// What is paid for.
    public enum Kind: Hashable, Sendable {
        case collection
        /// The n-th refund of a bid.
        case refund(Int32)
        case distribution(DistributionKind, Identifier)
        case disbursement
    }

    public var offering: Identifier
    /// The bid, of collections and refunds; else the account that is paid.
    public var subject: Identifier
    public var kind: Kind
    /// 1, 2, ... within the obligation; 0 in the name of the obligation as such.
    public var number: Int32

    /// A collection of a bid, or a refund to it.
    public init(offering: Identifier, bid: Identifier, kind: Kind = .collection, number: Int32) {
        self.init(offering: offering, subject: bid, kind: kind, number: number)
    }

    /// `subject` is the bid of collections and refunds, else the account.
    public init(offering: Identifier, subject: Identifier, kind: Kind, number: Int32) {
        self.offering = offering
        self.subject = subject
        self.kind = kind
        self.number = number
    }

    /// The bid that it is about; nil for what is paid to holders and the payee.
    public var bid: Identifier? {
        switch kind {
        case .collection, .refund: subject
        case .distribution, .disbursement: nil
        }
    }

    /// Whether it collects the price of reserved shares.
    @inlinable public var isCollection: Bool {
        if case .collection = kind { true } else { false }
    }

    /// What all commands of the same obligation have in common: this id with the number 0. The
    /// collections of a bid are one obligation.
    public var obligation: PaymentID {
        var obligation = self
        obligation.number = 0
        return obligation
    }

    /// The id as it stands in records; that of an obligation without its last element.
    public var description: String {
        let bid = subject.isDerived ? "\(offering)\(subject)" : "\(subject)"
        let obligation =
            switch kind {
            case .collection: "\(offering)/\(bid)"
            case .refund(let refund): "\(offering)/\(bid)/refund/\(refund)"
            case .distribution(let kind, let distribution):
                "\(offering)/distribution/\(kind.rawValue)/\(distribution)/\(subject)"
            case .disbursement: "\(offering)/payee/disburse/\(subject)"
            }
        return number == 0 ? obligation : "\(obligation)/\(number)"
    }
}

// Reading.
extension PaymentID {
    /// Reads the id of a command as it stands in a record; nil where it is none that this system
    /// derives.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        var elements = Elements(bytes)
        guard let number = elements.last(), elements.dropLast() else { return nil }
        self.init(elements, number: number)
    }

    /// Reads the id of an obligation.
    public init?(obligation bytes: UnsafeRawBufferPointer) {
        self.init(Elements(bytes), number: 0)
    }

    private init?(_ elements: Elements, number: Int32) {
        guard elements.count >= 2, let offering = elements.identifier(0) else { return nil }
        if elements.count == 5, elements.has("distribution", at: 1),
            let kind = elements[2].flatMap({ DistributionKind($0) })
        {
            guard let distribution = elements.identifier(3), let account = elements.identifier(4)
            else { return nil }
            self.init(
                offering: offering, subject: account, kind: .distribution(kind, distribution),
                number: number)
            return
        }
        if elements.count == 4, elements.has("payee", at: 1), elements.has("disburse", at: 2) {
            guard let account = elements.identifier(3) else { return nil }
            self.init(offering: offering, subject: account, kind: .disbursement, number: number)
            return
        }
        var rest = 1
        guard let bid = elements.bid(of: offering, &rest) else { return nil }
        if rest == elements.count {
            self.init(offering: offering, bid: bid, number: number)
        } else if rest + 2 == elements.count, elements.has("refund", at: rest),
            let refund = elements.number(rest + 1)
        {
            self.init(offering: offering, bid: bid, kind: .refund(refund), number: number)
        } else {
            return nil
        }
    }
}

extension DistributionKind {
    fileprivate init?(_ word: UnsafeRawBufferPointer) {
        self.init(rawValue: String(decoding: word, as: UTF8.self))
    }
}

/// An id's elements between slashes, at most six of them.
private struct Elements {
    private let bytes: UnsafeRawBufferPointer
    private var ends = InlineArray<6, Int>(repeating: 0)
    /// 0 where there are too many.
    private(set) var count = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
            guard count < 5 else {
                count = 0
                return
            }
            ends[count] = index
            count += 1
        }
        ends[count] = bytes.count
        count += 1
    }

    subscript(element: Int) -> UnsafeRawBufferPointer? {
        guard element < count else { return nil }
        let start = element == 0 ? 0 : ends[element - 1] + 1
        return UnsafeRawBufferPointer(rebasing: bytes[start..<ends[element]])
    }

    func has(_ word: StaticString, at element: Int) -> Bool {
        self[element]?.elementsEqual(
            UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) ?? false
    }

    func identifier(_ element: Int) -> Identifier? { self[element].flatMap { Identifier($0) } }

    /// The bid that begins at `element`, which is moved behind it.
    func bid(of offering: Identifier, _ element: inout Int) -> Identifier? {
        guard let bid = identifier(element) else { return nil }
        element += 1
        guard bid == offering, element < count, has("backstop", at: element) else { return bid }
        element += 1
        return .backstop
    }

    mutating func dropLast() -> Bool {
        count -= 1
        return count > 0
    }

    func last() -> Int32? { count > 0 ? number(count - 1) : nil }

    /// A number without sign or leading zero, at most 2^31 - 1.
    func number(_ element: Int) -> Int32? {
        guard let digits = self[element], let first = digits.first, digits.count <= 10,
            first != UInt8(ascii: "0")
        else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return Int32(exactly: value)
    }
}
