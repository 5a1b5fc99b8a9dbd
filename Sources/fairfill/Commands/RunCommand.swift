import CommandLine
import EventLog
import FairfillClient
import Gateway
import Messages
import Vocabulary
import Workers

extension Command {
    static let run = Command(
        words: ["run"],
        summary: "run allocator and payer in one process, and make the topics",
        description: """
            Makes the log and its topics if they are missing, then runs an allocator and a payer.
            Without --provider it doesn't pay: reserved shares wait for a payer. SIGTERM and SIGINT
            end it cleanly. On several machines, run allocate and pay as separate processes.
            """,
        options: PayerOptions.options + [MemoryOption.option] + Topics.options,
        examples: [
            "fairfill run",
            "fairfill run --provider http://127.0.0.1:8090 --profile sandbox",
        ],
        isDaemon: true
    ) { arguments throws(Failure) in
        let payer = PayerOptions.areGiven(arguments) ? try PayerOptions(arguments) : nil
        if payer == nil { try arguments.refuse(PayerOptions.details, without: "provider") }
        try Topics(arguments).makeMissingTopics()
        let connection = try arguments.connect()
        try connection.checkTopics()
        let memory = try MemoryOption.share(arguments)
        let partitions = (0..<connection.environment.partitions).map { Partition(rawValue: $0) }
        let allocators = AllocatorReporter(arguments, isBounded: false)
        Descriptors.raise(forLanes: partitions.count * (payer == nil ? 1 : 2))
        let gateways = try payer?.gateways() ?? [:]
        defer { for gateway in gateways.values { gateway.close() } }
        let payers = PayerReporter(arguments, gateway: payer?.provider ?? "")
        let clock = PayerClock()
        func newLane(_ post: LanePost) -> any DrivenLane {
            guard post.role == .payer, let payer else {
                return AllocatorDriver(
                    AllocatorConfiguration(
                        environment: connection.environment, partition: post.partition,
                        memory: memory),
                    log: connection.log, clock: { .now }
                ) { allocators.hear(post.partition, $0) }
            }
            return PayerDriver(
                payer.configuration(
                    connection.environment, post.partition, stopsAtEnd: false, memory: memory),
                log: connection.log, gateway: { gateways[$0] }, clock: { clock.now }
            ) { payers.hear(post.partition, $0) }
        }
        Greeting.say(
            payer == nil ? "allocator" : "allocator and payer", connection, partitions,
            provider: payer?.provider, arguments)
        if payer == nil, !arguments.isQuiet {
            Remark.say(
                "no --provider: nothing is paid; what is reserved waits for a payer "
                    + "(fairfill pay)", .notPaying)
        }
        let seats = SeatReporter(connection) { post in
            switch post.role {
            case .allocator: allocators.forget(post.partition)
            case .payer: payers.forget(post.partition)
            }
        }
        defer { seats.close() }
        let topics = TopicWatch(connection.log, connection.environment, hear: seats.hear)
        defer { topics.end() }
        let roles: [WorkerRole] = payer == nil ? [.allocator] : [.allocator, .payer]
        let daemon = LaneDaemon(
            roles.flatMap { role in partitions.map { LanePost(role, $0) } }, isBounded: false,
            watch: topics, memory: memory,
            makeLane: newLane, observer: seats.hear)
        let watch = StopWatch { daemon.stop() }
        defer { watch.end() }
        try daemon.run().checkFinished()
        return .done
    }
}
