import Vocabulary

/// Reads records straight from the log's bytes, strictly and in one pass (Records.md).
///
/// A decoder is used for one record after the other and keeps nothing of them; it allocates
/// only for what has no fixed size: lists of distribution ids and an operator's reason.
///
/// What is wrong is looked for in this order, so that a record has one fault wherever it is read:
/// 1. no value at all, or one that is too long;
/// 2. faults of the text, the first byte first: UTF-8, JSON, nesting, what follows the object;
/// 3. `type`: missing, twice, no string, or none of the topic's;
/// 4. a member that the type lists and that came twice, the first such second one first;
/// 5. in `offering-commands`, and wherever a worker reads what workers wrote, a member that the
///    type does not list, the first such one first; elsewhere it is ignored;
/// 6. the members that the type lists, in the order of Records.md: missing, of the wrong type,
///    out of range or of the wrong form.
///
/// A missing member is reported at the object's closing brace, every other one where its value
/// begins, one that came twice where its name stands the second time. The objects within a record
/// are judged likewise.
package struct RecordDecoder: @unchecked Sendable {
    private var scratch = Scratch()
    var members: MemberTable
    /// Whether the record that was read last is one whole object, with right members or wrong ones.
    private(set) var isWhole = false
    /// The members of an object within the record.
    var nested: MemberTable

    /// A decoder for any number of records of any topic.
    package init() {
        members = MemberTable(
            tokens: scratch.members, forecast: NameForecast(followers: scratch.followers))
        nested = MemberTable(
            tokens: scratch.nested, forecast: NameForecast(followers: scratch.nestedFollowers))
    }

    /// Reads the members of a record. A copy of a decoder gets its own scratch here, so that
    /// copies may be used at the same time.
    @inline(__always)
    mutating func read(
        _ value: UnsafeRawBufferPointer?, largest: Int = RecordLimits.value,
        refusesUnlisted: Bool = false
    ) throws(Malformation) {
        if !isKnownUniquelyReferenced(&scratch) { self = RecordDecoder() }
        isWhole = false
        members.refusesUnlisted = refusesUnlisted
        nested.refusesUnlisted = refusesUnlisted
        try members.read(value, largest: largest)
        isWhole = true
    }

    /// Reads a record of one of the allocator's inputs. The clock has no records.
    package mutating func decode(
        _ value: UnsafeRawBufferPointer?, from topic: InputTopic
    ) throws(Malformation) -> InputRecord {
        switch topic {
        case .bids: return try decodeBids(value)
        case .offeringCommands: return try decodeOfferingCommand(value)
        case .paymentResults: return .paymentResult(try decodePaymentResult(value))
        case .clock: preconditionFailure("the clock is a source of decisions, not of records")
        }
    }
}

extension MemberTable {
    /// `type`, one of the words of `table`; `absent` stands for one that is left out, if that is
    /// allowed.
    @inline(__always)
    func type<Value>(
        among table: WordTable<Value>, absent: Value? = nil
    ) throws(Malformation) -> Value {
        if let absent, !has(.type) { return absent }
        try refuseRepeated([.type])
        return try choice(.type, among: table, otherwise: .unknownType)
    }
}

/// The memory that a decoder collects members in, and remembers their order in.
private final class Scratch {
    let members = UnsafeMutablePointer<JSONToken>.allocate(capacity: Member.allCases.count)
    let nested = UnsafeMutablePointer<JSONToken>.allocate(capacity: Member.allCases.count)
    let followers = UnsafeMutablePointer<Member>.allocate(capacity: NameForecast.capacity)
    let nestedFollowers = UnsafeMutablePointer<Member>.allocate(
        capacity: NameForecast.capacity)

    deinit {
        members.deallocate()
        nested.deallocate()
        followers.deallocate()
        nestedFollowers.deallocate()
    }
}
