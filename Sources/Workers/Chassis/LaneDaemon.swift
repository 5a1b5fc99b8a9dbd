import EventLog
import Synchronization
import Vocabulary

/// Several lanes in one process, each on its own thread, whose partitions were chosen and
/// belong to no group.
///
/// What happens to one lane leaves the others alone (`SeatTable`). A lane that is fenced is over:
/// the other worker keeps the partition, and the process goes on with those that it has. It ends
/// once it has none, or once it can't do anything for any.
package final class LaneDaemon: @unchecked Sendable {
    private let posts: [LanePost]
    private let table: SeatTable
    private let bell = Bell()
    private let isStopping = Atomic<Bool>(false)

    /// How long between looks at the lanes, where none rings.
    private static let lookMilliseconds = 100

    /// - Parameters:
    ///   - posts: the lanes that it runs.
    ///   - isBounded: whether lanes end by themselves; then one that fails is not tried again.
    ///   - watch: who looks after the topics that the lanes read.
    ///   - memory: what the state of its lanes may take; nil: without limit.
    ///   - makeLane: a new lane of a post, or why there can be none.
    ///   - observer: hears what people should know, on the thread that runs the daemon.
    package convenience init(
        _ posts: [LanePost], isBounded: Bool, watch: TopicWatch? = nil,
        memory: MemoryShare? = nil,
        makeLane: @escaping (LanePost) throws(LaneEnd) -> any DrivenLane,
        observer: @escaping (SeatNotice) -> Void
    ) {
        self.init(
            posts, isBounded: isBounded, watch: watch, backoff: Backoff(), memory: memory,
            makeLane: makeLane, observer: observer)
    }

    /// With waits of one's own.
    package init(
        _ posts: [LanePost], isBounded: Bool, watch: TopicWatch? = nil, backoff: Backoff,
        memory: MemoryShare? = nil,
        makeLane: @escaping (LanePost) throws(LaneEnd) -> any DrivenLane,
        observer: @escaping (SeatNotice) -> Void
    ) {
        self.posts = posts
        table = SeatTable(
            SeatTable.Rules(
                isBounded: isBounded, takesBack: false, backoff: backoff, memory: memory),
            watch: watch, bell: bell, makeLane: makeLane, observer: observer)
    }

    /// Runs every lane until all are done, it is stopped, or nothing can be done for any.
    package func run() -> LaneEnd {
        for post in posts { table.begin(post) }
        while !isStopping.load(ordering: .acquiring) {
            table.look()
            if table.verdict != nil { break }
            bell.wait(milliseconds: Self.lookMilliseconds)
        }
        table.stopAll()
        return table.end
    }

    /// Asks every lane to end once what it decided is committed. From any thread.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        bell.ring()
    }

    /// How each lane is. From any thread.
    package var health: [LaneHealth] { table.health }
}
