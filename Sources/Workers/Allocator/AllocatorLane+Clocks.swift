import Allocation
import Vocabulary

/// What a lane believes of clocks: its own, the log's, and those that stamped the bids (TheLog.md,
/// Book time).
extension AllocatorLane {
    /// A bid stamped this far ahead of the worker's clock is not decided yet: a broker an hour
    /// ahead would close every sale. An operator's correction must be as close to that clock.
    static var mostAheadMilliseconds: Int64 { 30_000 }

    /// The record of an input that is at hand, with the moment that it counts with.
    func head(of input: Int) -> (offset: Int64, time: Int64)? {
        guard var head = queues[input].head else { return nil }
        if input == 2 {
            head.time = book.time(
                of: Source(
                    topic: .bids, partition: configuration.partition,
                    offset: Offset(rawValue: head.offset), at: Timestamp(rawValue: head.time))
            ).rawValue
        }
        return head
    }

    /// The bids, where the one at hand is stamped so far ahead that it waits, and all behind it.
    /// Nothing else waits for it: the way out is a command.
    mutating func inputHeld(now: Timestamp) -> Int? {
        guard let head = merge.inputs[2].head,
            head.time > now.rawValue + Self.mostAheadMilliseconds
        else {
            isClockBehind = false
            return nil
        }
        if !isClockBehind {
            isClockBehind = true
            notices.append(
                .clockBehind(
                    record: Timestamp(rawValue: head.time), offset: Offset(head.offset),
                    worker: now))
        }
        return 2
    }

    /// Refuses a correction that is not of this moment: it would move the sale's time.
    func judge(_ input: Input, now: Timestamp) -> Input {
        guard case .record(.partitionCommand(let command)) = input,
            case .correctClock(let correction) = command.action,
            !book.hasDecided(command.command),
            abs(correction.at.rawValue - now.rawValue) > Self.mostAheadMilliseconds
        else { return input }
        return .refused(Self.refusal(of: command), offering: nil)
    }

    /// The input behind the last group of the book, as it was judged by the clock then.
    func judgeAgain(_ input: Input, as decision: Decision) -> Input {
        guard case .record(.partitionCommand(let command)) = input,
            case .rejected(let rejection) = decision.event,
            rejection == Self.refusal(of: command)
        else { return input }
        return .refused(rejection, offering: nil)
    }

    private static func refusal(of command: PartitionCommand) -> Rejection {
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

    /// How far the clocks differ of the processes that are at work on the log, as far as the log
    /// knows; for the driver, before each step.
    public mutating func noteClockSpread(_ milliseconds: Int64) {
        guard milliseconds != deadlineClock.spreadMilliseconds else { return }
        let wasTrusted = deadlineClock.isTrusted
        deadlineClock.spreadMilliseconds = milliseconds
        if wasTrusted, !deadlineClock.isTrusted {
            notices.append(.clocksDiffer(milliseconds: milliseconds))
        }
    }
}
