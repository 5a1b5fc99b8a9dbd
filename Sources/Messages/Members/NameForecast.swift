import Vocabulary

/// Foretells which member comes next: the one that came after the same member the last time.
///
/// A program writes the members of its records in one order, and finding a name where it is
/// expected is much cheaper than finding its end first and then which name it is: the processor
/// need not know the one to go on with the other. A wrong forecast costs a comparison, and
/// nothing that is read depends on it.
struct NameForecast {
    /// A name with quotes and colon, of at most 16 bytes; a longer one is never foretold.
    private struct Spelling {
        var low: UInt64 = 0
        var high: UInt64 = 0
        // No byte of a record's name is zero, so this one is found nowhere.
        var lowMask = UInt64.max
        var highMask: UInt64 = 0
        var count = 0
    }

    /// One place for each name, and one for the beginning of an object.
    static let capacity = Member.allCases.count + 1
    /// What `previous` is at the beginning of an object.
    static let beginning = UInt8(truncatingIfNeeded: Member.allCases.count)

    /// The name that followed each name.
    private let followers: UnsafeMutablePointer<Member>
    private let spellings: UnsafePointer<Spelling>

    /// A forecast that remembers at `followers`, which has room for `capacity` names.
    init(followers: UnsafeMutablePointer<Member>) {
        followers.initialize(repeating: .type, count: Self.capacity)
        self.followers = followers
        spellings = Self.allSpellings.pointer
    }

    /// The name that stands with its colon at the reader's position, if it is the one foretold;
    /// then it is passed.
    @inline(__always)
    func pass(after previous: UInt8, in reader: inout JSONReader) -> Member? {
        guard reader.position &+ 16 <= reader.end else { return nil }
        let name = followers[Int(previous)]
        let spelling = spellings + Int(name.place)
        let low = EightBytes.load(reader.base, reader.position)
        let high = EightBytes.load(reader.base, reader.position &+ 8)
        let difference =
            (low ^ spelling.pointee.low) & spelling.pointee.lowMask
            | (high ^ spelling.pointee.high) & spelling.pointee.highMask
        guard difference == 0 else { return nil }
        reader.position &+= spelling.pointee.count
        return name
    }

    @inline(__always)
    func remember(_ name: Member, after previous: UInt8) {
        followers[Int(previous)] = name
    }

    /// Made once and never freed.
    private struct Spellings: @unchecked Sendable {
        let pointer: UnsafePointer<Spelling>
    }

    private static let allSpellings: Spellings = {
        let pointer = UnsafeMutablePointer<Spelling>.allocate(capacity: capacity)
        for name in Member.allCases {
            (pointer + Int(name.place)).initialize(to: spelling(of: name))
        }
        return Spellings(pointer: UnsafePointer(pointer))
    }()

    private static func spelling(of name: Member) -> Spelling {
        let bytes = Array("\"\(name.rawValue)\":".utf8)
        guard bytes.count <= 16 else { return Spelling() }
        return bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return Spelling() }
            let (lowCount, highCount) = (min(bytes.count, 8), max(bytes.count - 8, 0))
            return Spelling(
                low: EightBytes.load(base, 0, atMost: lowCount),
                high: highCount > 0 ? EightBytes.load(base, 8, atMost: highCount) : 0,
                lowMask: EightBytes.first(lowCount, of: .max),
                highMask: highCount > 0 ? EightBytes.first(highCount, of: .max) : 0,
                count: bytes.count)
        }
    }
}
