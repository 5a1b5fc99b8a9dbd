import EventLog
import MemoryLog
import Messages
import SeededNumbers
import Vocabulary
import Workers

/// A whole system in one thread: a log in memory, front ends and operators, an allocator and a
/// payer a partition, a bank. One event after the other happens at its moment, and after each
/// everything that must hold is looked at.
final class World {
    let options: SimulationOptions
    let environment: Environment
    let log: MemoryLog
    let clock = VirtualClock()
    let schedule = Schedule()
    let faults: Faults
    let bank: SimulatedBank
    private var random: SeededGenerator
    private(set) var seats: [Seat] = []
    private(set) var watcher: Watcher!
    private var crowd: Crowd!
    private(set) var report: SimulationReport
    private var isQuietSince: Int64?
    private var nextLook: Int64 = 0
    private let keepsTrace: Bool

    init(_ options: SimulationOptions, keepsTrace: Bool) throws {
        self.options = options
        self.keepsTrace = keepsTrace
        report = SimulationReport(seed: options.seed)
        let clock = clock
        log = MemoryLog(clock: { clock.now })
        var environment = Environment(
            name: "sim", cluster: log.clusterID, partitions: Int64(options.partitions),
            purpose: .test)
        environment.archiveAfterMilliseconds = Self.archiveAfterMilliseconds
        // As `topics create` has it where one clock stamps all.
        environment.commandGraceMilliseconds = 0
        self.environment = environment
        faults = Faults(options)
        random = SeededGenerator(seed: options.seed, stream: 2)
        bank = SimulatedBank(options, schedule, clock)
        try makeTopics()
        watcher = try Watcher(self)
        crowd = Crowd(self)
        for partition in 0..<options.partitions {
            for role in Seat.Role.allCases {
                seats.append(Seat(role, Partition(rawValue: Int64(partition))))
            }
        }
    }

    private static let archiveAfterMilliseconds: Int64 = 20_000
    /// When everything was sent and nothing fails any more.
    static let faultsEndAfterMilliseconds: Int64 = 60_000
    /// So long nothing must move until the run is over: longer than until the archive.
    private static let quietMilliseconds: Int64 = 30_000

    private func makeTopics() throws {
        for topic in Topic.allCases {
            try log.create(
                TopicSpecification(
                    name: topic.fullName(environment: environment.name),
                    partitions: Int32(options.partitions), cleanup: .delete,
                    retentionMilliseconds: nil, maxMessageBytes: topic.maxMessageBytes))
        }
    }

    /// Runs to the end; what went wrong is in the report.
    func run() -> SimulationReport {
        do {
            crowd.plan()
            for seat in seats { start(seat, after: 0) }
            schedule.add(clock.now + Self.faultsEndAfterMilliseconds) { [self] in endFaults() }
            while try !isOver() {
                guard let next = schedule.next else { preconditionFailure("nothing goes on") }
                clock.move(to: next)
                report.steps += 1
                if report.steps == options.crashStep { killAll() }
                try schedule.runFirst()
                try watcher.look()
                guard report.steps < options.largestSteps else {
                    throw failure("after \(report.steps) steps there is no end: \(stillOpen())")
                }
            }
            try watcher.checkEnd(seats)
        } catch let failure as SimulationFailure {
            report.failure = failure
        } catch {
            report.failure = failure("\(error)")
        }
        report.milliseconds = clock.now - 1_000_000
        report.movements = bank.movements
        report.faults = faults.count
        watcher.count(into: &report)
        schedule.removeAll()
        return report
    }

    func failure(_ sentence: String) -> SimulationFailure {
        SimulationFailure(step: report.steps, sentence: sentence)
    }

    func note(_ line: @autoclosure () -> String) {
        guard keepsTrace else { return }
        report.trace.append("\(report.steps) \(clock.now): \(line())")
    }

    // MARK: Workers

    private func start(_ seat: Seat, after milliseconds: Int64) {
        let worker = Worker(seat, number: seat.started + 1, faults.clockError(), self)
        seat.started += 1
        seat.workers.append(worker)
        note("\(worker.process.name) starts")
        plan(worker, at: clock.now + milliseconds)
    }

    private func plan(_ worker: Worker, at moment: Int64) {
        worker.plans += 1
        let plan = worker.plans
        worker.nextStep = moment
        schedule.add(moment, of: worker.process) { [self] in
            if plan == worker.plans { try step(worker) }
        }
    }

    /// Something was appended: every process that waits looks again.
    func wakeAll() {
        for seat in seats {
            for worker in seat.workers where worker.nextStep > clock.now + 3 && worker.isWaiting {
                plan(worker, at: clock.now + random.number(0...3))
            }
        }
    }

    private func step(_ worker: Worker) throws {
        switch faults.nextWorkerFault() {
        case .crash:
            return crash(worker)
        case .stop(let milliseconds, let hasSuccessor):
            worker.process.stoppedUntil = clock.now + milliseconds
            note("\(worker.process.name) stands still for \(milliseconds) ms")
            if hasSuccessor { start(worker.seat, after: random.number(0...50)) }
            return plan(worker, at: worker.process.stoppedUntil)
        case nil:
            break
        }
        if let fault = faults.nextCommitFault() {
            log.failCommit(fault, afterCommits: 0)
            note("the next commit: \(fault)")
        }
        let end = worker.step()
        if worker.process.isDead { return crash(worker) }
        if let end { return try finish(worker, end) }
        let idle = Int64(worker.idleMilliseconds)
        plan(worker, at: clock.now + (idle == 0 ? random.number(0...2) : idle))
    }

    private func crash(_ worker: Worker) {
        note("\(worker.process.name) dies")
        report.crashes += 1
        remove(worker)
        if worker.seat.workers.isEmpty { start(worker.seat, after: random.number(0...500)) }
    }

    private func killAll() {
        for seat in seats { for worker in seat.workers { crash(worker) } }
    }

    private func finish(_ worker: Worker, _ end: LaneEnd) throws {
        note("\(worker.process.name) ends: \(end)")
        switch end {
        case .invariant(let sentence):
            throw failure("\(worker.process.name) stopped: \(sentence)")
        case .finished:
            throw failure("\(worker.process.name) ended, though nobody asked it to")
        case .fenced, .log, .overMemory:
            remove(worker)
            // Its supervisor starts it again, if nobody has taken its place.
            if worker.seat.workers.isEmpty { start(worker.seat, after: 1_000) }
        }
    }

    private func remove(_ worker: Worker) {
        worker.process.die()
        worker.seat.workers.removeAll { $0 === worker }
    }

    // MARK: The end

    private func endFaults() {
        note("faults are over")
        faults.areOver = true
        bank.isHonest = true
        for seat in seats {
            for worker in seat.workers { remove(worker) }
            start(seat, after: 0)
        }
    }

    private func isOver() throws -> Bool {
        guard faults.areOver, clock.now >= nextLook else { return false }
        nextLook = clock.now + 500
        guard crowd.isDone, try watcher.isAllDecided(), watcher.isAllPaid(seats) else {
            isQuietSince = nil
            return false
        }
        // What still comes, such as an archive, moves the books.
        if watcher.lastChange > isQuietSince ?? -1 { isQuietSince = max(clock.now, 1) }
        return clock.now - isQuietSince! > Self.quietMilliseconds
    }

    private func stillOpen() -> String {
        var open: [String] = []
        if !crowd.isDone { open.append("the crowd is not done") }
        if !((try? watcher.isAllDecided()) ?? false) { open.append("not everything is decided") }
        if !watcher.isAllPaid(seats) {
            open.append("payments are open: \(watcher.openPayments(seats).prefix(3))")
        }
        return open.isEmpty ? "the books go on moving" : open.joined(separator: ", ")
    }
}
