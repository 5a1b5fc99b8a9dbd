import EventLog
import Messages
import Vocabulary

// The edition of the rules that a log is written under (TheLog.md, Recovery of one partition).

extension EnvironmentRecord {
    /// Refuses a log that a newer program made: its rules are not known here.
    package static func refuseNewer(_ environment: Environment) throws(ClientError) {
        guard environment.edition > Environment.currentEdition else { return }
        throw ClientError(
            .configuration,
            "the environment '\(environment.name)' was written by a newer build: its rules are of "
                + "edition \(environment.edition), and this program knows them up to "
                + "\(Environment.currentEdition); use a newer fairfill")
    }

    /// Refuses a log that was decided, in part or whole, by rules that were mended since.
    package static func refuseOlder(
        _ environment: Environment, _ log: any EventLog
    ) throws(ClientError) {
        guard environment.edition < Environment.currentEdition else { return }
        throw ClientError(
            .invariant,
            "the environment '\(environment.name)' in \(log.url) was written by an earlier build "
                + "of fairfill, and its rules were corrected since. Nothing is damaged, but "
                + "today's rules would decide it differently, so this build neither continues nor "
                + "verifies it. Finish its sales with the build that wrote it, and make "
                + "a new environment for new ones: fairfill topics create --env NAME. If "
                + "nothing is decided yet, fairfill topics create brings this one up to date")
    }

    /// The record under today's rules, where that is nobody's loss: nothing was decided yet.
    package static func renewed(
        _ there: Environment, _ log: any EventLog
    ) throws(ClientError) -> Environment {
        guard there.edition < Environment.currentEdition else { return there }
        let decisions = (0..<there.partitions).map {
            TopicPartition(Topic.decisions.fullName(environment: there.name), Int32($0))
        }
        let bounds: [Bounds]
        do throws(LogError) {
            bounds = try log.bounds(of: decisions, .written)
        } catch {
            // A topic that was never made holds no decision.
            guard error.code == .unknownTopic, !error.isRetriable else { throw ClientError(error) }
            bounds = []
        }
        guard bounds.allSatisfy({ $0.end == 0 }) else {
            try refuseOlder(there, log)
            return there
        }
        var renewed = there
        renewed.edition = Environment.currentEdition
        renewed.commandGraceMilliseconds = commandGrace(there.clockGraceMilliseconds, log)
        return renewed
    }

    /// How much later than a bid a command may be stamped that goes first: nothing where one clock
    /// stamps both, and otherwise what clocks may differ by.
    package static func commandGrace(_ clockGrace: Int64, _ log: any EventLog) -> Int64 {
        log.stampsWithOneClock ? 0 : clockGrace
    }
}
