extension Command {
    static let benchCodec = Command(
        words: ["bench", "codec"],
        summary: "measure reading and writing records, and hashing them",
        description: """
            One thread; ids of 16 characters; 50,000 different records, half of the decisions
            reservations and half refusals. Bytes are those of a record. The rows:
              decode-bid       from the bytes of a bid to what the rules take
              encode-bid       the other way
              encode-decision  a decision's bytes, without working out its hash
              chain-decision   the same with the hash, as the allocator does it
              decode-decision  from the bytes of a decision, as readers do it
              sha256           hashing such a record alone
            """,
        options: benchOptions("records a repeat (default 2000000)"),
        examples: ["fairfill bench codec", "fairfill bench codec --json | jq .per_second"],
        usesLog: false
    ) { arguments throws(Failure) in try CodecBench.run(arguments) }

    static let benchCore = Command(
        words: ["bench", "core"],
        summary: "measure the rules alone",
        description: """
            The book of one offering, one thread, no records and no log; inputs a second, each bid
            by another account. Bytes are those of memory that the book takes for a bid; only the
            first row has them, as later books use memory that was given back. The rows:
              reserved  shares for everybody
              waiting   a share for the first one, and a waitlist for the rest
              refused   a share for the first one, and nothing for the rest
              grab      shares for the first tenth; the rest are refused
              repeats   bids that were reserved come again
              released  payments of the first half are declined, so each share goes on to one
                        who waits: two decisions and a payment command each
            """,
        options: benchOptions("bids a repeat (default 1000000)") + [
            Option("mix", "ROW", "only this row")
        ],
        examples: ["fairfill bench core", "fairfill bench core --mix grab --bids 10000000"],
        usesLog: false
    ) { arguments throws(Failure) in try CoreBench.run(arguments) }

    /// What every `bench` takes.
    static func benchOptions(_ bids: String) -> [Option] {
        [
            Option("bids", "N", bids),
            Option("repeat", "N", "how often; the median counts (default 3)"),
        ]
    }
}
