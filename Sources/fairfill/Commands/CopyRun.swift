import CommandLine
import Copying
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// One run of `fairfill copy`.
///
/// The target's environment record tells how far it is. At first it is the source's own, which
/// every other command takes for a copy and refuses to work on; the target's, with its cluster id,
/// comes last, once all is compared.
struct CopyRun {
    private let arguments: Arguments
    private let source: LogConnection
    private let target: any ImportingLog
    /// What the target's topics are to be.
    private let specifications: [TopicSpecification]
    private let carried: CarriedTopics

    /// The topics to carry: all but the environment's, which is written anew.
    private static let topics = Topic.allCases.filter { $0 != .environment }

    init(
        _ arguments: Arguments, _ source: LogConnection, _ target: any ImportingLog
    ) throws(Failure) {
        self.arguments = arguments
        self.source = source
        self.target = target
        carried = try CarriedTopics(source, Self.topics)
        specifications = carried.specifications
    }

    /// The record of the target once it is whole.
    private var finished: Environment {
        var environment = source.environment
        environment.cluster = target.clusterID
        // Other clocks may stamp the target; the decisions that are there stay as they are.
        if environment.edition > 0 {
            environment.commandGraceMilliseconds = EnvironmentRecord.commandGrace(
                environment.clockGraceMilliseconds, target)
        }
        return environment
    }

    func run() throws(Failure) -> ExitCode {
        let there = try EnvironmentRecord.read(target, source.name)
        try refuse(there)
        try carried.remark(quiet: arguments.isQuiet)
        let ends = try askForEnds()
        let spans = try spans(ends)
        for span in spans {
            try copying { () throws(CopyFailure) in
                try Continuation.check(span, from: source.log, to: target)
            }
        }
        let isWhole = spans.allSatisfy(\.isComplete)
        if !isWhole, !target.takesGaps { try refuseGaps(spans) }
        var copied = spans.map { _ in Int64(0) }
        if !isWhole || there != finished {
            try begin(over: there)
            copied = try carry(spans)
        }
        let report = CopyReport(arguments, source, target)
        let same = try compare(spans, copied, report)
        guard let same else { return .no }
        let isReady = isWhole && there == finished
        if !isReady {
            try logged { () throws(LogError) in try target.endImport(of: specifications) }
            try checkTarget()
            guard ends.areOfOneMoment else { throw notOfOneMoment }
            try put(finished, over: source.environment)
        }
        try report.summary(partitions: spans.count, copied: copied.reduce(0, +), same: same)
        return .done
    }

    // MARK: Before anything is written

    private func refuse(_ there: Environment?) throws(Failure) {
        if let there, there != finished, there != source.environment {
            throw Failure(
                .cannotCreate,
                "\(target.url) has an environment '\(source.name)' that is no copy of the one in "
                    + "\(source.log.url): it was made elsewhere or with other values; name another "
                    + "target")
        }
        let known = try logged { () throws(LogError) in try target.topics() }
        for wanted in specifications {
            guard let found = known.first(where: { $0.specification.name == wanted.name }),
                found.specification.partitions != wanted.partitions
            else { continue }
            throw Failure(
                .cannotCreate,
                "\(wanted.name) has \(Words.count(found.specification.partitions, "partition")) in "
                    + "\(target.url), and \(wanted.partitions) in \(source.log.url); name another "
                    + "target")
        }
    }

    private func askForEnds() throws(Failure) -> SourceEnds {
        func partitions(_ isWanted: (Topic) -> Bool) -> [TopicPartition] {
            Self.topics.filter(isWanted).flatMap { carried.partitions($0) }
        }
        let milliseconds = Int(min(try arguments.timeoutSeconds(), 3_600) * 1_000)
        let ends = try copying { () throws(CopyFailure) in
            try SourceEnds.ask(
                source.log, transactional: partitions { $0.isWrittenByWorkers },
                others: partitions { !$0.isWrittenByWorkers }, milliseconds: milliseconds,
                watch(nil))
        }
        let all = partitions { _ in true }
        try OpenTransactions.remark(
            source.log, all, readUpTo: all.map { ends.bounds[$0]?.end ?? 0 })
        return ends
    }

    private func spans(_ ends: SourceEnds) throws(Failure) -> [CopySpan] {
        let known = Set(
            try logged { () throws(LogError) in try target.topics() }.map(\.specification.name))
        var spans: [CopySpan] = []
        for topic in Self.topics {
            let partitions = carried.partitions(topic)
            guard let first = partitions.first else { continue }
            var found = partitions.map { _ in Bounds(start: 0, end: 0) }
            if known.contains(first.topic) {
                found = try logged { () throws(LogError) in
                    try target.bounds(of: partitions, .written)
                }
            }
            for (partition, there) in zip(partitions, found) {
                spans.append(
                    CopySpan(
                        partition, isCompacted: carried.isCompacted(topic),
                        source: ends.bounds[partition]!, target: there))
            }
        }
        return spans
    }

    private func refuseGaps(_ spans: [CopySpan]) throws(Failure) {
        let progress = CopyProgress("looking for gaps", spans.map(\.missing), arguments)
        defer { progress.end() }
        for span in spans {
            try copying { () throws(CopyFailure) in
                try Gaps.refuse(span, from: source.log, to: target, watch(progress))
            }
        }
    }

    // MARK: Writing

    /// Says on the target that a copy is under way, then makes its topics ready.
    private func begin(over there: Environment?) throws(Failure) {
        do throws(LogError) {
            try target.create(Topic.environment.specification(source.environment, nil))
        } catch {
            guard error.code == .alreadyExists else { throw Failure(error) }
        }
        try put(source.environment, over: there)
        try logged { () throws(LogError) in try target.beginImport(of: specifications) }
    }

    private func put(_ record: Environment, over there: Environment?) throws(Failure) {
        guard record != there,
            let other = try EnvironmentRecord.write(record, over: there, to: target),
            other != record
        else { return }
        throw Failure(
            .tryAgain,
            "another process wrote the environment record of \(target.url) meanwhile; stop it, "
                + "then run the copy again")
    }

    private func carry(_ spans: [CopySpan]) throws(Failure) -> [Int64] {
        let progress = CopyProgress("copying", spans.map(\.missing), arguments)
        defer { progress.end() }
        let importer = try logged { () throws(LogError) in try target.openImporter() }
        defer { importer.close() }
        var copied: [Int64] = []
        for span in spans {
            copied.append(
                try copying { () throws(CopyFailure) in
                    try Transfer.carry(span, from: source.log, to: importer, watch(progress))
                })
        }
        return copied
    }

    // MARK: After it

    /// Prints a row a partition; answers how many records are the same on both sides, or nil where
    /// there is a difference.
    private func compare(
        _ spans: [CopySpan], _ copied: [Int64], _ report: CopyReport
    ) throws(Failure) -> Int64? {
        let progress = CopyProgress("comparing", spans.map(\.held), arguments)
        defer { progress.end() }
        var same: Int64 = 0
        for (span, copied) in zip(spans, copied) {
            let found = try copying { () throws(CopyFailure) in
                try Comparison.compare(span, source.log, target, watch(progress))
            }
            try report.row(span, copied, found)
            same += found.same
            if let difference = found.difference {
                progress.end()
                try report.difference(difference)
                return nil
            }
        }
        return same
    }

    private func checkTarget() throws(Failure) {
        let known = try logged { () throws(LogError) in try target.topics() }
        let findings = TopicCheck.findings(known, finished).filter(\.stopsWorkers)
        guard findings.isEmpty else {
            throw Failure(
                .configuration, findings.map(\.sentence).joined(separator: "\nfairfill: "))
        }
    }

    private var notOfOneMoment: Failure {
        Failure(
            .tryAgain,
            "\(target.url) holds what was there, and compares; but workers kept writing to "
                + "\(source.log.url), or left a transaction open, so its topics were not copied as "
                + "of one moment, and no worker may start on the copy yet. Stop the workers there, "
                + "then run it again")
    }

    private func watch(_ progress: CopyProgress?) -> CopyWatch {
        CopyWatch(
            passed: { progress?.add($0) }, mustEnd: { Interruption.signal != 0 })
    }
}

extension Topic {
    /// Whether workers write it in transactions; front ends and operators append to the others.
    fileprivate var isWrittenByWorkers: Bool {
        writers.contains(.allocator) || writers.contains(.payer)
    }
}
