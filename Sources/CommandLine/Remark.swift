import FairfillClient
import Foundation
import Synchronization
import Vocabulary
import Workers

/// What a command says on standard error: an event by a name that stays, with members, for
/// programs; and a sentence for people.
package struct Remark {
    /// What happened. The names stand in `--log-format json` and never change.
    package enum Event: String, CaseIterable {
        // Of a process.
        case started, assigned, revoked, lost, notPaying, listening, ended, failed, message
        /// So many remarks could not be written, since nobody read them.
        case dropped
        /// librdkafka's own words, with its property `debug`.
        case client
        // Of a lane.
        case reading, live, decided, settled, sourceGone
        case standsStill, takenOver, atWorkAgain, overMemory, memoryIsHigh, unreadable
        case retrying, readingAgain, commitPending, clockBehind, clockAhead, clocksDiffer
        // Of topics.
        case heldUp, movesOn, partitionsAdded
        // Of payments.
        case undecided, untaken, unpaid
        case commandUnreadable, commandMisplaced, commandOfOtherEnvironment
        case rebuilt, notSent, cannotAsk, inDoubt, attention
    }

    package let event: Event
    package let text: String
    private var post: LanePost?
    private var members = JSONLine()

    package init(_ event: Event, _ text: String) {
        self.event = event
        self.text = text
    }

    /// Of a lane.
    package func of(_ post: LanePost) -> Remark {
        var remark = self
        remark.post = post
        return remark
    }

    /// The same remark with one more number for programs.
    package func with(_ name: String, _ value: some BinaryInteger) -> Remark {
        var remark = self
        remark.members.add(name, value)
        return remark
    }

    /// The same remark with one more text for programs; nil adds nothing.
    package func with(_ name: String, _ value: String?) -> Remark {
        guard let value else { return self }
        var remark = self
        remark.members.add(name, value)
        return remark
    }

    /// A list of partitions.
    package func with(_ name: String, _ partitions: [Partition]) -> Remark {
        var remark = self
        let numbers = partitions.sorted().map { "\($0)" }.joined(separator: ",")
        remark.members.add(name, json: "[\(numbers)]")
        return remark
    }

    /// Writes it to standard error.
    package func say() { StandardError.write(line) }

    /// A remark without members.
    package static func say(_ text: String, _ event: Event = .message) { Remark(event, text).say() }

    /// As it is written, with its end.
    package var line: String {
        switch StandardError.format {
        case .text: Layout.remark(text, "fairfill: \(post.map { "\($0.words): " } ?? "")") + "\n"
        case .json: json + "\n"
        }
    }

    private var json: String {
        var line = JSONLine()
        line.add("event", event.rawValue)
        let date = Date(timeIntervalSince1970: Double(Timestamp.now.rawValue) / 1_000)
        line.add("time", date.ISO8601Format(.init(includingFractionalSeconds: true)))
        if let post {
            line.add("worker", post.role.rawValue)
            line.add("partition", post.partition.rawValue)
        }
        line.add(members)
        line.add("text", text)
        return line.line
    }
}

extension LanePost {
    /// How a line for people begins.
    package var words: String { "partition \(partition)" }
}

/// How remarks are written.
package enum LogFormat: String, CaseIterable {
    case text, json

    package static let option = Option(
        "log-format", "WORD",
        "remarks as text, or as json: one object per line with event, time, ... (default text)",
        words: allCases.map(\.rawValue))

    package init(_ arguments: Arguments) { self = arguments.choice("log-format") ?? .text }
}
