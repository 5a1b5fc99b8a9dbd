import EventLog
import Gateway
import Messages
import Vocabulary
import Workers

extension Command {
    static let run = Command(
        words: ["run"],
        summary: "everything for one machine in one process: topics, allocator, payer",
        description: """
            Makes the log and its topics if they are missing, then runs what allocate and pay run.
            Without --provider it doesn't pay: bids are reserved and wait for a payer. SIGTERM and
            SIGINT end it cleanly. For several machines, run allocate and pay by themselves.
            """,
        options: PayerOptions.options + [MemoryOption.option],
        examples: [
            "fairfill run",
            "fairfill run --provider http://127.0.0.1:8090 --profile sandbox",
        ]
    ) { arguments throws(Failure) in
        let payer = arguments.text("provider") == nil ? nil : try PayerOptions(arguments)
        if payer == nil {
            try arguments.refuse(
                ["profile", "token-file", "accounts", "in-flight"], without: "provider")
        }
        try Topics(arguments).makeWhatIsMissing()
        let place = try arguments.openPlace()
        try place.checkTopics()
        let memory = try MemoryOption.share(arguments)
        let partitions = (0..<place.environment.partitions).map { Partition(rawValue: $0) }
        let allocators = LaneReporter(arguments, isBounded: false)
        Descriptors.raise(forLanes: partitions.count * (payer == nil ? 1 : 2))
        let transactions = place.watchTransactions()
        defer { transactions.end() }
        func watched(
            _ lane: any DrivenLane & AnyObject, _ partition: Partition, sharing topic: Topic
        ) -> any DrivenLane {
            transactions.add(
                lane, Grouping.readToTheEnd(sharing: topic).map { place.partition($0, partition) })
            return lane
        }
        var lanes: [any DrivenLane] = partitions.map { partition in
            watched(
                LaneDriver(
                    LaneConfiguration(
                        environment: place.environment, partition: partition, memory: memory),
                    log: place.log, clock: { .now }
                ) { allocators.hear(partition, $0) }, partition, sharing: .bids)
        }
        let gateway = try payer?.gateway()
        defer { gateway?.close() }
        if let payer, let gateway {
            let payers = PayerReporter(arguments, gateway: payer.provider)
            let clock = PayerClock()
            lanes += partitions.map { partition in
                watched(
                    PayerDriver(
                        payer.configuration(place.environment, partition, stopsAtEnd: false),
                        log: place.log, gateway: gateway, clock: { clock.now }
                    ) { payers.hear(partition, $0) }, partition, sharing: .paymentCommands)
            }
        } else if !arguments.isQuiet {
            Remark.say(
                "no --provider: nothing is paid; what is reserved waits for a payer (fairfill pay)")
        }
        let daemon = LaneDaemon(lanes)
        let watch = StopWatch { daemon.stop() }
        defer { watch.end() }
        try check(daemon.run())
        return .done
    }
}
