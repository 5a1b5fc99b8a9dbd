import Vocabulary

/// Different ids, numbered from 0 in the order in which they were added.
struct IdentifierList: Equatable, Sendable {
    private var identifiers = IdentifierTable()
    private var records = ChunkedArray<RecordHandle>()

    var count: Int { records.count }

    @inline(__always)
    func hash(_ identifier: Identifier) -> UInt64 { identifiers.hash(identifier) }

    @inline(__always)
    func searchStart(_ hash: UInt64) -> IdentifierTable.SearchStart {
        identifiers.searchStart(hash)
    }

    /// The number of `identifier`, whose hash is `hash`.
    @inline(__always)
    func find(
        _ identifier: Identifier, hash: UInt64, from start: IdentifierTable.SearchStart
    ) -> UInt32? {
        guard let handle = identifiers.find(identifier, hash: hash, from: start) else {
            return nil
        }
        return identifiers.records.read(handle) { record in
            record.skipIdentifier()
            return record.word()
        }
    }

    @inline(__always)
    func find(_ identifier: Identifier, hash: UInt64) -> UInt32? {
        find(identifier, hash: hash, from: searchStart(hash))
    }

    func find(_ identifier: Identifier) -> UInt32? { find(identifier, hash: hash(identifier)) }

    /// Adds an id that is not there yet; answers its number.
    @inline(__always)
    mutating func append(_ identifier: Identifier, hash: UInt64) -> UInt32 {
        let number = UInt32(records.count)
        let record = identifiers.insert(hash: hash) {
            $0.identifier(identifier)
            $0.word(number)
        }
        records.append(record)
        return number
    }

    /// The number of `identifier`, which is added where it is not there yet.
    mutating func number(of identifier: Identifier) -> UInt32 {
        let hash = hash(identifier)
        return find(identifier, hash: hash) ?? append(identifier, hash: hash)
    }

    @inline(__always)
    subscript(number: UInt32) -> Identifier {
        identifiers.records.identifier(at: records[Int(number)])
    }

    /// Whether `number` is that of `identifier`: told without making a copy of it.
    @inline(__always)
    func has(_ number: UInt32, _ identifier: Identifier) -> Bool {
        identifiers.records.begins(records[Int(number)], with: identifier)
    }
}
