import CommandLine
import Copying
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let copy = Command(
        words: ["copy"],
        summary: "copy an environment from one log to another: to Kafka, or as a backup",
        description: """
            Carries every topic of the environment with keys, values, headers, offsets and append
            times, then reads both sides again and compares them record by record. The source is
            only read, and may be in use. Another run carries the records that came since; it goes
            on where the target ends, also after a kill. No worker starts on a copy before it is
            whole and compared. A target that holds something else is refused.

            To move: stop workers and front ends, run the copy a last time, and start them on the
            target. Never start them on the source again: both would sell the same shares. On Kafka
            the workers must be stopped for the last run, so that all topics end at one moment.

            An SQLite file keeps gaps in the offsets of a log on Kafka. Kafka can't leave an offset
            out, so a log with gaps can't be copied to Kafka; the copy is refused before it begins.

            A source on which no worker would start is copied all the same, and a remark says what
            is wrong with it: missing topics are made on the target, and partitions that were added
            to a topic are left out, since no worker reads them.

            Exit codes: 0 done; 1 both sides differ; 65 the source is damaged, or the target can't
            hold it; 69 one of them is not there; 73 the target holds something else, or can't be
            written; 75 the copy can go on later; 77 a right is missing; 78 the environment is
            missing.
            """,
        options: [
            Option(
                "from", "URL", "the log to read: sqlite:PATH or kafka:HOST:PORT[,...] (required)"),
            Option("to", "URL", "the log to write; the file is made if it is missing (required)"),
        ] + Option.log.filter { $0.name != "log" },
        examples: [
            "fairfill copy --from sqlite:fairfill.db --to sqlite:backup.db",
            "fairfill copy --from sqlite:fairfill.db --to kafka:localhost:9092 --env prod",
        ],
        usesLog: false
    ) { arguments throws(Failure) in
        let (from, to) = (try arguments.required("from"), try arguments.required("to"))
        for (option, url) in [("from", from), ("to", to)] where url == "memory:" {
            throw Failure(
                .usage, "--\(option) memory: a memory log lives in one process only; use "
                    + "sqlite:PATH")
        }
        try arguments.checkKafkaProperties([from, to])
        // The source first: where it is wrong, no target is made.
        let source = try arguments.connect(
            to: try arguments.openLog(from, of: "from", create: false))
        let target = try openTarget(to, arguments)
        guard target.clusterID != source.log.clusterID else {
            throw Failure(.usage, "--from \(from) and --to \(to) are the same log")
        }
        guard let target = target as? any ImportingLog else {
            throw Failure(.cannotCreate, "\(to) is no log that can take a copy")
        }
        return try CopyRun(arguments, source, target).run()
    }

    /// What is there and is no log is in the way, as any other thing that the target holds.
    private static func openTarget(
        _ url: String, _ arguments: Arguments
    ) throws(Failure) -> any EventLog {
        do throws(Failure) {
            return try arguments.openLog(url, of: "to", create: true)
        } catch {
            throw error.code == .data ? Failure(.cannotCreate, error.message) : error
        }
    }
}

extension Failure {
    /// What a copy's end means for the user of the command.
    init(_ failure: CopyFailure) {
        switch failure {
        case .log(let error): self.init(error)
        case .cannotHold(let sentence): self.init(.data, sentence)
        case .otherTarget(let sentence): self.init(.cannotCreate, sentence)
        case .interrupted:
            self.init(
                .tryAgain, "interrupted before the copy was whole; run it again, and it goes on "
                    + "where it stopped")
        }
    }
}

/// Runs a part of a copy, with its failures as those of the command.
func copying<Result>(_ body: () throws(CopyFailure) -> Result) throws(Failure) -> Result {
    do throws(CopyFailure) {
        return try body()
    } catch {
        throw Failure(error)
    }
}
