import EventLog
import Foundation
import Gateway
import MemoryLog
import Messages
import Payments
import SQLiteLog
import SandboxBank
import Synchronization
import Testing
import Vocabulary
import Workers

/// A log, a bank with faults behind real sockets, and payers between them, for one case.
///
/// The payer's clock stands still while a request is under way, so that a busy machine closes no
/// window; whenever the payer has nothing to do but wait, its clock and the bank's are moved on.
/// So hours pass in milliseconds, and only the deadline of a request takes as long as it says.
final class CaseBench {
    let log: any EventLog
    let clock: SteppedClock
    let gateway: WatchedGateway
    let environment: Environment
    var profile: ProviderProfile
    let heard = Mutex<[PaymentAttention.Kind]>([])
    /// Nil while it is down.
    private(set) var bank: SandboxBank?
    /// Where the bank listens, through restarts.
    let port: Int
    var commands: [String: PaymentCommand] = [:]
    private let folder: URL
    private var gateways: [HTTPGateway] = []
    /// The ways over other channels: time stands still for what is under way there, too.
    private var others: [WatchedGateway] = []

    /// - Parameters:
    ///   - faults: the bank's list (Bank.md).
    ///   - log: nil: a SQLite log on disk.
    ///   - keepsLedger: for banks that come again.
    ///   - authority: where the bank's authority is written; the bank then speaks TLS.
    ///   - profile: changes that of the sandbox.
    init(
        _ faults: String = "[]", log: (any EventLog)? = nil,
        clock: SteppedClock = SteppedClock(Int64(Date().timeIntervalSince1970 * 1_000)),
        authority: String? = nil, keepsLedger: Bool = false,
        profile changeProfile: (inout ProviderProfile) -> Void = { _ in }
    ) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-case-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.log = try log
            ?? SQLiteLog.open(path: folder.appending(path: "log.db").path, create: true)
        self.clock = clock
        gateway = WatchedGateway(clock)
        environment = Environment(
            name: "t", cluster: self.log.clusterID, partitions: 1, purpose: .test)
        profile = .sandbox
        // The sandbox's answers take milliseconds; a machine that is busy takes longer.
        profile.httpDeadlineMilliseconds = 8_000
        changeProfile(&profile)
        var settings = BankSettings()
        settings.faults = Array(faults.utf8)
        settings.authorityFile = authority
        let ledger = keepsLedger ? folder.appending(path: "bank.db").path : SandboxBank.memory
        let bank = try SandboxBank(
            host: "127.0.0.1", port: 0, ledger: ledger, settings: settings)
        (self.bank, port) = (bank, bank.port)
        for topic in Topic.allCases {
            try self.log.create(
                TopicSpecification(
                    name: topic.fullName(environment: "t"), partitions: 1, cleanup: .delete,
                    retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
        }
        try lead(to: "http://127.0.0.1:\(port)")
    }

    deinit {
        bank?.stop()
        for gateway in gateways { gateway.close() }
        try? FileManager.default.removeItem(at: folder)
    }

    var client: BankClient { BankClient(port: port) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Where the payer's requests go from here on.
    func lead(to address: String, token: String = "t") throws {
        gateway.lead(to: try way(to: address, token: token))
    }

    /// A gateway of the bench's profile, closed at the end.
    func way(to address: String, token: String = "t") throws -> HTTPGateway {
        let url = try #require(URL(string: address))
        let made = try #require(
            HTTPGateway(baseURL: url, token: token, profile: profile))
        gateways.append(made)
        return made
    }

    /// The bank's process dies.
    func stopBank() {
        bank?.stop()
        bank = nil
    }

    /// It comes again with its ledger, at the same address.
    func startBank(_ faults: String = "[]") throws {
        var settings = BankSettings()
        settings.faults = Array(faults.utf8)
        bank = try SandboxBank(
            host: "127.0.0.1", port: port, ledger: path("bank.db"), settings: settings)
    }

    // MARK: Payers

    /// A payer; `others` are channels behind the first, with the ways to them.
    func payer(
        inFlight: Int = 32, stopsAtEnd: Bool = true,
        others: [(name: Identifier, way: any PaymentGateway)] = []
    ) -> PayerDriver {
        let watched = others.map { [clock = self.clock] other in
            let gateway = WatchedGateway(clock)
            gateway.lead(to: other.way)
            return (name: other.name, way: gateway)
        }
        self.others += watched.map(\.way)
        let channels: [Identifier] = ["default"] + watched.map(\.name)
        let configuration = PayerConfiguration(
            environment: environment, partition: 0,
            channels: channels.map {
                ChannelTerms(PaymentChannel(name: $0, origin: "http://\($0)"), profile)
            }, largestInFlight: inFlight, stopsAtEnd: stopsAtEnd)
        let (first, clock) = (gateway, clock)
        return PayerDriver(
            configuration, log: log,
            gateway: { name in watched.first { $0.name == name }?.way ?? first },
            clock: { Timestamp(rawValue: clock.now) }, isInline: true
        ) { [self] notice in
            if case .attention(let attention) = notice {
                heard.withLock { $0.append(attention.kind) }
            }
        }
    }

    /// Lets a payer work until it ends, or until something holds while it waits, for at most so
    /// many hours of its clock; answers its end, nil where it did not come to one.
    @discardableResult
    func run(
        _ payer: PayerDriver, atMostHours hours: Int64 = 200,
        until isDone: () throws -> Bool = { false },
        at location: SourceLocation = #_sourceLocation
    ) throws -> LaneEnd? {
        let latest = clock.now + hours * 3_600_000
        let deadline = Date(timeIntervalSinceNow: 40)
        var answered = -1
        var streak = 0
        while clock.now < latest {
            guard Date() < deadline else {
                Issue.record("it takes too long", sourceLocation: location)
                return nil
            }
            if let end = payer.step() { return end }
            // What it has to do it does first: what it decided is committed then.
            guard payer.idleMilliseconds > 0 else { continue }
            if try isDone() { return nil }
            if isWaited {
                usleep(1_000)
                continue
            }
            guard answeredOfAll == answered else {
                // The answers wait in the payer's inbox.
                (answered, streak) = (answeredOfAll, 0)
                continue
            }
            streak += 1
            // A payer waits a second at most before it looks again, however long it has to wait.
            let wait = Int64(payer.idleMilliseconds)
            try pass(wait < 1_000 ? wait : min(1_000 << min(max(0, streak - 3), 10), 600_000))
        }
        return nil
    }

    /// Whether a request over any channel has no answer yet.
    private var isWaited: Bool { gateway.underWay > 0 || others.contains { $0.underWay > 0 } }

    private var answeredOfAll: Int {
        gateway.answered + others.reduce(0) { $0 + $1.answered }
    }

    /// Runs a payer to its end.
    func payAll(at location: SourceLocation = #_sourceLocation) throws {
        let end = try run(payer(), at: location)
        #expect(end == .finished, sourceLocation: location)
    }

    /// Time goes by, here and at the bank.
    func pass(_ milliseconds: Int64) throws {
        clock.advance(milliseconds)
        if bank != nil { try client.advance(milliseconds) }
    }

    var attention: [PaymentAttention.Kind] { heard.withLock { $0 } }
}
