import EventLog

/// What a writer does that is going to be killed or fenced: it follows from the round alone, so
/// whoever looks at the log afterwards knows what each transaction must hold.
///
/// By turns it commits a transaction over two topics, aborts one, and appends a few records
/// outside of transactions.
package struct EndlessWork: Sendable {
    let prefix: String
    let round: Int

    /// - Parameter prefix: names the topics and the transactional id.
    package init(prefix: String, round: Int) {
        self.prefix = prefix
        self.round = round
    }

    /// Where the transactions go.
    var partitions: [TopicPartition] {
        [
            TopicPartition("\(prefix)-first", 0), TopicPartition("\(prefix)-first", 1),
            TopicPartition("\(prefix)-second", 0),
        ]
    }

    /// Where the records outside of transactions go.
    var outside: TopicPartition { TopicPartition("\(prefix)-outside", 0) }

    var transactionalID: String { "\(prefix)-writer" }

    static func isAborted(_ number: Int) -> Bool { number % 5 == 3 }

    /// Mostly few, now and then many, so that kills fall into the writing, too.
    static func recordCount(_ number: Int) -> Int {
        number % 10 == 9 ? 600 : 3 + number * 7 % 40
    }

    /// What transaction `number` holds in one of `partitions`.
    func values(_ number: Int, in index: Int) -> [String] {
        stride(from: index, to: Self.recordCount(number), by: partitions.count).map {
            "\(round) \(number) \($0)"
        }
    }

    static let outsideCount = 3

    /// What is appended outside, after transaction `number`.
    func outsideValues(_ number: Int) -> [String] {
        (0..<Self.outsideCount).map { "\(round) \(number) \($0)" }
    }

    /// Works until something fails. What it says comes after what was acknowledged, but for
    /// `begun`, which comes before the first record of a transaction.
    package func run(on log: any EventLog, say: (String) -> Void) throws {
        let writer = try log.openWriter(transactionalIDs: [transactionalID])
        let appender = try log.openAppender()
        for number in 0..<1_000_000 {
            say("begun \(number)")
            var transaction = try writer.begin()
            // In two steps: a kill may fall between them.
            for half in 0..<2 {
                var records = OutgoingRecords()
                for (index, partition) in partitions.enumerated() {
                    let values = values(number, in: index)
                    let middle = values.count / 2
                    records.add(
                        Array(half == 0 ? values[..<middle] : values[middle...]), to: partition)
                }
                try transaction.append(records)
            }
            if Self.isAborted(number) {
                try transaction.abort()
                say("aborted \(number)")
                continue
            }
            try transaction.commit().mustBeCommitted()
            say("committed \(number)")
            var records = OutgoingRecords()
            records.add(outsideValues(number), to: outside)
            let offsets = try appender.append(records).map { try $0.receipt().offset }
            say("appended \(number) \(offsets[0])")
        }
    }

    /// What such a writer had said when it ended.
    struct Report {
        var begun = -1
        var committed: [Int] = []
        /// The numbers after which records were appended outside, and the first one's offset.
        var appended: [(number: Int, offset: LogOffset)] = []

        /// The last line may have been cut short; it counts for nothing then.
        init(_ text: String) throws {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                let words = line.split(separator: " ")
                let numbers = words.dropFirst().compactMap { Int64($0) }
                switch (words.first, numbers.count) {
                case ("begun", 1): begun = Int(numbers[0])
                case ("committed", 1): committed.append(Int(numbers[0]))
                case ("aborted", 1): break
                case ("appended", 2): appended.append((Int(numbers[0]), LogOffset(numbers[1])))
                default: throw Broken(description: "the writer said: \(line)")
                }
            }
        }
    }
}
