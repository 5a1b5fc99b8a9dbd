import CommandLine
import EventLog
import FairfillClient
import Messages
import Statements
import Vocabulary

/// What the decisions say of the parts that collections pay for: the last word about each.
struct DecidedParts {
    private(set) var parts: [PaymentID: ReconciledPayment.Decided] = [:]

    /// Reads the decisions of all partitions to the end that they have now.
    init(_ place: LogConnection, quiet: Bool) throws(Failure) {
        for partition in 0..<place.environment.partitions {
            try read(place, Partition(rawValue: partition), quiet)
        }
    }

    private mutating func read(
        _ place: LogConnection, _ partition: Partition, _ quiet: Bool
    ) throws(Failure) {
        let decisions = place.partition(.decisions, partition)
        let bounds = try logged { () throws(LogError) in
            try place.log.bounds(of: [decisions], .committed)[0]
        }
        let progress = ProgressLine("reading \(decisions)", quiet: quiet)
        defer { progress.end() }
        var decoder = RecordDecoder()
        var stream: DecisionStream?
        var parts = parts
        var follow = try Follow(place.log, [ReadStart(decisions, from: bounds.start)])
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            let offset = batch.offset(index)
            progress.update(offset.rawValue, of: bounds.end.rawValue)
            let record: DecisionRecord
            do throws(Malformation) {
                record = try decoder.decodeDecision(batch.value(index))
            } catch {
                throw Failure(
                    .incomplete, "\(decisions)/\(offset) can't be read: \(error.sentence)")
            }
            // Old decisions may be gone by retention.
            var known = stream ?? DecisionStream(partition: partition, joiningAt: record)
            guard let step = try? known.follow(record) else {
                throw Failure(
                    .incomplete,
                    "\(decisions)/\(offset) does not follow the decision before it; fairfill "
                        + "verify says what is damaged")
            }
            stream = known
            if case .decision(let decision) = step { Self.take(decision, &parts) }
        }
        guard isWhole else { throw Failure(.tryAgain, "interrupted before the decisions' end") }
        self.parts = parts
    }

    private static func take(
        _ decision: Decision, _ parts: inout [PaymentID: ReconciledPayment.Decided]
    ) {
        guard let offering = decision.offering, case .bid(let event) = decision.event else {
            return
        }
        switch event {
        case .settled(let part), .settledLate(let part):
            parts[PaymentID(offering: offering, bid: part.bid, number: part.number)] = .settled
        case .released(let part, _):
            parts[PaymentID(offering: offering, bid: part.bid, number: part.number)] = .released
        case .reserved, .waitlisted, .promoted, .inDoubt, .cancelRequested, .cancelled, .expired:
            break
        }
    }
}
