import FairfillClient
import Messages
import Vocabulary

/// A file of records with times, read a piece at a time and handed out a record at a time.
///
/// A line that can't be read is reported by file and number, and the rest go on.
package final class TimedFile {
    /// What it is called in remarks.
    private let name: String
    private let topic: InputTopic
    private let pieces: Pieces
    private var splitter: LineSplitter
    private var decoder = RecordDecoder()
    private var lines: [Line] = []
    private var first = 0
    private var isOver = false

    /// Lines that could not be read.
    package private(set) var badLines = 0
    /// Bytes read so far.
    package private(set) var bytesRead: Int64 = 0

    /// A record, and its line's number from 1.
    package struct Line {
        package var record: TimedRecord
        package var number: Int
    }

    package init(_ path: String, of topic: InputTopic) throws(Failure) {
        name = path == "-" ? "standard input" : path
        splitter = LineSplitter(of: name, largestLine: Lines.largestLine)
        self.topic = topic
        pieces = try Pieces(path)
    }

    /// The time of the record at hand; nil: there are no more.
    @inline(__always)
    package func head() throws(Failure) -> Timestamp? {
        if first == lines.count { try fill() }
        return first < lines.count ? lines[first].record.at : nil
    }

    /// Passes the record at hand, which `head` has shown to be there.
    @inline(__always)
    package func take() -> Line {
        first += 1
        return lines[first - 1]
    }

    /// The record at hand, which `head` has shown to be there.
    package var atHand: Line { lines[first] }

    /// The records at hand and behind, `count` at most.
    package func ahead(_ count: Int) throws(Failure) -> ArraySlice<Line> {
        lines.removeFirst(first)
        first = 0
        try read(atLeast: count)
        return lines.prefix(count)
    }

    private func fill() throws(Failure) {
        lines.removeAll(keepingCapacity: true)
        first = 0
        try read(atLeast: 1)
    }

    private func read(atLeast count: Int) throws(Failure) {
        while lines.count < count && !isOver {
            guard Interruption.signal == 0 else {
                throw Failure(.incomplete, "interrupted before the end of \(name)")
            }
            let keep: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void = {
                (number, bytes) throws(Failure) in self.keep(number, bytes)
            }
            switch try pieces.next(waitingMilliseconds: 100) {
            case .nothingYet: continue
            case .piece(let piece):
                bytesRead += Int64(piece.count)
                try splitter.take(piece, keep)
            case .end:
                isOver = true
                try splitter.end(keep)
            }
        }
    }

    private func keep(_ number: Int, _ bytes: UnsafeRawBufferPointer) {
        do throws(TimedFault) {
            // A command without an id is called after its line.
            let command =
                topic == .offeringCommands ? Identifier(parsing: "line-\(number)") : nil
            let record = try decoder.decodeTimed(bytes, from: topic, defaultCommand: command)
            if let sentence = record.wrongMoment { return leaveOut(number, sentence) }
            lines.append(Line(record: record, number: number))
        } catch {
            leaveOut(number, error.sentence)
        }
    }

    private func leaveOut(_ number: Int, _ sentence: String) {
        badLines += 1
        Remark.say("\(name), line \(number): \(sentence)")
    }
}

extension TimedRecord {
    /// What is wrong with its time, or with one that it names, for people. A file may be made up,
    /// with times that begin at 0.
    fileprivate var wrongMoment: String? {
        guard let unit = at.likelyUnit(isOfStory: true) else {
            return record.wrongMoment(isOfStory: true)
        }
        return "at \(at): \(unit.sentence(of: at))"
    }
}

extension TimedFault {
    /// What is wrong, for people.
    fileprivate var sentence: String {
        switch self {
        case .record(let malformation): malformation.sentenceOfLine
        case .time(let malformation):
            switch malformation.code {
            case .missingMember:
                "'at' is missing: each line says when it was appended, as RFC 3339 or in "
                    + "milliseconds"
            case .duplicateMember: "'at' is there twice"
            default: malformation.sentenceOfLine
            }
        }
    }
}
