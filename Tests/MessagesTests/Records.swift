import Glibc

import Messages
import Vocabulary

// How the tests give records to the decoder and get them from the encoder.

/// Memory whose last byte is the last of a page that may be read: a decoder that looks past the
/// end of a record is stopped there and then.
final class GuardedMemory {
    private let pages: UnsafeMutableRawPointer
    private let capacity: Int

    init(capacity: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        self.capacity = (capacity + page - 1) / page * page
        pages = mmap(
            nil, self.capacity + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        precondition(pages != MAP_FAILED)
        precondition(mprotect(pages + self.capacity, page, PROT_NONE) == 0)
    }

    deinit { munmap(pages, capacity + Int(sysconf(Int32(_SC_PAGESIZE)))) }

    /// A copy of `bytes` that ends where the memory ends.
    func end(with bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
        precondition(bytes.count <= capacity)
        let start = pages + (capacity - bytes.count)
        UnsafeMutableRawBufferPointer(start: start, count: bytes.count).copyBytes(from: bytes)
        return UnsafeRawBufferPointer(start: start, count: bytes.count)
    }
}

/// What a decoder says about a record.
enum Reading<Record: Equatable>: Equatable {
    case record(Record)
    case fault(Malformation)

    var fault: Malformation? {
        if case .fault(let fault) = self { fault } else { nil }
    }
}

/// Reads records given as text, again and again with the same decoder.
struct Reader {
    private var decoder = RecordDecoder()
    private let memory = GuardedMemory(capacity: 64 * 1_024)

    mutating func read<Record>(
        _ bytes: some Collection<UInt8>,
        _ body: (inout RecordDecoder, UnsafeRawBufferPointer) throws -> Record
    ) -> Reading<Record> {
        let value = memory.end(with: bytes)
        do {
            return .record(try body(&decoder, value))
        } catch {
            guard let fault = error as? Malformation else { preconditionFailure("\(error)") }
            return .fault(fault)
        }
    }

    mutating func input(
        _ bytes: some Collection<UInt8>, from topic: InputTopic = .bids
    ) -> Reading<InputRecord> {
        read(bytes) { try $0.decode($1, from: topic) }
    }

    mutating func input(_ text: String, from topic: InputTopic = .bids) -> Reading<InputRecord> {
        input(text.utf8, from: topic)
    }

    mutating func decision(_ bytes: some Collection<UInt8>) -> Reading<DecisionRecord> {
        read(bytes) { try $0.decodeDecision($1) }
    }

    mutating func decision(_ text: String) -> Reading<DecisionRecord> { decision(text.utf8) }
}

/// The bytes that an encoder writes, as text; none of those before or after them is touched.
func written(
    room: Int, _ encode: (UnsafeMutableRawBufferPointer) -> Int
) -> String {
    let margin = 32
    let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: room + 2 * margin, alignment: 1)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0xee)
    let count = encode(UnsafeMutableRawBufferPointer(rebasing: memory[margin..<(margin + room)]))
    precondition(count <= room, "a record of \(count) bytes in a room of \(room)")
    precondition(memory[..<margin].allSatisfy { $0 == 0xee }, "bytes before the record")
    precondition(memory[(margin + room)...].allSatisfy { $0 == 0xee }, "bytes past the room")
    return String(decoding: memory[margin..<(margin + count)], as: UTF8.self)
}

let someHash = String(repeating: "0123456789abcdef", count: 4)

/// A decision as it stands in the log.
func sealed(_ decision: Decision, epoch: Epoch = 3, hash: String = someHash) -> String {
    written(room: RecordEncoder.largestDecision) { RecordEncoder.encode(decision, into: $0) }
        + seal(epoch: epoch, hash: hash)
}

func seal(epoch: Epoch = 3, hash: String = someHash) -> String {
    guard let hash = HashText(hash) else { preconditionFailure("'\(hash)' is no hash") }
    return written(room: RecordEncoder.largestSeal) {
        RecordEncoder.seal(epoch: epoch, hash: hash, into: $0)
    }
}

func line(_ record: InputRecord) -> String {
    written(room: RecordEncoder.largestRecord) { room in
        switch record {
        case .bid(let bid): RecordEncoder.encode(bid, into: room)
        case .cancellation(let cancellation): RecordEncoder.encode(cancellation, into: room)
        case .command(let command): RecordEncoder.encode(command, into: room)
        case .paymentResult(let result): RecordEncoder.encode(result, into: room)
        case .partitionCommand(let command): RecordEncoder.encode(command, into: room)
        }
    }
}
