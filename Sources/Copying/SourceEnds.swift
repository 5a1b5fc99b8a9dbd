import EventLog
import Glibc

/// Up to where a source is copied.
///
/// The copy is to be a state that the source once had: a decision without the bid that it answers,
/// or without its payment command, would make a worker on the copy refuse to start, or write twice.
/// So the ends of all partitions that are written in transactions must be of one moment, with no
/// transaction half visible; those of the others are asked for after that, since what a transaction
/// answers was there before it.
package struct SourceEnds: Sendable {
    package var bounds: [TopicPartition: Bounds]
    /// False where workers kept writing, and the log can't answer for all partitions at once.
    package var areOfOneMoment: Bool

    /// - Parameters:
    ///   - transactional: partitions that workers write in transactions.
    ///   - others: those that front ends and operators append to.
    ///   - milliseconds: how long to wait for a moment in which nothing is under way.
    package static func ask(
        _ log: any EventLog, transactional: [TopicPartition], others: [TopicPartition],
        milliseconds: Int, _ watch: CopyWatch
    ) throws(CopyFailure) -> SourceEnds {
        func bounds(
            _ partitions: [TopicPartition], _ end: EndKind
        ) throws(CopyFailure) -> [Bounds] {
            try logged { () throws(LogError) in try log.bounds(of: partitions, end) }
        }
        func answer(_ found: [Bounds], _ rest: [Bounds], _ isSure: Bool) -> SourceEnds {
            let all = zip(transactional + others, found + rest)
            return SourceEnds(
                bounds: Dictionary(all.map { ($0, $1) }) { $1 }, areOfOneMoment: isSure)
        }
        if log.boundsAreOfOneMoment {
            let all = try bounds(transactional + others, .committed)
            let count = transactional.count
            return answer(Array(all[..<count]), Array(all[count...]), true)
        }
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            // Nothing was written between the first answers and the last ones, and nothing is
            // open: so the answers between are of one moment.
            let first = try bounds(transactional, .committed).map(\.end)
            let written = try bounds(transactional, .written).map(\.end)
            let found = try bounds(transactional, .committed)
            let isStill = found.map(\.end) == first && written == first
            guard isStill || ContinuousClock.now >= end else {
                if watch.mustEnd() { throw .interrupted }
                usleep(50_000)
                continue
            }
            return answer(found, try bounds(others, .committed), isStill)
        }
    }
}
