/// An integer that stands for one thing, so that shares are not mixed up with money nor an
/// offset with a partition. Arithmetic traps on overflow: it is checked, in release builds too.
public protocol Quantity: RawRepresentable, Comparable, Hashable, Sendable, CustomStringConvertible,
    ExpressibleByIntegerLiteral
where RawValue == Int64 {
    init(rawValue: Int64)
}

/// The largest integer of any record, 2^53 - 1: every JSON reader gets it exactly (Records.md).
public let largestInteger: Int64 = 9_007_199_254_740_991

extension Quantity {
    @inlinable public init(integerLiteral value: Int64) { self.init(rawValue: value) }
    @inlinable public init(_ value: some BinaryInteger) { self.init(rawValue: Int64(value)) }
    @inlinable public var description: String { String(rawValue) }
    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
    @inlinable public static func + (left: Self, right: Self) -> Self {
        Self(rawValue: left.rawValue + right.rawValue)
    }
    @inlinable public static func - (left: Self, right: Self) -> Self {
        Self(rawValue: left.rawValue - right.rawValue)
    }
    @inlinable public static func += (left: inout Self, right: Self) { left = left + right }
    @inlinable public static func -= (left: inout Self, right: Self) { left = left - right }
}

/// A number of shares of one offering.
public struct Shares: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// An amount of money in the minor units of its currency (fen, cents).
public struct MinorUnits: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }

    /// What `shares` cost at `price` minor units a share, or nil where that is more than
    /// `largestInteger`. The product is formed in 128 bits.
    public static func product(_ shares: Shares, price: MinorUnits) -> MinorUnits? {
        let wide = Int128(shares.rawValue) * Int128(price.rawValue)
        return wide <= Int128(largestInteger) ? MinorUnits(rawValue: Int64(wide)) : nil
    }

    /// The amount for people, in whole units with the currency's digits: `30,000.00 CNY`.
    public func words(in currency: CurrencyCode) -> String {
        let digits = currency.fractionDigits
        let text = String(rawValue.magnitude)
        let all = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let whole = (Int64(all.dropLast(digits)) ?? 0).grouped
        let point = digits > 0 ? "." : ""
        return "\(rawValue < 0 ? "-" : "")\(whole)\(point)\(all.suffix(digits)) \(currency)"
    }
}

/// The number of a decision within its partition: 1, 2, ... without gaps; 0 is the empty book.
public struct DecisionNumber: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// Which writer of a partition made a decision: it grows with every take-over.
public struct Epoch: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The position of a record within its topic partition.
public struct Offset: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A partition of a topic.
public struct Partition: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A moment, in milliseconds since 1970-01-01 UTC, as logs stamp records.
public struct Timestamp: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }

    @inlinable public static func + (moment: Timestamp, length: Milliseconds) -> Timestamp {
        Timestamp(rawValue: moment.rawValue + length.rawValue)
    }
    @inlinable public static func - (moment: Timestamp, length: Milliseconds) -> Timestamp {
        Timestamp(rawValue: moment.rawValue - length.rawValue)
    }
}

/// A length of time.
public struct Milliseconds: Quantity {
    public var rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension BinaryInteger {
    /// The number for people, its digits in groups of three: `100,000`.
    public var grouped: String {
        let digits = String(magnitude)
        var text = self < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
