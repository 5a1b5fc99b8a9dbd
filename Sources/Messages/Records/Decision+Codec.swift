import Vocabulary

extension DecisionType {
    static let table = WordTable<DecisionType>()
}

extension InputTopic {
    static let table = WordTable<InputTopic>(allCases.map { ("\($0.name)", $0) })
}

extension RecordDecoder {
    /// Reads a record of `decisions`.
    ///
    /// Its members may come in any order but for the last two: `epoch` and `hash` must end the
    /// record exactly as the allocator writes them, or bytes after the hashed ones could say
    /// something that no hash covers (badValue at the comma that should begin them).
    ///
    /// With `refusesUnlisted` a member that the type does not list is an error: a worker that goes
    /// on with a book must know all that it says.
    package mutating func decodeDecision(
        _ value: UnsafeRawBufferPointer?, refusesUnlisted: Bool = false
    ) throws(Malformation) -> DecisionRecord {
        try read(value, largest: RecordLimits.ownValue, refusesUnlisted: refusesUnlisted)
        let type = try members.type(among: DecisionType.table)
        try members.checkListed(type.members + DecisionType.chain)
        let sequence = try members.quantity(.seq, as: DecisionNumber.self)
        let content: DecisionRecord.Content
        if type == .epochStarted {
            content = .epochStarted(
                sequence: sequence, partition: try members.quantity(.partition, as: Partition.self))
        } else {
            content = .decision(try decision(type, sequence))
        }
        let (epoch, hash, hashedCount) = try seal()
        return DecisionRecord(
            content: content, epoch: epoch, hash: hash, hashedCount: hashedCount,
            head: type == .certificate ? try head() : nil)
    }

    private func head() throws(Malformation) -> HashText? {
        guard let token = members[.head] else { return nil }
        guard token.kind == .plainString,
            let head = members.reader.withText(of: token, { HashText($0) })
        else { throw members.fault(.badValue, .head, token) }
        return head
    }

    @inline(__always)
    private mutating func decision(
        _ type: DecisionType, _ sequence: DecisionNumber
    ) throws(Malformation) -> Decision {
        let offering = members.has(.offering) ? try members.identifier(.offering) : nil
        let source = try source()
        return Decision(
            sequence: sequence, offering: offering,
            event: try event(type, source.topic, offering), counters: try counters(),
            source: source, n: try members.integer(.n))
    }

    @inline(__always)
    func source() throws(Malformation) -> Source {
        Source(
            topic: try members.choice(.topic, among: InputTopic.table),
            partition: try members.quantity(.partition), offset: try members.quantity(.offset),
            at: try members.quantity(.at))
    }

    /// All three counters or none.
    @inline(__always)
    private func counters() throws(Malformation) -> Counters? {
        guard members.has(.free) || members.has(.reserved) || members.has(.settled) else {
            return nil
        }
        return Counters(
            free: try members.quantity(.free), reserved: try members.quantity(.reserved),
            settled: try members.quantity(.settled))
    }

    /// The last two members, and where the bytes that the hash covers end.
    @inline(__always)
    private func seal() throws(Malformation) -> (Epoch, HashText, hashedCount: Int) {
        let epoch = try members.quantity(.epoch, as: Epoch.self)
        let token = try members.required(.hash)
        guard token.kind == .plainString,
            let hash = members.reader.withText(of: token, { HashText($0) })
        else { throw members.fault(.badValue, .hash, token) }
        let epochToken = try members.required(.epoch)
        let hashedCount = Int(epochToken.start) - Self.epochName.utf8CodeUnitCount
        guard members.reader.precedes(epochToken, Self.epochName),
            members.reader.precedes(token, Self.hashName),
            Int(epochToken.end) + Self.hashName.utf8CodeUnitCount == Int(token.start),
            Int(token.end) == members.closing,
            members.closing + 1 == members.reader.end
        else { throw Malformation(.badValue, at: max(0, hashedCount)) }
        return (epoch, hash, hashedCount)
    }

    static let epochName: StaticString = ",\"epoch\":"
    static let hashName: StaticString = ",\"hash\":"
}

extension JSONReader {
    /// Whether `name` stands right before a value.
    @inline(__always)
    fileprivate func precedes(_ token: JSONToken, _ name: StaticString) -> Bool {
        let start = Int(token.start) - name.utf8CodeUnitCount
        guard start >= 0 else { return false }
        for index in 0..<name.utf8CodeUnitCount
        where byte(at: start + index) != name.utf8Start[index] {
            return false
        }
        return true
    }
}

extension RecordEncoder {
    /// Writes the bytes of a decision that its hash covers: all before `,"epoch":`.
    ///
    /// `buffer` must have room for `largestDecision` bytes; then the seal has room, too. `head` is
    /// the hash of the decision before it, which a certificate carries.
    package static func encode(
        _ decision: borrowing Decision, after head: HashText? = nil,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestDecision)
        writer.event(decision)
        if let head, case .offering(.certificate) = decision.event {
            writer.literal(",\"head\":\"")
            writer.hash(head)
            writer.literal("\"")
        }
        if let counters = decision.counters {
            writer.member(",\"free\":", counters.free)
            writer.member(",\"reserved\":", counters.reserved)
            writer.member(",\"settled\":", counters.settled)
        }
        writer.source(decision.source)
        writer.member(",\"n\":", decision.n)
        writer.member(",\"at\":", decision.source.at)
        return writer.count
    }

    /// Writes the bytes of `epochStarted` before `,"epoch":`. `sequence` is that of the decision
    /// before it, 0 in an empty book; the hash to seal it with is that decision's, too.
    package static func encodeEpochStarted(
        sequence: DecisionNumber, partition: Partition, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSeal)
        writer.member("{\"type\":\"epochStarted\",\"seq\":", sequence)
        writer.member(",\"partition\":", partition)
        return writer.count
    }

    /// Writes what ends a record of `decisions`, from `,"epoch":` on.
    ///
    /// `buffer` must have room for `largestSeal` bytes.
    package static func seal(
        epoch: Epoch, hash: borrowing HashText, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSeal)
        writer.member(",\"epoch\":", epoch)
        writer.literal(",\"hash\":\"")
        writer.hash(hash)
        writer.literal("\"}")
        return writer.count
    }
}

extension JSONWriter {
    /// `topic`, `partition` and `offset`; other members may stand between them and `at`.
    @inline(__always)
    mutating func source(_ source: Source) {
        switch source.topic {
        case .offeringCommands: literal(",\"topic\":\"offering-commands\",\"partition\":")
        case .paymentResults: literal(",\"topic\":\"payment-results\",\"partition\":")
        case .bids: literal(",\"topic\":\"bids\",\"partition\":")
        case .clock: literal(",\"topic\":\"clock\",\"partition\":")
        }
        integer(source.partition)
        member(",\"offset\":", source.offset)
    }
}
