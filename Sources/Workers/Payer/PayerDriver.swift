import EventLog
import Foundation
import Messages
import Payments
import Synchronization
import Vocabulary

/// Drives one payer's lane: does what it asks for on a real log and through a gateway, and tells
/// it what happened.
///
/// `run` belongs to one thread; `stop` may be called from any. Answers of the gateway come on any
/// thread, wait in the inbox, and wake the lane.
public final class PayerDriver: @unchecked Sendable {
    private var lane: PayerLane
    let configuration: PayerConfiguration
    let log: any EventLog
    let chassis: LaneChassis
    private let gateway: @Sendable (Identifier) -> (any PaymentGateway)?
    private let clock: @Sendable () -> Timestamp
    private let observer: (PayerNotice) -> Void
    private let isInline: Bool

    private var commands: (any LogReader)?
    var decoder = RecordDecoder()
    private let inbox = Inbox()
    /// When an action last failed, and since when they do.
    private var failedAt: (first: DispatchTime, last: DispatchTime)?
    private var next = PayerLaneAction.askBounds(isFenced: false)

    /// - Parameters:
    ///   - clock: never steps back, and counts sleep: see `PayerClock`.
    ///   - isInline: never sleep, for stepping.
    ///   - observer: hears what people should know, on the lane's thread.
    ///   - gateway: the way behind each channel of the configuration.
    public init(
        _ configuration: PayerConfiguration, log: any EventLog,
        gateway: @escaping @Sendable (_ channel: Identifier) -> (any PaymentGateway)?,
        clock: @escaping @Sendable () -> Timestamp, isInline: Bool = false,
        observer: @escaping (PayerNotice) -> Void
    ) {
        self.configuration = configuration
        self.log = log
        self.gateway = gateway
        self.clock = clock
        self.observer = observer
        self.isInline = isInline
        chassis = LaneChassis(
            log, book: configuration.journal, transactionalIDs: configuration.transactionalIDs,
            isInline: isInline)
        lane = PayerLane(configuration)
        next = lane.step(.started, now: clock())
    }

    /// A payer whose channels all lead to one gateway.
    public convenience init(
        _ configuration: PayerConfiguration, log: any EventLog, gateway: any PaymentGateway,
        clock: @escaping @Sendable () -> Timestamp, isInline: Bool = false,
        observer: @escaping (PayerNotice) -> Void
    ) {
        self.init(
            configuration, log: log, gateway: { _ in gateway }, clock: clock, isInline: isInline,
            observer: observer)
    }

    /// How a command stands; on the lane's own thread.
    public func payment(_ id: PaymentID) -> Payment? { lane[id] }

    /// How long the next step would do nothing, if nothing comes; 0 where it has something to do.
    public var idleMilliseconds: Int {
        switch next {
        case .wait(let milliseconds): milliseconds
        case .pause(let least, _): least
        default: 0
        }
    }

    public var positions: [ReadStart] { chassis.noted.latest }
    public var memory: MemoryUse? { chassis.noted.memory }
    public var cameAlive: Bool { chassis.noted.cameAlive }

    /// Asks the lane to end once what was sent is answered. From any thread.
    public func stop() {
        chassis.stop()
        inbox.wake()
    }

    /// Does one action; answers the lane's end once it has come to it.
    public func step() -> LaneEnd? {
        if chassis.isStopping { lane.stop() }
        if case .stop(let end) = next {
            close()
            return end
        }
        let event: PayerLaneEvent
        do throws(LogError) {
            event = try perform(next)
        } catch {
            event = .failed(error)
        }
        next = lane.step(event, now: clock())
        if lane.isLive { chassis.closeBook() }
        chassis.noted.note(isLive: lane.isLive) { lane.positions } memory: { lane.memoryUse }
        noteTrouble(event)
        for notice in lane.notices { observer(notice) }
        lane.notices.removeAll(keepingCapacity: true)
        return nil
    }

    /// Tells that trouble with the log is over, once a while has gone well.
    private func noteTrouble(_ event: PayerLaneEvent) {
        let now = DispatchTime.now()
        switch event {
        case .failed, .commitFailed:
            failedAt = (failedAt?.first ?? now, now)
        default:
            guard let (first, last) = failedAt, !lane.positions.isEmpty,
                now.uptimeNanoseconds - last.uptimeNanoseconds > 3_000_000_000
            else { return }
            failedAt = nil
            let milliseconds = (last.uptimeNanoseconds - first.uptimeNanoseconds) / 1_000_000
            observer(.atWorkAgain(milliseconds: Int64(milliseconds)))
        }
    }

    private func perform(_ action: PayerLaneAction) throws(LogError) -> PayerLaneEvent {
        switch action {
        case .askBounds(let isFenced):
            // A reader that met an error may not find its way back by itself.
            if !isFenced { closeReaders() }
            let end: EndKind = isFenced ? .written : .committed
            guard let mark = try readMark(end) else { return .woken }
            let journal = try log.bounds(of: [configuration.journal], end)[0]
            let commands = try log.bounds(of: [configuration.commands], .committed)[0]
            return .bounds(mark: mark, journal: journal, commands: commands)
        case .readJournal(let offset):
            return .journalRead(
                position: try chassis.readBook(
                    from: offset, into: &lane.journalBuffer, limit: 5_000))
        case .readCommand(let offset):
            return .commandRead(appendTime: try readCommand(at: offset))
        case .findAnswer:
            let found = try PaymentAnswers.any(
                of: configuration.partition, in: configuration.environment, on: log
            ) { chassis.isStopping }
            return .answerFound(found)
        case .findRebuild(let damage):
            guard let found = try findRebuild(of: damage) else { return .woken }
            return .rebuildFound(found.rebuild)
        case .collectLost(let offset):
            guard let lost = try collectLost(from: offset) else { return .woken }
            return .lostCollected(lost)
        case .openWriter:
            try chassis.openWriter()
            return .writerOpened
        case .giveWriterBack:
            chassis.closeWriter()
            return .bookEnd(
                try chassis.bookEnd(known: nil, isFenced: false, into: &lane.journalBuffer))
        case .askBookEnd(let known, let isFenced):
            return .bookEnd(
                try chassis.bookEnd(known: known, isFenced: isFenced, into: &lane.journalBuffer))
        case .gather(let offset):
            let position = try offset.map { offset throws(LogError) in
                try readCommands(from: offset)
            }
            return .gathered(inbox.take(), position: position)
        case .commit:
            guard let writer = chassis.writer else {
                preconditionFailure("records without a writer")
            }
            switch lane.withRecords({ TransactionCommit.commit($0, to: writer) }) {
            case .success(let lastAppendTime):
                return .committed(lastAppendTime: lastAppendTime)
            case .failure(let failure): return .commitFailed(failure)
            }
        case .begin(let actions):
            for action in actions { begin(action) }
            return .begun
        case .wait(let milliseconds):
            if let commands, !isInline { try commands.wait(timeoutMilliseconds: milliseconds) }
            return .woken
        case .pause(let least, let most):
            chassis.pause(leastMilliseconds: least, mostMilliseconds: most)
            return .woken
        case .stop:
            preconditionFailure("a lane that stopped has nothing to do")
        }
    }

    // MARK: The provider

    private func begin(_ action: PayerAction) {
        let inbox = inbox
        let clock = clock
        switch action {
        case .send(let id, let attempt, let request, let windowEndsAt, let channel):
            guard let gateway = gateway(channel) else {
                preconditionFailure("a channel without a way")
            }
            gateway.send(request, mayBegin: { clock() < windowEndsAt }) { answer in
                inbox.put(.sent(id, attempt: attempt, answer))
            }
        case .lookUp(let id, let key, let channel):
            let askedAt = clock()
            guard let gateway = gateway(channel) else {
                preconditionFailure("a channel without a way")
            }
            gateway.lookUp(key: key) { answer in
                inbox.put(.lookedUp(id, askedAt: askedAt, answer))
            }
        case .wait:
            preconditionFailure("moments are the lane's own")
        }
    }

    // MARK: Reading

    private func readCommands(from offset: LogOffset) throws(LogError) -> LogOffset {
        let reader: any LogReader
        if let commands {
            reader = commands
        } else {
            reader = try log.openSharedReader([ReadStart(configuration.commands, from: offset)])
            commands = reader
            inbox.wakes(reader)
        }
        if reader.position(0) != offset { try reader.seek(0, to: offset) }
        try reader.read(0, into: &lane.commandBuffer, limit: PayerLane.largestTake)
        return reader.position(0)
    }

    private func close() {
        chassis.closeWriter()
        closeReaders()
    }

    private func closeReaders() {
        inbox.wakes(nil)
        chassis.closeBook()
        commands?.close()
        commands = nil
    }
}

/// Answers of the provider on their way to the lane.
private final class Inbox: Sendable {
    private struct State: @unchecked Sendable {
        var answers: [ProviderAnswer] = []
        var reader: (any LogReader)?
    }

    private let state = Mutex(State())

    func put(_ answer: ProviderAnswer) {
        state.withLock {
            $0.answers.append(answer)
            $0.reader?.wake()
        }
    }

    func take() -> [ProviderAnswer] {
        state.withLock {
            let taken = $0.answers
            $0.answers.removeAll()
            return taken
        }
    }

    /// The reader that an answer wakes; it is closed only after nil was set.
    func wakes(_ reader: (any LogReader)?) {
        nonisolated(unsafe) let reader = reader
        state.withLock { $0.reader = reader }
    }

    func wake() { state.withLock { $0.reader?.wake() } }
}
