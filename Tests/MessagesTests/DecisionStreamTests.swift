import Messages
import Testing
import Vocabulary

/// Which records of `decisions` count (TheLog.md, A decision).
@Suite struct DecisionStreamTests {
    /// A record of partition 3, unless it says another one.
    private enum Record {
        case starts(epoch: Int64, after: Int64, partition: Int64 = 3)
        case decision(Int64, epoch: Int64, partition: Int64 = 3)

        var record: DecisionRecord {
            let hash = HashText(String(repeating: "0", count: HashText.count))!
            switch self {
            case .starts(let epoch, let after, let partition):
                return DecisionRecord(
                    content: .epochStarted(
                        sequence: DecisionNumber(rawValue: after),
                        partition: Partition(rawValue: partition)),
                    epoch: Epoch(rawValue: epoch), hash: hash, hashedCount: 0)
            case .decision(let sequence, let epoch, let partition):
                return DecisionRecord(
                    content: .decision(
                        Decision(
                            sequence: DecisionNumber(rawValue: sequence), offering: nil,
                            event: .rejected(Rejection(.batch(last: 1), .malformed)),
                            counters: nil,
                            source: Source(
                                topic: .bids, partition: Partition(rawValue: partition),
                                offset: 0, at: 0),
                            n: 0)),
                    epoch: Epoch(rawValue: epoch), hash: hash, hashedCount: 0)
            }
        }
    }

    /// What became of each record: `epoch`, `stale`, the number of a decision that counts, or
    /// behind `damage:` words of the sentence.
    private static let histories: [(String, [(Record, String)])] = [
        (
            "two writers, one after the other",
            [
                (.starts(epoch: 1, after: 0), "epoch"), (.decision(1, epoch: 1), "1"),
                (.decision(2, epoch: 1), "2"), (.starts(epoch: 2, after: 2), "epoch"),
                (.decision(3, epoch: 2), "3"),
            ]
        ),
        (
            "what an older writer slipped in, whatever its number",
            [
                (.starts(epoch: 1, after: 0), "epoch"), (.decision(1, epoch: 1), "1"),
                (.starts(epoch: 2, after: 1), "epoch"), (.decision(2, epoch: 1), "stale"),
                (.decision(2, epoch: 2), "2"), (.decision(2, epoch: 1), "stale"),
                (.decision(9, epoch: 1, partition: 4), "stale"), (.decision(3, epoch: 2), "3"),
            ]
        ),
        (
            "no epoch began",
            [(.decision(1, epoch: 1), "damage: decision 1 is of epoch 1 and partition 3")]
        ),
        (
            "an epoch is missing",
            [
                (.starts(epoch: 1, after: 0), "epoch"),
                (.starts(epoch: 3, after: 0), "damage: epoch 3 of partition 3 starts after"),
                // Nothing of it was taken up.
                (.starts(epoch: 2, after: 0), "epoch"),
            ]
        ),
        (
            "the first epoch is not the first",
            [(.starts(epoch: 2, after: 0), "damage: where epoch 0 of partition 3 stands")]
        ),
        (
            "an epoch begins twice",
            [
                (.starts(epoch: 1, after: 0), "epoch"),
                (.starts(epoch: 1, after: 0), "damage: epoch 1 of partition 3 starts"),
            ]
        ),
        (
            "the smallest epoch there is",
            [(.starts(epoch: .min + 1, after: 0), "damage: the book is damaged")]
        ),
        (
            "an epoch begins behind a decision that is not the last",
            [
                (.starts(epoch: 1, after: 0), "epoch"), (.decision(1, epoch: 1), "1"),
                (.starts(epoch: 2, after: 2), "damage: after decision 2"),
                (.starts(epoch: 2, after: 0), "damage: stands at decision 1"),
            ]
        ),
        (
            "an epoch of another partition",
            [(.starts(epoch: 1, after: 0, partition: 4), "damage: epoch 1 of partition 4")]
        ),
        (
            "the beginning of an epoch is missing",
            [
                (.starts(epoch: 1, after: 0), "epoch"), (.decision(1, epoch: 1), "1"),
                (.decision(2, epoch: 2), "damage: decision 2 is of epoch 2"),
            ]
        ),
        (
            "decisions are missing, double, or of another partition",
            [
                (.starts(epoch: 1, after: 0), "epoch"), (.decision(1, epoch: 1), "1"),
                (.decision(3, epoch: 1), "damage: decision 3 follows decision 1"),
                (.decision(1, epoch: 1), "damage: missing or double"),
                (.decision(2, epoch: 1, partition: 4), "damage: partition 4"),
                (.decision(2, epoch: 1), "2"),
            ]
        ),
    ]

    /// A reader that joins where an older writer slipped a decision in goes on with the true one;
    /// once it saw a writer begin, nothing is taken on trust.
    @Test func joiningAtAStaleDecisionIsNoDamage() throws {
        let first = Record.decision(7, epoch: 1).record
        var stream = DecisionStream(partition: 3, joiningAt: first)
        let records: [Record] = [
            .decision(7, epoch: 1), .decision(5, epoch: 2), .decision(8, epoch: 1),
            .decision(6, epoch: 2), .starts(epoch: 3, after: 6), .decision(7, epoch: 3),
        ]
        let told = try records.map { record in
            switch try stream.follow(record.record) {
            case .epochStarted: "epoch"
            case .stale: "stale"
            case .decision(let decision): "\(decision.sequence)"
            }
        }
        #expect(told == ["7", "5", "stale", "6", "epoch", "7"])
        #expect(throws: DecisionStreamDamage.self) {
            try stream.follow(Record.decision(8, epoch: 4).record)
        }
        #expect(throws: DecisionStreamDamage.self) {
            try stream.follow(Record.decision(9, epoch: 3).record)
        }
    }

    @Test(arguments: histories.indices)
    func eachRecordIsJudgedByThoseBefore(_ index: Int) throws {
        let (name, records) = Self.histories[index]
        var stream = DecisionStream(partition: 3)
        for (number, (record, expected)) in records.enumerated() {
            let (epoch, sequence) = (stream.epoch, stream.sequence)
            let comment: Comment = "\(name): \(number)"
            do throws(DecisionStreamDamage) {
                switch try stream.follow(record.record) {
                case .epochStarted: #expect(expected == "epoch", comment)
                case .stale: #expect(expected == "stale", comment)
                case .decision(let decision):
                    #expect(expected == "\(decision.sequence)", comment)
                    #expect(stream.sequence == decision.sequence, comment)
                }
            } catch {
                let words = try #require(
                    expected.split(separator: "damage: ").first, comment)
                #expect(expected.hasPrefix("damage: "), "\(comment): \(error.sentence)")
                #expect(error.sentence.contains(words), "\(comment): \(error.sentence)")
                #expect(stream.epoch == epoch && stream.sequence == sequence, comment)
            }
        }
    }
}
