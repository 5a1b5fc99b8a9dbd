import EventLog
import Messages
import Vocabulary
import Workers

/// What a partition needs one worker for. Now and then it has two, until one is fenced.
final class Seat {
    enum Role: String, CaseIterable { case allocator, payer }

    let role: Role
    let partition: Partition
    var workers: [Worker] = []
    var started = 0

    init(_ role: Role, _ partition: Partition) {
        self.role = role
        self.partition = partition
    }
}

/// A worker under way: the same lane and driver as in the daemons, stepped by the world.
final class Worker {
    unowned let seat: Seat
    let process: Process
    /// How often its next step was planned: only the last plan counts.
    var plans = 0
    var nextStep: Int64 = 0

    private enum Driver {
        case allocator(AllocatorDriver)
        case payer(PayerDriver)
    }

    private let driver: Driver

    /// How long a worker keeps its writer, by its number: some give it back at every rest. Where no
    /// other worker comes between, all keep it.
    private static func writerIdleMilliseconds(_ number: Int, _ world: World) -> Int64 {
        guard world.options.faults.contains(.zombie) else { return .max }
        let choices: [Int64] = [2_000, 60_000, 100]
        return choices[number % choices.count]
    }

    init(_ seat: Seat, number: Int, _ clockError: Int64, _ world: World) {
        self.seat = seat
        process = Process("\(seat.role.rawValue) \(seat.partition)/\(number)")
        let log = FaultyLog(world.log, process, world.faults)
        let clock = world.clock
        switch seat.role {
        case .allocator:
            var configuration = AllocatorConfiguration(
                environment: world.environment, partition: seat.partition,
                largestBatch: number % 2 == 0 ? 3 : 10_000)
            configuration.writerIdleMilliseconds = Self.writerIdleMilliseconds(number, world)
            driver = .allocator(
                AllocatorDriver(
                    configuration, log: log,
                    clock: { Timestamp(rawValue: clock.now + clockError) }, isInline: true
                ) { _ in })
        case .payer:
            var configuration = PayerConfiguration(
                environment: world.environment, partition: seat.partition,
                profile: world.bank.profile, largestInFlight: 4)
            configuration.writerIdleMilliseconds = Self.writerIdleMilliseconds(number, world)
            // The payer's clock never steps back, and starts where the wall clock stands.
            driver = .payer(
                PayerDriver(
                    configuration, log: log,
                    gateway: SimulatedGateway(bank: world.bank, process: process),
                    clock: { Timestamp(rawValue: clock.now + clockError) }, isInline: true
                ) { _ in })
        }
    }

    func step() -> LaneEnd? {
        switch driver {
        case .allocator(let driver): driver.step()
        case .payer(let driver): driver.step()
        }
    }

    var idleMilliseconds: Int {
        switch driver {
        case .allocator(let driver): driver.idleMilliseconds
        case .payer(let driver): driver.idleMilliseconds
        }
    }

    /// Whether it has nothing to do until something comes.
    var isWaiting: Bool { idleMilliseconds > 0 && process.stoppedUntil < nextStep }

    /// Whether the payer is done with a command, or has left it to people.
    func isSettled(_ id: PaymentID) -> Bool {
        guard case .payer(let driver) = driver, let payment = driver.payment(id) else {
            return false
        }
        if payment.state.isFinal { return true }
        if case .parked = payment.state { return true }
        return payment.state == .ready && payment.lastReason == .behindDoubt
    }

    /// Whether it is settled, but not by proof: people have to look at it.
    func isInDoubt(_ id: PaymentID) -> Bool {
        guard case .payer(let driver) = driver, let payment = driver.payment(id) else {
            return false
        }
        return !payment.state.isFinal
    }

    /// Whether it was proven that no money moved and none will.
    func isUnpaid(_ id: PaymentID) -> Bool {
        guard case .payer(let driver) = driver, let payment = driver.payment(id) else {
            return false
        }
        return payment.state == .declined || payment.state == .recalled
    }
}
