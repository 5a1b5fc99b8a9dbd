import Allocation
import Vocabulary

/// What a lane believes of clocks: its own, the log's, and those that stamped the bids (TheLog.md,
/// Book time).
extension AllocatorLane {
    /// A bid stamped this far ahead of the worker's clock is not decided yet: a broker an hour
    /// ahead would close every sale. An operator's correction must be as close to that clock.
    static var mostAheadMilliseconds: Int64 { 30_000 }

    /// Tells the merge of the record of an input that is at hand, with the moment that it counts
    /// with. What can't be unpacked has no time, and is decided as soon as it may.
    mutating func noteHead(of input: InputTopic) {
        let cursor = queues[input].cursor
        guard !queues[input].isEmpty else {
            merge.inputs[input].head = nil
            return
        }
        let offset = queues[input].batch.offset(cursor).rawValue
        var time = queues[input].batch.appendTime(cursor)
        if input == .bids {
            time = book.time(
                of: Source(
                    topic: .bids, partition: configuration.partition,
                    offset: Offset(rawValue: offset), at: Timestamp(rawValue: time))
            ).rawValue
        }
        merge.inputs[input].head = (offset, time)
    }

    /// The bids, where the one at hand is stamped so far ahead that it waits, and all behind it.
    /// Nothing else waits for it: the way out is a command.
    mutating func inputHeld(now: Timestamp) -> InputTopic? {
        guard let head = merge.inputs[.bids].head,
            head.time > now.rawValue + Self.mostAheadMilliseconds
        else {
            worries.isClockBehind = false
            return nil
        }
        if !worries.isClockBehind {
            worries.isClockBehind = true
            notices.append(
                .clockBehind(
                    record: Timestamp(rawValue: head.time), offset: Offset(head.offset),
                    worker: now))
        }
        return .bids
    }

    /// Refuses a correction that is not of this moment: it would move the sale's time.
    func judge(_ input: Input, now: Timestamp) -> Input {
        guard case .record(.partitionCommand(let command)) = input,
            case .correctClock(let correction) = command.action,
            !book.hasDecided(command.command),
            abs(correction.at.rawValue - now.rawValue) > Self.mostAheadMilliseconds
        else { return input }
        return .rejected(Self.rejection(of: command), offering: nil)
    }

    /// The input behind the last group of the book, as it was judged by the clock then.
    func judgeAgain(_ input: Input, as decision: Decision) -> Input {
        guard case .record(.partitionCommand(let command)) = input,
            case .rejected(let rejection) = decision.event,
            rejection == Self.rejection(of: command)
        else { return input }
        return .rejected(rejection, offering: nil)
    }

    private static func rejection(of command: PartitionCommand) -> Rejection {
        Rejection(.partitionCommand(command), .badTerms, member: .at)
    }

    /// A clock that runs ahead of the log's would end sales too early.
    mutating func compareClocks(_ lastAppendTime: Int64) {
        let wasTrusted = deadlineClock.isTrusted
        deadlineClock.committed(lastAppendTime: lastAppendTime)
        if wasTrusted, !deadlineClock.isTrusted {
            notices.append(.clockAhead(milliseconds: deadlineClock.aheadMilliseconds))
        }
    }
}
