import EventLog
import Vocabulary

/// Drives one lane: does what it asks for on a real log, and tells it what happened. What is one
/// worker's own its subclass does.
///
/// `run` belongs to one thread; `stop` may be called from any.
package class LaneDriver<Lane: WorkerLane & ~Copyable>: SteppedLane, @unchecked Sendable {
    final var lane: Lane
    final let chassis: LaneChassis
    final let clock: @Sendable () -> Timestamp
    final let observer: (Lane.Notice) -> Void
    private var next = LaneAction<Lane.Work>.wait(milliseconds: 0)

    /// - Parameters:
    ///   - clock: the worker's clock, in milliseconds since 1970 UTC.
    ///   - observer: hears what people should know, on the lane's thread.
    init(
        _ lane: consuming Lane, _ chassis: LaneChassis, clock: @escaping @Sendable () -> Timestamp,
        observer: @escaping (Lane.Notice) -> Void
    ) {
        self.lane = lane
        self.chassis = chassis
        self.clock = clock
        self.observer = observer
        next = self.lane.step(.started, now: clock())
    }

    // MARK: The worker's own

    /// Does what is this worker's own.
    func perform(_ work: Lane.Work) throws(LogError) -> LaneEvent<Lane.Outcome> {
        preconditionFailure("a lane without a worker")
    }

    /// Waits until something may be there for the lane, or for this long.
    func wait(milliseconds: Int) throws(LogError) {}

    /// Ends a wait. From any thread.
    func wake() {}

    /// Tells the lane what it must know before a step.
    func prepareStep() {}

    /// Closes what the worker opened beside writer and book.
    func close() {}

    // MARK: Stepping

    /// How long the next step would do nothing, if nothing comes; 0 where it has something to do.
    package final var idleMilliseconds: Int {
        switch next {
        case .wait(let milliseconds): milliseconds
        case .pause(let least, _): least
        default: 0
        }
    }

    package final var positions: [ReadStart] { chassis.noted.latest }
    package final var memory: MemoryUse? { chassis.noted.memory }
    package final var cameAlive: Bool { chassis.noted.cameAlive }

    /// Asks the lane to end once what it began is committed and answered. From any thread.
    package final func stop() {
        chassis.stop()
        wake()
    }

    /// Does one action; answers the lane's end once it has come to it.
    package final func step() -> LaneEnd? {
        if chassis.isStopping { lane.isStopping = true }
        if case .stop(let end) = next {
            close()
            chassis.closeBook()
            chassis.closeWriter()
            return end
        }
        let event: LaneEvent<Lane.Outcome>
        do throws(LogError) {
            event = try perform(next)
        } catch {
            event = .failed(error)
        }
        prepareStep()
        next = lane.step(event, now: clock())
        if lane.isLive { chassis.closeBook() }
        chassis.noted.note(isLive: lane.isLive) { lane.positions } memory: { lane.memoryUse }
        for notice in lane.notices { observer(notice) }
        lane.notices.removeAll(keepingCapacity: true)
        return nil
    }

    private func perform(
        _ action: LaneAction<Lane.Work>
    ) throws(LogError) -> LaneEvent<Lane.Outcome> {
        switch action {
        case .readBook(let offset):
            return .bookRead(
                position: try lane.fillBook { buffer throws(LogError) in
                    try chassis.readBook(from: offset, into: &buffer)
                })
        case .openWriter:
            try chassis.openWriter()
            return .writerOpened
        case .giveWriterBack:
            chassis.closeWriter()
            return try askBookEnd(known: nil, isFenced: false)
        case .askBookEnd(let known, let isFenced):
            return try askBookEnd(known: known, isFenced: isFenced)
        case .wait(let milliseconds):
            if !chassis.isInline { try wait(milliseconds: milliseconds) }
            return .woken
        case .pause(let least, let most):
            chassis.pause(leastMilliseconds: least, mostMilliseconds: most)
            return .woken
        case .work(let work):
            return try perform(work)
        case .stop:
            preconditionFailure("a lane that stopped has nothing to do")
        }
    }

    private func askBookEnd(
        known: LogOffset?, isFenced: Bool
    ) throws(LogError) -> LaneEvent<Lane.Outcome> {
        .bookEnd(
            try lane.fillBook { buffer throws(LogError) in
                try chassis.bookEnd(known: known, isFenced: isFenced, into: &buffer)
            })
    }
}
