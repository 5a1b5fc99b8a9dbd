import CommandLine
import EventLog
import FairfillClient
import Vocabulary
import Workers

extension Command {
    static let allocate = Command(
        words: ["allocate"],
        summary: "run the allocator: decide bids, commands and payment results",
        description: """
            Each partition has one writer. If you start a second allocator for a partition, it takes
            over; the first one goes on with its other partitions, and ends with 80 once it has
            none. You may kill an allocator at any moment: started again, it goes on where the
            decisions in the log end. SIGTERM and SIGINT end it once its decisions are committed.

            A partition that can't be worked on stands still, and so does one whose books outgrow
            its share of --memory. It is named on standard error and in attention, and tried again
            at least once a minute; the others go on. The allocator never waits for a reader of its
            output. With --json it prints an object when a partition is live and when it has ended.

            """ + "\n" + GroupOption.description,
        options: [
            GroupOption.option,
            MemoryOption.option,
            Option("until-end", nil, "stop once everything in the log is decided"),
        ],
        examples: ["fairfill allocate", "fairfill allocate --until-end --log sqlite:shop.db"],
        isDaemon: true
    ) { arguments throws(Failure) in
        let connection = try arguments.connect()
        try connection.checkTopics()
        let stopsAtEnd = arguments.has("until-end")
        let memory = try MemoryOption.share(arguments)
        let reporter = AllocatorReporter(arguments, isBounded: stopsAtEnd)
        func lane(_ partition: Partition) -> AllocatorDriver {
            AllocatorDriver(
                AllocatorConfiguration(
                    environment: connection.environment, partition: partition,
                    stopsAtEnd: stopsAtEnd,
                    memory: memory),
                log: connection.log, clock: { .now }
            ) { reporter.hear(partition, $0) }
        }
        let end = try GroupOption.run(
            .allocator, connection, sharing: .bids, memory: memory, arguments,
            ended: reporter.forget, lane)
        reporter.end()
        try end.checkFinished()
        return .done
    }

    static func partitions(
        _ arguments: Arguments, _ connection: LogConnection
    ) throws(Failure) -> [Partition] {
        let count = connection.environment.partitions
        guard let list = arguments.text("partitions") else {
            return (0..<count).map { Partition(rawValue: $0) }
        }
        var found: [Partition] = []
        for part in list.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
                first <= last, last < count
            else {
                throw Failure(
                    .usage,
                    "--partitions \(list): numbers from 0 to \(count - 1), as 0,2-3")
            }
            for partition in first...last where !found.contains(Partition(partition)) {
                found.append(Partition(partition))
            }
        }
        return found
    }
}
