import Messages
import Vocabulary

/// The audit of money: journals, commands, answers and decisions held against each other, and
/// against what a bank says if that is given. It knows records alone, and shares no rule with the
/// payer or the allocator.
///
/// It is given the records of all partitions, one topic after the other: payment-journal, then
/// payment-commands, payment-results, decisions, and the bank's movements.
package final class MoneyAudit {
    /// Of more payments than these (some 800 MB) not all can be held against each other.
    package static let mostPayments = 2_000_000

    /// A partition of one of the topics.
    struct Place {
        /// Whether all its records are there and were read.
        var isWhole = false
        /// The first offset.
        var start: Offset = 0
        var records: Int64 = 0
        var lastOffset: Offset = 0
        /// Of a journal: its last number, its payer, and up to which offset its commands are
        /// those of a topic that is gone.
        var number: Int64 = 0
        var epoch: Epoch = 0
        var restartedAt: Int64 = -1
        /// Of decisions: the last answer that was decided.
        var lastDecided: Int64 = -1
    }

    /// The partitions of each topic that is looked at.
    struct Places {
        var journals: [Place]
        var commands: [Place]
        var results: [Place]
        var decisions: [Place]

        init(partitionCount: Int) {
            journals = Array(repeating: Place(), count: partitionCount)
            commands = journals
            results = journals
            decisions = journals
        }

        subscript(topic: Topic) -> [Place] {
            get {
                switch topic {
                case .paymentJournal: journals
                case .paymentCommands: commands
                case .paymentResults: results
                case .decisions: decisions
                default: preconditionFailure("not a topic of this audit")
                }
            }
            _modify {
                switch topic {
                case .paymentJournal: yield &journals
                case .paymentCommands: yield &commands
                case .paymentResults: yield &results
                case .decisions: yield &decisions
                default: preconditionFailure("not a topic of this audit")
                }
            }
        }
    }

    let environment: String
    let partitionCount: Int64
    private let mostPayments: Int
    private let mostFindings: Int
    var decoder = RecordDecoder()
    var table = MoneyTable()
    var report = MoneyReport()
    var places: Places
    var isTooLarge = false
    /// The channels, by their hashes, in the order of their first use.
    var channels: [UInt64] = []
    /// Prices, by the hash of the offering.
    var prices: [UInt64: MinorUnits] = [:]
    /// Answers that were refused, or came again: their money was for nothing.
    var refused: Set<UInt64> = []
    /// Records that could not be held against a journal that is not whole.
    var unheld: Int64 = 0

    /// - Parameters:
    ///   - environment: its name, for sentences.
    ///   - partitionCount: the environment's.
    package init(
        environment: String, partitionCount: Int64, mostPayments: Int = MoneyAudit.mostPayments,
        keeps mostFindings: Int = 1_000
    ) {
        self.environment = environment
        self.partitionCount = partitionCount
        self.mostPayments = mostPayments
        self.mostFindings = mostFindings
        places = Places(partitionCount: Int(partitionCount))
    }

    /// There is no such topic: nothing can be held against it.
    package func miss(_ topic: Topic) {
        report.notLookedAt.append(
            "\(topic.fullName(environment: environment)): there is no such topic, so it was "
                + "deleted")
    }

    /// A partition of one of the topics is going to be read; one that is never begun is missing.
    ///
    /// - Parameter start: its first offset.
    package func begin(_ topic: Topic, _ partition: Partition, from start: Offset) {
        places[topic][Int(partition.rawValue)] = Place(isWhole: start == 0, start: start)
        guard start > 0 else { return }
        report.notLookedAt.append(
            "\(words(topic, partition)) before offset \(start): its beginning is gone")
    }

    /// Looks at the next record.
    ///
    /// - Parameter isOld: of payment-results, whether it was committed before the end of the
    ///   journals was asked for.
    package func examine(
        _ topic: Topic, _ partition: Partition, _ offset: Offset, isOld: Bool = true,
        value: UnsafeRawBufferPointer?
    ) {
        let index = Int(partition.rawValue)
        places[topic][index].records += 1
        places[topic][index].lastOffset = offset
        do throws(Malformation) {
            switch topic {
            case .paymentJournal:
                follow(try decoder.decodeJournal(value), partition, offset)
            case .paymentCommands:
                guard case .payment(let command) = try decoder.decodePaymentOrder(value) else {
                    return
                }
                compare(command, partition, offset)
            case .paymentResults:
                compare(try decoder.decodePaymentResult(value), partition, offset, isOld)
            case .decisions: follow(try decoder.decodeDecision(value), partition, offset)
            default: preconditionFailure("not a topic of this audit")
            }
        } catch {
            examine(
                unreadable: offset, topic, partition,
                "the record can't be read: \(error.code.rawValue) at byte \(error.position)")
        }
    }

    /// Takes note that nobody can unpack what stands there.
    package func examine(
        unreadable offset: Offset, _ topic: Topic, _ partition: Partition, _ sentence: String
    ) {
        places[topic][Int(partition.rawValue)].isWhole = false
        add(.unreadable, .record(topic, partition, offset), nil, sentence)
    }

    /// All records of a partition that there are were looked at.
    ///
    /// - Parameters:
    ///   - isWhole: whether all were read that should be there.
    ///   - mark: of a journal, how far it must go.
    package func end(_ topic: Topic, _ partition: Partition, isWhole: Bool, mark: Int64 = 0) {
        let index = Int(partition.rawValue)
        if !isWhole {
            places[topic][index].isWhole = false
            report.notLookedAt.append("the end of \(words(topic, partition))")
        }
        let place = places[topic][index]
        guard topic == .paymentJournal, isWhole, place.number < mark else { return }
        places[topic][index].isWhole = false
        guard place.records > 0 else {
            return report.notLookedAt.append(
                "\(words(topic, partition)): all of it is gone, and payment-marks says that there "
                    + "were \(mark) entries")
        }
        add(
            .lostTail, .record(topic, partition, place.lastOffset), nil,
            "it ends with entry \(place.number), and payment-marks says that there were \(mark)")
    }

    // MARK: What the parts have in common

    /// The full name of a partition.
    func words(_ topic: Topic, _ partition: Partition) -> String {
        "\(topic.fullName(environment: environment))[\(partition)]"
    }

    /// A record, for sentences.
    func words(_ topic: Topic, _ partition: Int32, _ offset: Int64) -> String {
        "\(words(topic, Partition(rawValue: Int64(partition)))), offset \(offset)"
    }

    /// Whether all of a partition's records are there.
    func isWhole(_ topic: Topic, _ partition: Int32) -> Bool {
        (0..<Int32(partitionCount)).contains(partition) && places[topic][Int(partition)].isWhole
    }

    /// Whether the journal of an account's payments is there to be asked. One that is empty may
    /// as well be lost.
    func isKnown(_ account: Identifier) -> Bool {
        let home = Int32(Partitioner.partition(of: account, count: partitionCount).rawValue)
        return !isTooLarge && isWhole(.paymentJournal, home)
            && places.journals[Int(home)].records > 0
    }

    /// Whether there is room for one more payment.
    var hasRoom: Bool {
        if table.payments.count < mostPayments { return true }
        isTooLarge = true
        return false
    }

    func add(
        _ code: MoneyFinding.Code, _ location: MoneyFinding.Location, _ command: String?,
        _ sentence: @autoclosure () -> String
    ) {
        report.totalFindings += 1
        guard report.findings.count < mostFindings else { return }
        report.findings.append(
            MoneyFinding(
                code: code, location: location, command: command, sentence: sentence()))
    }
}
