import EventLog
import Foundation
import Messages
import Vocabulary

/// Appends records of front ends and operators.
enum Appending {
    /// Appends all of `records`, and answers where each stands; throws where one was refused.
    static func append(
        _ records: borrowing OutgoingRecords, to log: any EventLog
    ) throws(Failure) -> [Receipt] {
        do throws(LogError) {
            let appender = try log.openAppender()
            defer { appender.close() }
            return try receipts(appender.append(records))
        } catch {
            throw Failure(error)
        }
    }

    static func receipts(_ outcomes: [AppendOutcome]) throws(LogError) -> [Receipt] {
        var receipts: [Receipt] = []
        receipts.reserveCapacity(outcomes.count)
        for outcome in outcomes {
            switch outcome {
            case .appended(let receipt): receipts.append(receipt)
            case .refused(let error): throw error
            }
        }
        return receipts
    }
}

extension OutgoingRecords {
    /// Adds an input record as front ends and operators write it: keyed by its offering.
    mutating func append(
        of offering: Identifier, to destination: Destination, headers: [UInt8],
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        offering.withBytes { key in
            headers.withUnsafeBytes { headers in
                append(
                    to: destination, key: key, headers: headers,
                    largestValue: RecordEncoder.largestRecord, encode: encode)
            }
        }
    }
}

/// A receipt: where a record stands in the log.
enum Receipts {
    static func text(_ id: String, _ receipt: Receipt, json: Bool) -> String {
        guard json else {
            return "\(id) \(receipt.partition.topic) \(receipt.partition.partition) "
                + "\(receipt.offset) \(receipt.appendTime)"
        }
        var line = JSONLine()
        line.add("id", id)
        line.add("topic", receipt.partition.topic)
        line.add("partition", receipt.partition.partition)
        line.add("offset", receipt.offset.rawValue)
        line.add("at", receipt.appendTime)
        return line.line
    }
}

/// Waits for the decisions about a record that is going to be appended: it must be made before,
/// so that it knows where to read from.
final class DecisionWaiter {
    private let place: Place
    private let partition: Partition
    private let start: LogOffset

    init(_ place: Place, _ partition: Partition) throws(Failure) {
        self.place = place
        self.partition = partition
        let decisions = place.partition(.decisions, partition)
        start = try logged { () throws(LogError) in
            try place.log.bounds(of: [decisions], .committed)[0].end
        }
    }

    /// The decisions about the record itself, with their bytes as text.
    func wait(
        for receipt: Receipt, _ topic: InputTopic, seconds: Double
    ) throws(Failure) -> [(Decision, String)] {
        var found: [(Decision, String)] = []
        try wait(for: [receipt.offset.rawValue], topic, seconds: seconds, receipt) {
            (decision, text) throws(Failure) in found.append((decision, text))
        }
        return found
    }

    /// Calls `body` with the first decision about each of these records as it comes.
    func wait(
        for offsets: Set<Int64>, _ topic: InputTopic, seconds: Double, _ last: Receipt,
        _ body: (Decision, String) throws(Failure) -> Void
    ) throws(Failure) {
        var missing = offsets
        var decoder = RecordDecoder()
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(seconds * 1_000_000_000)
        let decisions = place.partition(.decisions, partition)
        var follow = try Follow(place.log, [ReadStart(decisions, from: start)])
        try follow.follow(until: end) { (_, batch, index) throws(Failure) in
            guard let record = try? decoder.decodeDecision(batch.value(index)),
                case .decision(let decision) = record.content,
                decision.source.topic == topic, decision.n == 0,
                missing.remove(decision.source.offset.rawValue) != nil
            else { return true }
            let text = String(decoding: batch.value(index)!, as: UTF8.self)
            try body(decision, text)
            return !missing.isEmpty
        }
        guard missing.isEmpty else {
            let offset = missing.min()!
            throw Failure(
                .tryAgain,
                "it is in the log at \(last.partition) offset \(offset), not decided yet: is an "
                    + "allocator running? (fairfill allocate --log \(place.log.url) "
                    + "--env \(place.name))")
        }
    }
}

/// Lines of a file or of standard input, as bytes.
enum Lines {
    /// The size of a file in bytes; nil where it has none, as a pipe.
    static func size(of path: String) -> Int64? {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int64(status.st_size)
    }

    /// Calls `body` with each line that is not empty, and its number from 1. `idle` is called
    /// whenever the next line has not come yet.
    static func read(
        _ path: String, idle: () throws(Failure) -> Void = {},
        _ body: (_ number: Int, _ bytes: UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(
                .unavailable, "\(path) can't be read: \(String(cString: strerror(errno)))")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var buffer: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 16)
        var number = 0
        while Interruption.signal == 0 {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&waiting, 1, 5) == 0 {
                try idle()
                continue
            }
            let count = Foundation.read(descriptor, &room, room.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(
                    .inputOutput, "\(path) can't be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            buffer.append(contentsOf: room[..<count])
            try take(&buffer, &number, body)
        }
        if !buffer.isEmpty, Interruption.signal == 0 {
            number += 1
            try call(buffer[...], number, body)
        }
    }

    /// Takes the whole lines out of `buffer`.
    private static func take(
        _ buffer: inout [UInt8], _ number: inout Int,
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
            number += 1
            try call(buffer[start..<end], number, body)
            start = end + 1
        }
        buffer.removeFirst(start)
    }

    private static func call(
        _ line: ArraySlice<UInt8>, _ number: Int,
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { return }
        let outcome: Swift.Result<Void, Failure> = line.withUnsafeBytes { bytes in
            do throws(Failure) {
                return .success(try body(number, bytes))
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }
}

extension Malformation {
    /// What is wrong, for people.
    var sentence: String {
        "\(code.rawValue)" + (member.map { " (\($0.rawValue))" } ?? "") + " at byte \(position)"
    }
}
