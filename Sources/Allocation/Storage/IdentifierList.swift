import Vocabulary

/// Different ids, numbered from 0 in the order in which they were added.
struct IdentifierList: Equatable, Sendable {
    private var identifiers = IdentifierTable()
    private var records = ChunkedArray<RecordHandle>()

    var count: Int { records.count }

    /// The bytes that it holds on to.
    var storageBytes: Int { identifiers.storageBytes + records.storageBytes }

    @inline(__always)
    func searchStart(_ identifier: Identifier) -> IdentifierTable.SearchStart {
        identifiers.searchStart(identifier)
    }

    /// The number of `identifier`, whose search begins at `start`.
    @inline(__always)
    func find(_ identifier: Identifier, from start: IdentifierTable.SearchStart) -> UInt32? {
        guard let handle = identifiers.find(identifier, from: start) else { return nil }
        return identifiers.records.read(handle) { record in
            record.skipIdentifier()
            return record.word()
        }
    }

    func find(_ identifier: Identifier) -> UInt32? {
        find(identifier, from: searchStart(identifier))
    }

    /// Adds an id that is not there yet and whose hash is `hash`; answers its number.
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
        let start = searchStart(identifier)
        return find(identifier, from: start) ?? append(identifier, hash: start.hash)
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
