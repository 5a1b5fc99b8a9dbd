import Payments
import SeededNumbers
import Vocabulary

/// A provider with books of its own, which outlive the workers that die. What becomes of a payment
/// follows from the seed and its key. Runs are judged by these books, never by what a payer thinks.
final class SimulatedBank {
    /// What the bank does with a key the first time it is asked.
    enum Fate: CaseIterable {
        case paid, declined
        /// Says "failed", and has paid.
        case lie
        /// Executed, and the connection is lost.
        case silent
        /// The connection is lost before the bank has heard anything.
        case lost
        /// Nobody listens.
        case refused
        /// Executed, and an answer that can't be read.
        case garbled
        /// Executed, and answered after everybody has stopped waiting.
        case slow
        /// To be executed later.
        case pending
        /// An error that says nothing.
        case broken
    }

    /// A payment as the bank has it.
    private struct Entry {
        var record: ProviderRecord
        /// When a lookup shows it.
        var visibleFrom: Int64
    }

    let profile: ProviderProfile
    private let options: SimulationOptions
    private let schedule: Schedule
    private let clock: VirtualClock
    private var random: SeededGenerator
    private let fateSeed: UInt64
    private var entries: [String: Entry] = [:]
    private var requests: [String: Int] = [:]
    /// How often money moved, and how much each time, by the command's id.
    private(set) var moved: [String: (count: Int, amount: MinorUnits)] = [:]
    private(set) var movements = 0
    var isHonest = false

    init(_ options: SimulationOptions, _ schedule: Schedule, _ clock: VirtualClock) {
        self.options = options
        self.schedule = schedule
        self.clock = clock
        random = SeededGenerator(seed: options.seed, stream: 4)
        fateSeed = random.next()
        profile = Self.profile(&random, isBold: options.sabotage == .boldProfile)
    }

    private static let visibilityMilliseconds: Int64 = 5_000

    /// Keys make a repeat harmless or not, lookups show what is or are not there, and what they
    /// don't show is proven not to be or not.
    private static func profile(
        _ random: inout SeededGenerator, isBold: Bool
    ) -> ProviderProfile {
        var profile = ProviderProfile()
        profile.notFoundIsFinal = random.once(in: 2) || isBold
        profile.isIdempotent = random.once(in: 2) && !isBold
        profile.looksUpByKey = !profile.isIdempotent || random.once(in: 3)
        profile.honoursExpiry = !profile.isIdempotent
        profile.lookupVisibilityDelayMilliseconds = isBold ? 0 : visibilityMilliseconds
        profile.sendingWindowMilliseconds = 1_000
        profile.httpDeadlineMilliseconds = isBold ? 0 : httpDeadlineMilliseconds
        profile.largestRetryAgeMilliseconds = 600_000
        profile.largestDoubtAgeMilliseconds = 300_000
        return profile
    }

    private static let httpDeadlineMilliseconds: Int64 = 3_000

    private func fate(of key: String) -> Fate {
        var drawn = SeededGenerator(seed: key.utf8.reduce(fateSeed) { $0 &* 31 &+ UInt64($1) })
        guard options.faults.contains(.bank), !isHonest else {
            return drawn.once(in: 5) ? .declined : .paid
        }
        return drawn.once(in: 2) ? .paid : Fate.allCases.randomElement(using: &drawn)!
    }

    // MARK: Sending

    /// A request on its way from `process`: it leaves it, arrives, is answered, and the answer is
    /// heard, each at its own moment.
    func send(
        _ request: ProviderRequest, from process: Process, mayBegin: @escaping () -> Bool,
        answer: @escaping (SendingAnswer) -> Void
    ) {
        let leaves = clock.now + random.number(0...20)
        schedule.add(leaves, of: process) { [self] in
            // A caller that gave up waiting has heard nothing.
            let deadline = clock.now + Self.httpDeadlineMilliseconds
            guard mayBegin() else { return answer(.failed(.windowClosed)) }
            let fate = fate(of: request.key)
            let isFirst = requests[request.key] == nil
            if isFirst, fate == .refused {
                requests[request.key] = 1
                return answer(.failed(.notConnected))
            }
            let isSlow = options.faults.contains(.bank) && random.once(in: 12)
            let arrives = clock.now + (isSlow ? random.number(0...2_900) : random.number(1...30))
            schedule.add(arrives) { [self] in
                let said = receive(request, fate)
                let late = isFirst && fate == .slow
                let heard = late ? deadline + 1 : clock.now + random.number(1...50)
                schedule.add(min(heard, deadline), of: process) {
                    answer(heard > deadline ? .failed(.timedOut) : said)
                }
            }
        }
    }

    private func receive(_ request: ProviderRequest, _ fate: Fate) -> SendingAnswer {
        requests[request.key, default: 0] += 1
        if profile.honoursExpiry, let expiresAt = request.expiresAt,
            clock.now >= expiresAt.rawValue
        {
            return .answered(status: 422, record: nil, problem: "expired", retryAfterSeconds: nil)
        }
        if let known = entries[request.key], profile.isIdempotent {
            if options.sabotage == .forgetfulBank { move(request) }
            return answer(known.record)
        }
        let isFirst = requests[request.key] == 1
        if isFirst, fate == .lost { return .failed(.connectionLost) }
        switch fate {
        case .declined:
            enter(request, .failed)
            return .answered(status: 402, record: nil, problem: "declined", retryAfterSeconds: nil)
        case .pending where isFirst:
            let executesAt = clock.now + random.number(1_000...20_000)
            enter(request, .pending)
            schedule.add(executesAt) { [self] in execute(request) }
            return answer(entries[request.key]!.record)
        case .broken where isFirst && random.once(in: 2):
            return .answered(status: 500, record: nil, problem: nil, retryAfterSeconds: nil)
        default:
            break
        }
        enter(request, .succeeded)
        move(request)
        switch fate {
        case .lie where isFirst:
            return .answered(status: 402, record: nil, problem: "declined", retryAfterSeconds: nil)
        case .silent where isFirst: return .failed(.connectionLost)
        case .garbled where isFirst: return .failed(.unreadable)
        case .broken where isFirst:
            return .answered(status: 500, record: nil, problem: nil, retryAfterSeconds: nil)
        default: return answer(entries[request.key]!.record)
        }
    }

    private func answer(_ record: ProviderRecord) -> SendingAnswer {
        .answered(
            status: record.status == .pending ? 202 : 201, record: record, problem: nil,
            retryAfterSeconds: nil)
    }

    private func enter(_ request: ProviderRequest, _ status: ProviderRecord.Status) {
        let delay = random.number(0...Self.visibilityMilliseconds)
        entries[request.key] = Entry(
            record: ProviderRecord(
                id: "p-\(entries.count + 1)", key: request.key, status: status,
                amount: request.amount, currency: "\(request.currency)"),
            visibleFrom: clock.now + delay)
    }

    private func execute(_ request: ProviderRequest) {
        entries[request.key]?.record.status = .succeeded
        move(request)
    }

    private func move(_ request: ProviderRequest) {
        movements += 1
        let before = moved[request.reference]?.count ?? 0
        moved[request.reference] = (before + 1, request.amount)
    }

    // MARK: Looking up

    func lookUp(
        _ key: String, from process: Process, answer: @escaping (LookupAnswer) -> Void
    ) {
        schedule.add(clock.now + random.number(1...40), of: process) { [self] in
            if options.faults.contains(.bank), !isHonest, random.once(in: 10) {
                return answer(.failed(.connectionLost, status: nil))
            }
            guard let entry = entries[key], entry.visibleFrom <= clock.now else {
                return answer(.notFound(isComplete: true))
            }
            answer(.found(entry.record))
        }
    }
}

/// The way from one payer to the bank: what is under way when the payer dies is not heard.
struct SimulatedGateway: PaymentGateway, @unchecked Sendable {
    let bank: SimulatedBank
    let process: Process

    func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool,
        answer: @escaping @Sendable (SendingAnswer) -> Void
    ) {
        bank.send(request, from: process, mayBegin: mayBegin, answer: answer)
    }

    func lookUp(key: String, answer: @escaping @Sendable (LookupAnswer) -> Void) {
        bank.lookUp(key, from: process, answer: answer)
    }
}
