import EventLog
import Foundation
import Messages
import Payments
import Synchronization
import Vocabulary

/// Drives one payer's lane: reads its commands, and goes through gateways to the providers.
///
/// Answers of a gateway come on any thread, wait in the inbox, and wake the lane.
package final class PayerDriver: LaneDriver<PayerLane>, @unchecked Sendable {
    let configuration: PayerConfiguration
    let log: any EventLog
    private let gateway: @Sendable (Identifier) -> (any PaymentGateway)?

    private var commands: (any LogReader)?
    var decoder = RecordDecoder()
    private let inbox = Inbox()

    /// - Parameters:
    ///   - clock: never steps back, and counts sleep: see `PayerClock`.
    ///   - isInline: never sleep, for stepping.
    ///   - observer: hears what people should know, on the lane's thread.
    ///   - gateway: the way behind each channel of the configuration.
    package init(
        _ configuration: PayerConfiguration, log: any EventLog,
        gateway: @escaping @Sendable (_ channel: Identifier) -> (any PaymentGateway)?,
        clock: @escaping @Sendable () -> Timestamp, isInline: Bool = false,
        observer: @escaping (PayerNotice) -> Void
    ) {
        self.configuration = configuration
        self.log = log
        self.gateway = gateway
        let chassis = LaneChassis(
            log, book: configuration.journal, readLimit: 5_000,
            transactionalIDs: configuration.transactionalIDs, isInline: isInline)
        super.init(PayerLane(configuration), chassis, clock: clock, observer: observer)
    }

    /// A payer whose channels all lead to one gateway.
    package convenience init(
        _ configuration: PayerConfiguration, log: any EventLog, gateway: any PaymentGateway,
        clock: @escaping @Sendable () -> Timestamp, isInline: Bool = false,
        observer: @escaping (PayerNotice) -> Void
    ) {
        self.init(
            configuration, log: log, gateway: { _ in gateway }, clock: clock, isInline: isInline,
            observer: observer)
    }

    /// How a command stands; on the lane's own thread.
    package func payment(_ id: PaymentID) -> Payment? { lane[id] }

    override func perform(_ work: PayerWork) throws(LogError) -> LaneEvent<PayerOutcome> {
        switch work {
        case .askBounds(let isFenced):
            // A reader that met an error may not find its way back by itself.
            if !isFenced {
                chassis.closeBook()
                close()
            }
            let end: EndKind = isFenced ? .written : .committed
            guard let mark = try readMark(end) else { return .woken }
            let journal = try log.bounds(of: [configuration.journal], end)[0]
            let commands = try log.bounds(of: [configuration.commands], .committed)[0]
            return .outcome(.bounds(mark: mark, journal: journal, commands: commands))
        case .readCommand(let offset):
            return .outcome(.commandRead(appendTime: try readCommand(at: offset)))
        case .findAnswer:
            let found = try PaymentAnswers.any(
                of: configuration.partition, in: configuration.environment, on: log
            ) { chassis.isStopping }
            return .outcome(.answerFound(found))
        case .findRebuild(let damage):
            guard let found = try findRebuild(of: damage) else { return .woken }
            return .outcome(.rebuildFound(found.rebuild))
        case .collectLost(let offset):
            guard let lost = try collectLost(from: offset) else { return .woken }
            return .outcome(.lostCollected(lost))
        case .gather(let offset):
            let position = try offset.map { offset throws(LogError) in
                try readCommands(from: offset)
            }
            return .outcome(.gathered(inbox.take(), position: position))
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
            return .outcome(.begun)
        }
    }

    override func wait(milliseconds: Int) throws(LogError) {
        if let commands { try commands.wait(timeoutMilliseconds: milliseconds) }
    }

    override func wake() { inbox.wake() }

    override func close() {
        inbox.wakes(nil)
        commands?.close()
        commands = nil
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
            var request = request
            request.expiresAt = windowEndsAt
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
