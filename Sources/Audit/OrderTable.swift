import Messages
import Vocabulary

/// The orders that decisions must have caused, by what each must look like in `payment-commands`.
///
/// Of each only hashes are kept, so that a book of millions of payments has room: 64 bits of a
/// hash that is keyed anew in every process, so nobody can make two records agree.
struct OrderTable: ~Copyable {
    struct Entry {
        /// Of its kind and the id of its payment alone.
        var subject: UInt64
        var sequence: DecisionNumber
        /// Of the decision that caused it, in the partition's `decisions`.
        var offset: Offset
        var partition: Int32
        /// Where the order must stand.
        var home: Int32
        /// How often it may stand there, and does.
        var allowed: Int32 = 1
        var seen: Int32 = 0
        /// Not once its payment had a final result before all that have none were commanded again.
        var isRequired = true
    }

    let partitionCount: Int64
    private var entries: [Entry] = []
    private var entryIndices: [UInt64: Int32] = [:]
    /// By their subjects, made once a record fits to no entry.
    private var bySubject: [UInt64: Int32]?
    private let room: UnsafeMutableRawBufferPointer

    init(partitionCount: Int64) {
        self.partitionCount = partitionCount
        room = .allocate(byteCount: RecordEncoder.largestSmallRecord, alignment: 8)
    }

    deinit { room.deallocate() }

    var count: Int { entries.count }

    // MARK: What must be there

    mutating func expect(_ order: PaymentOrder, of sequence: DecisionNumber, at offset: Offset) {
        let home = home(of: order)
        let form = form(of: order, home)
        if let known = entryIndices[form] {
            entries[Int(known)].allowed += 1
            return
        }
        entryIndices[form] = Int32(entries.count)
        entries.append(
            Entry(
                subject: subject(of: order), sequence: sequence, offset: offset,
                partition: Int32(order.partition.rawValue), home: home))
    }

    /// Orders of the partition that are final need not be there any more, since they may have been
    /// lost before this.
    mutating func forgive(_ partition: Partition) {
        for index in entries.indices where entries[index].partition == partition.rawValue {
            entries[index].isRequired = false
        }
    }

    /// The order was given once more.
    mutating func expectAgain(_ order: PaymentOrder) {
        guard let index = entryIndices[form(of: order, home(of: order))] else { return }
        entries[Int(index)].isRequired = true
        entries[Int(index)].allowed += 1
    }

    // MARK: What is there

    enum Match { case right, surplus, none }

    /// Looks for a record by its bytes alone.
    mutating func match(
        _ partition: Int32, _ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer
    ) -> Match {
        see(Self.form(partition, key, value))
    }

    /// Looks for what a record orders, on any partition and in any spelling.
    mutating func match(_ order: PaymentOrder) -> Match {
        see(form(of: order, home(of: order)))
    }

    private mutating func see(_ form: UInt64) -> Match {
        guard let index = entryIndices[form].map(Int.init) else { return .none }
        entries[index].seen += 1
        return entries[index].seen > entries[index].allowed ? .surplus : .right
    }

    /// What decisions ordered under the same id; it is not missing besides.
    mutating func takeNamesake(of order: PaymentOrder) -> Entry? {
        let bySubject = bySubject ?? Dictionary(
            zip(entries.map(\.subject), 0...), uniquingKeysWith: { first, _ in first })
        self.bySubject = bySubject
        guard let index = bySubject[subject(of: order)].map(Int.init) else { return nil }
        entries[index].isRequired = false
        return entries[index]
    }

    /// How many stand there that were given once more.
    var repeats: Int64 {
        entries.reduce(0) { $0 + Int64(max(0, min($1.seen, $1.allowed) - 1)) }
    }

    /// Those that must be there and are not, in the order of the decisions.
    func missing() -> [Entry] {
        entries.filter { $0.isRequired && $0.seen == 0 }
            .sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }

    // MARK: Hashes

    func home(of order: PaymentOrder) -> Int32 {
        Int32(Partitioner.partition(of: order.account, count: partitionCount).rawValue)
    }

    private func form(of order: PaymentOrder, _ home: Int32) -> UInt64 {
        let count = switch order {
        case .payment(let command): RecordEncoder.encode(command, into: room)
        case .recall(let recall): RecordEncoder.encode(recall, into: room)
        }
        let value = UnsafeRawBufferPointer(rebasing: room[..<count])
        return order.account.withBytes { Self.form(home, $0, value) }
    }

    private static func form(
        _ partition: Int32, _ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer
    ) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(partition)
        hasher.combine(key?.count ?? -1)
        if let key { hasher.combine(bytes: key) }
        hasher.combine(bytes: value)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    private func subject(of order: PaymentOrder) -> UInt64 {
        var hasher = Hasher()
        if case .recall = order { hasher.combine(true) } else { hasher.combine(false) }
        hasher.combine(order.command)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
