import Benchmarks
import CommandLine
import FairfillClient

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
            The book of one offering, one thread, no records and no log; ids of 12 characters; each
            bid by another account. Time is the processor's for this thread. Bytes are those of the
            heap that the book holds, for a bid; allocations are all calls of malloc and its
            relatives, for an input of the second half. The rows:
              reserved   shares for all
              waiting    a share for the first one, and a waitlist for the rest
              refused    a share for the first one, and nothing for the rest
              grab       shares for the first tenth; the rest are refused
              repeats    bids that were reserved come again
              released   payments of the first half are declined, so each share goes to a
                         bid that waits: two decisions and a payment command each
              limited    shares for all; the offering limits the shares, the bids and the
                         rate of an account
              offerings  200 offerings, each bid for the next one, with shares for all

            sizes: reserved-N and refused-N are the same with N bids, one row a size, to show that
            time and bytes per bid do not grow.

            lines: the cost of one input while 10,000 bids wait and while 1,000,000 do (a hundredth
            of --bids, and --bids), and the ratio of both; a line for each remainder rule, split,
            skip and hold:
              RULE.release-N  a payment is declined, and the share goes to the next bid that waits
              RULE.join-N     a bid joins the line
              RULE.behind-large.release-N, RULE.behind-large.join-N
                              the same, but the first half of the line are all-or-none bids
                              that don't fit (hold: the first bid, so that none is served)
              ...-ratio       long to short
            """,
        options: benchOptions("bids a repeat (default 1000000)") + [
            Option(
                "mix", "ROW", "only this row; sizes, lines: only those (default: all)",
                words: CoreBench.Mix.allCases.map(\.rawValue)),
            Option("sizes", "LIST", "of books, for sizes (default 10000,100000,1000000)"),
        ],
        examples: [
            "fairfill bench core", "fairfill bench core --mix grab --bids 10000000",
            "fairfill bench core --mix sizes --sizes 10000,100000,1000000,10000000",
        ],
        usesLog: false
    ) { arguments throws(Failure) in try CoreBench.run(arguments) }

    static let benchLog = Command(
        words: ["bench", "log"],
        summary: "measure appending to a log, and reading it",
        description: """
            Records of 200 bytes with keys of 16, on a new log that is removed afterwards; a log
            that you name stays. Each append is on disk before the next one begins. The rows:
              append-N  in batches of N, as front ends append; records a second
              commit-N  in transactions of N, as the allocator writes
              read      all of that, in batches of 10,000
              copy      the same, each record committed to another topic, 10,000 in a transaction
              append-1  how long one append of one record takes
              readable  how long it takes from its beginning until another thread has the record
            """,
        options: benchOptions("records a repeat (default 200000)") + [
            Option(
                "log", "URL", "sqlite:PATH of a file to make, kafka:HOST:PORT, or memory: "
                    + "(default: a new file)"),
            Option("dir", "PATH", "the folder to make the log in (default: the current one)"),
            Option.property,
        ],
        examples: ["fairfill bench log", "fairfill bench log --dir /var/lib/fairfill --json"],
        usesLog: false
    ) { arguments throws(Failure) in try LogBench.run(arguments) }

    static let benchPipeline = Command(
        words: ["bench", "pipeline"],
        summary: "measure the allocator over a log that is full of bids",
        description: """
            Appends the bids, one share each by another account, to a log that is made for it;
            then runs what `allocate --until-end` runs, from an empty book until all are decided
            and on disk; then checks that each bid has one decision, in order, and that the first
            ones got the shares. Bids a second; bytes are those of the log, for a bid. The rows:
              grab             shares for a tenth of the bids; the rest are refused
              reserved         shares for all, so a payment command with each decision
              grab.append, reserved.append  appending the bids before, 10,000 at once

            With --rate it measures latency instead: the time from the moment when a bid was due to
            be sent until its decision can be read, while bids come at that rate for at most ten
            seconds.

            With --peer, on Kafka, another allocator takes its turn after ours in each repeat, over
            the same bids as {"order":ID,"offering":ID,"investor":ID,"shares":1}. It is run as
            PROGRAM BROKERS INPUT OUTPUT SHARES COMMIT_MS COUNT, must end once COUNT bids are
            decided, and prints {"orders_per_second":N} by its own clock. More rows:
              grab.peer, reserved.peer    its speed
              grab.ratio, reserved.ratio  ours divided by its speed
            """,
        options: benchOptions("bids a repeat (default 2000000)") + [
            Option(
                "mix", "ROW", "grab or reserved (default: both)",
                words: PipelineSale.Mix.allCases.map(\.rawValue)),
            Option("partitions", "N", "how many lanes, each with one offering (default 1)"),
            Option("rate", "N", "bids a second, for latencies (default: as fast as it goes)"),
            Option(
                "peer", "PROGRAM", "another allocator to measure beside this one, on Kafka "
                    + "(default: none)"),
            Option("log", "URL", "memory: or kafka:HOST:PORT (default: a new file a repeat)"),
            Option("dir", "PATH", "the folder to make logs in (default: the current one)"),
            Option.property,
        ],
        examples: [
            "fairfill bench pipeline", "fairfill bench pipeline --mix grab --bids 10000000 --json",
        ],
        usesLog: false
    ) { arguments throws(Failure) in try PipelineBench.run(arguments) }

    static let benchPay = Command(
        words: ["bench", "pay"],
        summary: "measure the payer against a sandbox bank",
        description: """
            Appends payment commands, each of another account; then runs what `pay --until-end`
            runs, against a sandbox bank in this process, over real sockets; then checks the bank's
            books. Payments a second. The rows:
              pay       each journaled before it is sent, on a connection each
              pay.bare  the same requests by a bare loop of libcurl: no journal, no log
            """,
        options: benchOptions("payments a repeat (default 5000)") + [
            Option("in-flight", "N", "payments under way at once, 1 to 1,000 (default 32)"),
            Option("log", "URL", "memory: or kafka:HOST:PORT (default: a new file a repeat)"),
            Option("dir", "PATH", "the folder to make logs in (default: the current one)"),
            Option.property,
        ],
        examples: ["fairfill bench pay", "fairfill bench pay --in-flight 64 --json"],
        usesLog: false
    ) { arguments throws(Failure) in try PayBench.run(arguments) }

    /// What every `bench` takes.
    static func benchOptions(_ bids: String) -> [Option] {
        [
            Option("bids", "N", bids),
            Option("repeat", "N", "how many times to measure; the median counts (default 3)"),
        ]
    }
}
