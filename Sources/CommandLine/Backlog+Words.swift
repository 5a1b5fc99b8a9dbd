import FairfillClient
import Foundation
import Messages
import Vocabulary

extension Backlog {
    /// What waits, for people: a sentence for each worker that has not come to it, and what to look
    /// at. None where nothing waits.
    package func sentences(now: Timestamp) -> [Remark] {
        var undecided = Waiting(), untaken = Waiting()
        var unpaid = 0
        var partitions: [Partition] = [], takers: [Partition] = []
        for lane in lanes {
            var here = Waiting()
            for waiting in lane.undecided { here += waiting }
            if here.count > 0 { partitions.append(lane.partition) }
            undecided += here
            if lane.untaken.count > 0 { takers.append(lane.partition) }
            untaken += lane.untaken
            unpaid += lane.unpaid ?? 0
        }
        var found: [Remark] = []
        if undecided.count > 0 {
            found.append(
                undecided.remark(
                    .undecided, "record", "undecided", partitions, "fairfill allocate", now))
        }
        if untaken.count > 0 {
            found.append(
                untaken.remark(
                    .untaken, "payment command", "for a payer", takers, "fairfill pay", now))
        }
        if unpaid > 0 {
            found.append(
                Remark(
                    .unpaid,
                    "\(unpaid) payment command\(unpaid == 1 ? "" : "s") taken up by a payer "
                        + "\(unpaid == 1 ? "has" : "have") no final answer yet; fairfill payments "
                        + "list --state open"
                ).with("count", unpaid))
        }
        return found
    }

    /// What waits in a partition of a topic, and the word for it; nil where nothing could.
    package func waiting(in topic: Topic, _ partition: Int) -> (name: String, waiting: Waiting)? {
        let lane = lanes[min(partition, lanes.count - 1)]
        return switch topic {
        case .offeringCommands: ("undecided", lane.undecided[0])
        case .paymentResults: ("undecided", lane.undecided[1])
        case .bids: ("undecided", lane.undecided[2])
        case .paymentCommands: ("untaken", lane.untaken)
        case .paymentJournal: lane.unpaid.map { ("unpaid", Waiting(count: Int64($0))) }
        default: nil
        }
    }

    /// What waits now, for lists; nil, and a word, where the user may not look at all topics of it.
    package static func ifPermitted(
        _ connection: LogConnection, taken: [Taken]? = nil, _ arguments: Arguments
    ) throws(Failure) -> Backlog? {
        do throws(Failure) {
            return try Backlog(connection, taken: taken)
        } catch {
            guard error.code == .notPermitted else { throw error }
            if !arguments.isQuiet { Remark.say("what waits is not counted: \(error.message)") }
            return nil
        }
    }

    /// Says it on standard error.
    package func say(_ arguments: Arguments) {
        guard !arguments.isQuiet else { return }
        for remark in sentences(now: .now) { remark.say() }
    }
}

extension Backlog.Waiting {
    /// In a list of topics, for people; nil where nothing waits.
    package func words(_ what: String, now: Timestamp) -> String? {
        guard count > 0 else { return nil }
        return "\(isAtMost ? "up to " : "")\(count) \(what)"
            + (since.map { ", the oldest for \(Self.age($0, now))" } ?? "")
    }

    fileprivate func remark(
        _ event: Remark.Event, _ noun: String, _ how: String, _ partitions: [Partition],
        _ worker: String, _ now: Timestamp
    ) -> Remark {
        let numbers = partitions.map { "\($0)" }.joined(separator: ", ")
        let age = since.map { now.rawValue - $0.rawValue } ?? 0
        let what = count == 1 ? "1 \(noun) waits" : "\(count) \(noun)s wait"
        return Remark(
            event,
            "\(isAtMost ? "up to " : "")\(what) \(how) in partition"
                + "\(partitions.count == 1 ? "" : "s") \(numbers)"
                + (since.map { ", the oldest for \(Self.age($0, now))" } ?? "")
                + (age > 10_000 ? ": is a worker running? (\(worker))" : "")
        ).with("count", count).with("since", since?.rawValue ?? 0).with("partitions", partitions)
    }

    /// How long ago a moment was, roughly.
    private static func age(_ since: Timestamp, _ now: Timestamp) -> String {
        let seconds = max(0, now.rawValue - since.rawValue) / 1_000
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
