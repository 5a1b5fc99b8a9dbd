import CommandLine
import EventLog
import FairfillClient
import Foundation
import Vocabulary
import Workers

/// What lanes of a worker tell of trouble with the log that passes by itself. It is one thing,
/// however many lanes meet it and however often each tries again: remarks about it are made ever
/// more rarely, and one when all lanes are at work again.
struct TroubleReport {
    private var pacing = Pacing()
    private var troubled: Set<LanePost> = []

    private static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) }

    /// A lane met an error, and does `what` about it.
    mutating func add(_ post: LanePost, _ error: LogError, _ event: Remark.Event, _ what: String) {
        troubled.insert(post)
        guard pacing.admits(error.code.rawValue, at: Self.now) else { return }
        let others = troubled.count - 1
        Remark(
            event,
            "\(error.message); \(what)"
                + (others > 0 ? " (\(others) other partition\(others == 1 ? "" : "s") too)" : "")
        ).of(post).with("code", error.code.rawValue).with("others", others).say()
    }

    func contains(_ post: LanePost) -> Bool { troubled.contains(post) }

    /// A lane is at work again, or has ended.
    mutating func end(_ post: LanePost) {
        guard troubled.remove(post) != nil, troubled.isEmpty,
            let (milliseconds, leftOut) = pacing.end(at: Self.now)
        else { return }
        Remark(
            .atWorkAgain,
            "at work again, after \(Self.seconds(milliseconds))"
                + (leftOut > 0
                    ? "; \(Words.count(leftOut, "remark was", "remarks were")) left out" : "")
        ).of(post).with("milliseconds", milliseconds).with("leftOut", leftOut).say()
    }

    static func seconds(_ milliseconds: Int64) -> String {
        "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }
}

/// What happens to the seats of a daemon and to what they read: said, and written to `attention`.
final class SeatReporter: Sendable {
    let connection: LogConnection
    let records: AttentionRecords
    private let ended: @Sendable (LanePost) -> Void

    /// `ended` is called with each lane that can't go on for now.
    init(_ connection: LogConnection, ended: @escaping @Sendable (LanePost) -> Void) {
        self.connection = connection
        records = AttentionRecords(connection.log, connection.environment)
        self.ended = ended
    }

    func hear(_ notice: SeatNotice) {
        let isNews = records.hear(notice, at: .now)
        switch notice {
        case .standsStill(let post, let end, let tries, let wait):
            ended(post)
            if case .overMemory(let reason) = end {
                // The same each minute is said once.
                if isNews { reason.remark.of(post).say() }
                return
            }
            Remark(
                .standsStill,
                "STANDS STILL: \(end.sentence ?? "")"
                    + (wait.map { "; trying again in \(Self.seconds($0))" } ?? "")
                    + (tries > 1 ? " (tried \(tries) times)" : "")
            ).of(post).with("code", end.code).with("tries", tries).say()
        case .takenOver(let post, let sentence, let wait):
            ended(post)
            let then = wait.map {
                "the group still assigns it to this process, which restarts it in "
                    + Self.seconds($0)
            }
            Remark(.takenOver, "\(sentence); \(then ?? "the other process keeps it")")
                .of(post).say()
        case .atWorkAgain(let post, let milliseconds, let tries):
            Remark(
                .atWorkAgain,
                "at work again: it stood still for \(TroubleReport.seconds(milliseconds)) "
                    + "and was tried \(Words.count(tries, "time")) in vain"
            ).of(post).with("milliseconds", milliseconds).with("tries", tries).say()
        }
    }

    /// Lets what is to be written to `attention` be written, for a moment at most.
    func close() { records.close(withinMilliseconds: 1_000) }

    private static func seconds(_ milliseconds: Int64) -> String {
        "\((milliseconds + 999) / 1_000) s"
    }
}

extension OverMemory {
    fileprivate var remark: Remark {
        Remark(.overMemory, "STANDS STILL: \(sentence)")
            .with("bytes", use.bytes).with("share", share)
            .with("offering", use.largest.map { "\($0)" }).with("offeringBytes", use.largestBytes)
    }
}

extension MemoryUse {
    /// Little is left of a lane's share.
    func remark(ofShare share: Int) -> Remark {
        Remark(
            .memoryIsHigh,
            "its state takes \(bytes * 100 / max(1, share)) % of its share of --memory\(words). "
                + "Past its share it stands still; give the process more (--memory), or fewer "
                + "partitions (--partitions)"
        ).with("bytes", bytes).with("share", share)
            .with("offering", largest.map { "\($0)" }).with("offeringBytes", largestBytes)
    }
}

extension LaneEnd {
    /// One word, for programs.
    fileprivate var code: String {
        switch self {
        case .finished: "finished"
        case .fenced: "fenced"
        case .invariant: "invariant"
        case .log(let error): error.code.rawValue
        case .overMemory: "overMemory"
        }
    }
}
