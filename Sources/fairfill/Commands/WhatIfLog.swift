import Allocation
import Analysis
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// `fairfill what-if` of a log: its inputs in the order that its decisions chose, with the payment
/// results that came.
struct WhatIfLog {
    let arguments: Arguments
    let variants: [Variant]
    let connection: LogConnection

    init(_ arguments: Arguments, _ variants: [Variant]) throws(Failure) {
        self.arguments = arguments
        self.variants = variants
        try arguments.refuse(["payments"], without: "bids")
        connection = try arguments.connect()
    }

    func run() throws(Failure) -> ExitCode {
        let output = Output()
        var (isEmpty, undecided) = (true, Int64(0))
        for number in 0..<connection.environment.partitions {
            let partition = Partition(rawValue: number)
            var whatIf = WhatIf(
                variants, paysAtOnce: arguments.has("paid-at-once"),
                keepsBids: arguments.has("each"))
            undecided += try decideAll(partition, &whatIf)
            guard !whatIf.offerings.isEmpty else { continue }
            if !isEmpty, !arguments.isJSON { try output.line("") }
            isEmpty = false
            try WhatIfReport(
                whatIf, isJSON: arguments.isJSON, showsEach: arguments.has("each"),
                onlyDiffering: arguments.has("differing"), isOfLog: true
            ).print(to: output)
        }
        try output.flush()
        if !arguments.isQuiet {
            if isEmpty { Remark.say("nothing is decided in '\(connection.name)' yet") }
            if undecided > 0 {
                Remark.say(
                    undecided == 1
                        ? "1 record is not decided yet and is left out"
                        : "\(undecided) records are not decided yet and are left out")
            }
        }
        return .done
    }

    /// Decides what the decisions of a partition were about; answers how many records behind that
    /// are not decided yet.
    private func decideAll(
        _ partition: Partition, _ whatIf: inout WhatIf
    ) throws(Failure) -> Int64 {
        var inputs: [InputTopic: DecidedInput] = [:]
        for topic in [InputTopic.offeringCommands, .paymentResults, .bids] {
            inputs[topic] = try DecidedInput(connection, topic, partition)
        }
        var decoder = RecordDecoder()
        var stream = DecisionStream(partition: partition)
        try PartitionReplay.read(connection, partition, arguments) {
            (bytes, offset) throws(Failure) in
            let record: DecisionRecord
            do throws(Malformation) {
                record = try decoder.decodeDecision(bytes)
            } catch {
                throw Failure(
                    .invariant,
                    "decisions/\(partition), offset \(offset) can't be read: \(error.sentence)")
            }
            let step: DecisionStream.Step
            do throws(DecisionStreamDamage) {
                step = try stream.follow(record)
            } catch {
                throw Failure(
                    .invariant, "at decisions/\(partition), offset \(offset), \(error.sentence)")
            }
            guard case .decision(let decision) = step, decision.n == 0 else { return }
            try decide(decision, inputs[decision.source.topic], &whatIf)
        }
        return inputs.values.reduce(0) { $0 + $1.undecided }
    }

    private func decide(
        _ decision: Decision, _ input: DecidedInput?, _ whatIf: inout WhatIf
    ) throws(Failure) {
        let source = decision.source
        guard let input else {
            return try holding { () throws(InvariantViolation) in
                try whatIf.pass(time: source.at)
            }
        }
        // Under all terms alike, these never came to the rules.
        if case .rejected(let rejection) = decision.event,
            [.malformed, .wrongEnvironment, .misrouted].contains(rejection.reason)
        {
            return
        }
        // Nor does what was refused of a whole partition, by the clock of then, act now.
        switch decision.event {
        case .rejected where decision.offering == nil, .repeated where decision.offering == nil:
            return
        default: break
        }
        let record = try input.record(at: source.offset)
        try holding { () throws(InvariantViolation) in
            try whatIf.decide(
                record, from: source.topic, offset: source.offset.rawValue, at: source.at)
        }
    }

    private func holding(_ body: () throws(InvariantViolation) -> Void) throws(Failure) {
        do throws(InvariantViolation) {
            try body()
        } catch {
            throw Failure(.invariant, "the book contradicts itself: \(error)")
        }
    }
}

/// The records of one input that decisions are about, which follow each other in its own order.
private final class DecidedInput {
    private let topic: InputTopic
    private let partition: TopicPartition
    private let reader: any LogReader
    private let end: LogOffset
    private var batch = RecordBatch()
    private var decoder = RecordDecoder()
    private var index = 0
    private var next: LogOffset

    init(_ connection: LogConnection, _ input: InputTopic, _ number: Partition) throws(Failure) {
        topic = input
        partition = connection.partition(Self.topic(input), number)
        let partition = partition
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [partition], .committed)[0]
        }
        (end, next) = (bounds.end, bounds.start)
        reader = try logged { () throws(LogError) in
            try connection.log.openReader([ReadStart(partition, from: bounds.start)])
        }
    }

    deinit { reader.close() }

    private static func topic(_ input: InputTopic) -> Topic {
        switch input {
        case .offeringCommands: .offeringCommands
        case .paymentResults: .paymentResults
        case .bids, .clock: .bids
        }
    }

    /// Records behind the last one that was asked for; without transactions' marks.
    var undecided: Int64 { max(0, end.rawValue - next.rawValue) }

    /// The record at an offset that is above those asked for before.
    func record(at offset: Offset) throws(Failure) -> InputRecord {
        let wanted = LogOffset(rawValue: offset.rawValue)
        while true {
            while index < batch.count, batch.offset(index) < wanted { index += 1 }
            if index < batch.count { break }
            guard Interruption.signal == 0 else {
                throw Failure(.incomplete, "interrupted before the end of \(partition)")
            }
            guard reader.position(0) <= wanted, reader.position(0) < end else { throw gone(offset) }
            try fill()
        }
        guard batch.offset(index) == wanted else { throw gone(offset) }
        next = LogOffset(rawValue: wanted.rawValue + 1)
        do throws(Malformation) {
            return try decoder.decode(batch.value(index), from: topic)
        } catch {
            throw Failure(
                .invariant,
                "\(partition), offset \(offset) was decided as a record that can be read, and "
                    + "can't be: \(error.sentence)")
        }
    }

    private func fill() throws(Failure) {
        batch.removeAll()
        index = 0
        do throws(LogError) {
            try reader.read(0, into: &batch, limit: 2_000)
            if batch.isEmpty { try reader.wait(timeoutMilliseconds: 100) }
        } catch {
            throw Failure(error)
        }
    }

    private func gone(_ offset: Offset) -> Failure {
        Failure(
            .incomplete,
            "\(partition), offset \(offset) was decided and is no longer kept: what-if of files "
                + "(--bids, --offerings) does without the log")
    }
}
