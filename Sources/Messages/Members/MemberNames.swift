import Vocabulary

extension Member {
    /// All names, for reading a record.
    static let table = WordTable<Member>()

    /// The names that a refusal may mention.
    static let tableOfInputs = WordTable(
        allCases.filter(\.isOfInputs).map { (word: $0.rawValue, value: $0) })

    /// Its place in the list, for tables and sets: a case without a payload is stored as that.
    @inline(__always)
    package var place: UInt8 { unsafeBitCast(self, to: UInt8.self) }

    /// Whether records that others write have it: those stand first in the list. A refusal names
    /// no other member.
    package var isOfInputs: Bool { place <= Member.at.place }

    /// The member as an error names it; nil for one of a record that only this system writes.
    var ofInput: Member? { isOfInputs ? self : nil }
}

/// A set of members: the places of names below 128, and those from there on.
struct MemberNames: ExpressibleByArrayLiteral {
    private var bits: UInt128 = 0
    private var more: UInt64 = 0

    @inline(__always)
    init() {}

    init(arrayLiteral names: Member...) {
        for name in names { insert(name) }
    }

    @inline(__always)
    var isEmpty: Bool { bits == 0 && more == 0 }

    @inline(__always)
    func contains(_ name: Member) -> Bool {
        let place = name.place
        return place < 128
            ? bits & 1 &<< UInt128(place) != 0 : more & 1 &<< UInt64(place &- 128) != 0
    }

    @inline(__always)
    mutating func insert(_ name: Member) {
        let place = name.place
        if place < 128 {
            bits |= 1 &<< UInt128(place)
        } else {
            more |= 1 &<< UInt64(place &- 128)
        }
    }

    /// Those of the names that are not among these.
    @inline(__always)
    func missing(of names: MemberNames) -> MemberNames {
        var missing = MemberNames()
        missing.bits = names.bits & ~bits
        missing.more = names.more & ~more
        return missing
    }

    static func + (left: MemberNames, right: MemberNames) -> MemberNames {
        var sum = MemberNames()
        sum.bits = left.bits | right.bits
        sum.more = left.more | right.more
        return sum
    }
}
