import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// What the decisions say, as a front end would follow them: one reader of `decisions`.
final class Book {
    /// What was decided about one record of `bids`.
    struct Answer {
        /// Groups of decisions about it: 1, or something is wrong.
        var count = 0
        var bid: Identifier?
        var type: DecisionType?
        var reason: Reason?

        /// The decision's type, or the reason of a refusal.
        var name: String {
            guard count > 0 else { return "undecided" }
            return reason?.rawValue ?? type?.rawValue ?? "undecided"
        }

        /// Whether it is about this request.
        func answers(_ content: Crowd.Content) -> Bool {
            switch content {
            case .bid(let asked, _): bid == asked.bid
            case .garbage: reason == .malformed
            }
        }
    }

    private(set) var decisions = 0
    private(set) var counters = Counters(free: 0, reserved: 0, settled: 0)
    /// By the offset of the record in `bids`.
    private(set) var answers: [Answer] = []
    /// Records of `bids` decided so far.
    private(set) var decided = 0
    /// Shares that wait in line.
    private(set) var waiting: Int64 = 0
    /// What they hold, and the most that they ever held.
    private(set) var sharesOfBot: Int64 = 0
    private(set) var sharesOfImpatient: Int64 = 0
    private(set) var mostOfBot: Int64 = 0
    private(set) var mostOfImpatient: Int64 = 0
    /// Whether there was a moment without a free share, and whether all are paid.
    private(set) var wasFullyReserved = false
    private(set) var isFilled = false
    /// Shares paid for, by account.
    private(set) var settled: [Identifier: Int64] = [:]
    /// Payments that came to nothing, the shares that went to the next in line with them, and
    /// payments that nobody was sure about for a while.
    private(set) var failedPayments = 0
    private(set) var promotedShares: Int64 = 0
    private(set) var doubts = 0
    /// Decisions made by that writer.
    private(set) var decisionsOfEpoch = 0

    /// The writer that took over last.
    var epoch: Epoch { stream.epoch }

    private let reader: any LogReader
    private var batch = RecordBatch()
    private var decoder = RecordDecoder()
    private var stream: DecisionStream

    init(_ log: any EventLog, _ decisionsTopic: TopicPartition) throws(LogError) {
        stream = DecisionStream(partition: Partition(Int(decisionsTopic.partition)))
        reader = try log.openReader([ReadStart(decisionsTopic, from: 0)])
    }

    func close() { reader.close() }

    /// Takes in what was decided meanwhile; waits so long for something to come.
    func follow(timeoutMilliseconds: Int) throws {
        try reader.wait(timeoutMilliseconds: timeoutMilliseconds)
        repeat {
            batch.removeAll()
            try reader.read(0, into: &batch, limit: 4_096)
            for index in 0..<batch.count {
                let record: DecisionRecord
                do throws(Malformation) {
                    record = try decoder.decodeDecision(batch.value(index))
                } catch {
                    throw DemoFailure("decision \(batch.offset(index)) can't be read: \(error)")
                }
                do throws(DecisionStreamDamage) {
                    apply(try stream.follow(record))
                } catch {
                    throw DemoFailure("at offset \(batch.offset(index)), \(error.sentence)")
                }
            }
        } while !batch.isEmpty
    }

    private func apply(_ step: DecisionStream.Step) {
        switch step {
        case .epochStarted:
            decisionsOfEpoch = 0
        case .stale:
            break
        case .decision(let decision):
            decisionsOfEpoch += 1
            apply(decision)
        }
    }

    private func apply(_ decision: Decision) {
        decisions += 1
        if let after = decision.counters { counters = after }
        var answer = Answer(type: decision.event.type)
        switch decision.event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            answer.bid = placement.bid
            waiting += placement.waiting.rawValue
            give(placement.shares, to: placement.account)
        case .repeated(.bid(let bid, _, _, _, _, _)):
            answer.bid = bid
        case .rejected(let rejection):
            answer.reason = rejection.reason
            if case .bid(let bid, _, _, _) = rejection.subject { answer.bid = bid }
        case .bid(.promoted(let promotion)):
            waiting -= promotion.shares.rawValue
            promotedShares += promotion.shares.rawValue
            give(promotion.shares, to: promotion.account)
        case .bid(.settled(let part)):
            settled[part.account, default: 0] += part.shares.rawValue
        case .bid(.released(let part, _)):
            failedPayments += 1
            give(Shares(-part.shares.rawValue), to: part.account)
        case .bid(.inDoubt):
            doubts += 1
        case .offering(.fullyReserved):
            wasFullyReserved = true
        case .offering(.filled):
            isFilled = true
        case .bid(.cancelled(let part)), .bid(.expired(let part)):
            waiting -= part.shares.rawValue
        default:
            break
        }
        if decision.source.topic == .bids, decision.n == 0 {
            keep(answer, at: Int(decision.source.offset.rawValue))
        }
    }

    private func give(_ shares: Shares, to account: Identifier) {
        if account == Crowd.bot {
            sharesOfBot += shares.rawValue
            mostOfBot = max(mostOfBot, sharesOfBot)
        }
        if account == Crowd.impatient {
            sharesOfImpatient += shares.rawValue
            mostOfImpatient = max(mostOfImpatient, sharesOfImpatient)
        }
    }

    /// The first decision of a group says what became of the record.
    private func keep(_ answer: Answer, at offset: Int) {
        while answers.count <= offset { answers.append(Answer()) }
        var answer = answer
        answer.count = answers[offset].count + 1
        if answer.count == 1 { decided += 1 }
        answers[offset] = answer
    }
}
