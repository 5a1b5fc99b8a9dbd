import EventLog
import Foundation
import Synchronization

/// What the drivers of allocator and payer have in common: the lane's writer, the reader of its
/// book (`decisions`, or a payer's journal), how it waits, and how it is asked to stop.
///
/// It belongs to the lane's thread, but for `stop` and `noted`.
final class LaneChassis: @unchecked Sendable {
    let log: any EventLog
    private let bookPartition: TopicPartition
    private let transactionalIDs: [String]
    /// How many records of the book are read at once.
    private let readLimit: Int
    let isInline: Bool

    private(set) var writer: (any LogWriter)?
    private var book: (any LogReader)?
    private let stopping = Atomic<Bool>(false)
    private let sleeper = NSCondition()
    let noted = NotedProgress()

    /// - Parameters:
    ///   - book: where the lane's book stands.
    ///   - isInline: never sleep, for stepping.
    init(
        _ log: any EventLog, book: TopicPartition, readLimit: Int, transactionalIDs: [String],
        isInline: Bool
    ) {
        self.readLimit = readLimit
        self.log = log
        bookPartition = book
        self.transactionalIDs = transactionalIDs
        self.isInline = isInline
    }

    // MARK: The writer

    /// Opens a writer, which fences the one before.
    func openWriter() throws(LogError) {
        closeWriter()
        writer = try log.openWriter(transactionalIDs: transactionalIDs)
    }

    func closeWriter() {
        writer?.close()
        writer = nil
    }

    // MARK: The book

    /// Asks how the book ends: see `BookEnd.look`.
    func bookEnd(
        known: LogOffset?, isFenced: Bool, into batch: inout RecordBatch
    ) throws(LogError) -> LogOffset {
        try BookEnd.look(at: bookPartition, of: log, known: known, isFenced: isFenced, into: &batch)
    }

    /// Reads on in the book; answers where its reader stands then.
    func readBook(
        from offset: LogOffset, into batch: inout RecordBatch
    ) throws(LogError) -> LogOffset {
        let reader: any LogReader
        if let book {
            reader = book
        } else {
            reader = try log.openReader([ReadStart(bookPartition, from: offset)])
            book = reader
        }
        if reader.position(0) != offset { try reader.seek(0, to: offset) }
        if try reader.read(0, into: &batch, limit: readLimit) == 0 {
            try reader.wait(timeoutMilliseconds: 100)
        }
        return reader.position(0)
    }

    /// A live lane knows what it writes; its reader would fetch that back, and keep it.
    func closeBook() {
        book?.close()
        book = nil
    }

    // MARK: Its end

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Ends a pause, and makes it known that the lane is to end. From any thread.
    func stop() {
        stopping.store(true, ordering: .releasing)
        sleeper.lock()
        sleeper.broadcast()
        sleeper.unlock()
    }

    /// Does nothing for a time drawn between these, unless it is asked to stop.
    func pause(leastMilliseconds least: Int, mostMilliseconds most: Int) {
        guard !isInline else { return }
        let end = Date(timeIntervalSinceNow: Double(Int.random(in: least...most)) / 1_000)
        sleeper.lock()
        while !isStopping, sleeper.wait(until: end) {}
        sleeper.unlock()
    }
}

/// A lane that is driven step by step.
package protocol SteppedLane: DrivenLane {
    /// Does one action; answers the lane's end once it has come to it.
    func step() -> LaneEnd?
}

extension SteppedLane {
    /// Drives the lane to its end.
    package func run() -> LaneEnd {
        while true {
            if let end = step() { return end }
        }
    }
}
