import CommandLine
import Curl
import EventLog
import FairfillClient
import Foundation
import Gateway
import Messages
import Payments
import SandboxBank
import Vocabulary
import Workers

/// `fairfill bench pay`: the payer against a sandbox bank over real sockets, and beside it a bare
/// loop of libcurl that keeps no journal and asks nobody.
package struct PayBench {
    private let bench: Bench
    private let target: BenchTarget
    private let inFlight: Int
    private let folder: BenchFolder

    /// `fairfill bench pay`.
    package static func run(_ arguments: Arguments) throws(Failure) -> ExitCode {
        let bench = try Bench(arguments, bids: 5_000)
        let inFlight = try arguments.integer("in-flight") ?? 32
        guard (1...1_000).contains(inFlight) else {
            throw Failure(.usage, "--in-flight \(inFlight): 1 to 1,000")
        }
        let target = try BenchTarget(arguments)
        let pay = PayBench(
            bench: bench, target: target, inFlight: Int(inFlight),
            folder: try BenchFolder(in: arguments.text("dir") ?? "."))
        try pay.measurePayer()
        try pay.measureBareLoop()
        return .done
    }

    private func measurePayer() throws(Failure) {
        try bench.measure("pay", "paid by the payer, each journaled", count: bench.bids) {
            progress throws(Failure) in
            let made = try target.make()
            defer { target.remove(made) }
            let environment = Environment(
                name: made.name, cluster: made.log.clusterID, partitions: 1, purpose: .test)
            let connection = LogConnection(log: made.log, environment: environment)
            try appendCommands(to: connection)
            let ledger = "\(folder.nextLog()).bank"
            let bank = try bank(ledger)
            defer { bank.stop() }
            let seconds = try pay(connection, bank, progress)
            try check(ledger)
            return seconds
        }
    }

    /// A command a payment, each of another account.
    private func appendCommands(to connection: LogConnection) throws(Failure) {
        for topic in Topic.allCases {
            try logged { () throws(LogError) in
                try connection.log.create(topic.specification(connection.environment, nil))
            }
        }
        var records = OutgoingRecords()
        let destination = records.destination(connection.partition(.paymentCommands, 0))
        let headers = connection.headers
        for number in 0..<bench.bids {
            let command = command(number)
            records.append(of: command.account, to: destination, headers: headers) {
                RecordEncoder.encode(command, into: $0)
            }
        }
        _ = try InputAppender.append(records, to: connection.log)
    }

    private func command(_ number: Int) -> PaymentCommand {
        PaymentCommand(
            id: PaymentID(
                offering: BenchRecords.id(.offering, 0), bid: BenchRecords.id(.bid, number),
                number: 1),
            partition: 0, account: BenchRecords.id(.account, number),
            amount: 100, currency: CurrencyCode("CNY")!, due: 100)
    }

    private func bank(_ ledger: String) throws(Failure) -> SandboxBank {
        do throws(BankFailure) {
            return try SandboxBank(host: "127.0.0.1", port: 0, ledger: ledger)
        } catch {
            throw Failure(.cannotCreate, error.description)
        }
    }

    private func check(_ ledger: String) throws(Failure) {
        let books: BankBooks
        do throws(BankFailure) {
            books = try BankBooks(ledger: ledger)
        } catch {
            throw Failure(.inputOutput, error.description)
        }
        guard books.movements == Int64(bench.bids), books.mostOfAReference == 1 else {
            throw Failure(.invariant, "\(books.movements) movements for \(bench.bids) payments")
        }
    }

    /// What `pay --until-end` does; answers its seconds.
    private func pay(
        _ connection: LogConnection, _ bank: SandboxBank, _ progress: BenchProgress
    ) throws(Failure) -> Double {
        guard let url = URL(string: "http://127.0.0.1:\(bank.port)"),
            let gateway = HTTPGateway(baseURL: url, token: "bench", profile: .sandbox)
        else { preconditionFailure("an address of our own") }
        defer { gateway.close() }
        let clock = PayerClock()
        let start = BenchClock.now
        let lane = PayerDriver(
            PayerConfiguration(
                environment: connection.environment, partition: 0, profile: .sandbox,
                largestInFlight: inFlight, stopsAtEnd: true),
            log: connection.log, gateway: gateway, clock: { clock.now }
        ) { notice in
            if case .settled(let paid, _, _) = notice { try? progress.update(paid, of: bench.bids) }
        }
        let watch = StopWatch { lane.stop() }
        defer { watch.end() }
        let end = lane.run()
        let seconds = Double(BenchClock.now - start) / 1_000_000_000
        try progress.update(bench.bids, of: bench.bids)
        try end.checkFinished()
        return seconds
    }

    // MARK: The bare loop

    private func measureBareLoop() throws(Failure) {
        try bench.measure(
            "pay.bare", "the same POSTs by a bare loop of libcurl", count: bench.bids
        ) { progress throws(Failure) in
            let ledger = "\(folder.nextLog()).bank"
            let bank = try bank(ledger)
            defer { bank.stop() }
            let loop = BareLoop(port: bank.port, inFlight: inFlight)
            var bodies: [(key: String, body: [UInt8])] = []
            for number in 0..<bench.bids { bodies.append(body(number)) }
            let start = BenchClock.now
            let failed = loop.send(bodies)
            let seconds = Double(BenchClock.now - start) / 1_000_000_000
            guard failed == 0 else {
                throw Failure(.unavailable, "\(failed) of \(bench.bids) requests failed")
            }
            try check(ledger)
            return seconds
        }
    }

    private func body(_ number: Int) -> (key: String, body: [UInt8]) {
        let command = command(number)
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: RecordEncoder.largestJournalEntry, alignment: 16)
        defer { room.deallocate() }
        let count = RecordEncoder.encodeRequestBody(
            command, direction: "collect", accountToken: "\(command.account)", into: room)
        return ("\(command.id)", Array(room[..<count]))
    }
}

/// Sends requests, so many at a time, each on its own connection, and waits for all of them.
private final class BareLoop: Sendable {
    private let transfers: Transfers
    private let url: String
    private let inFlight: Int

    init(port: Int, inFlight: Int) {
        guard let transfers = Transfers() else {
            preconditionFailure("no descriptor left for a bench")
        }
        self.transfers = transfers
        url = "http://127.0.0.1:\(port)/v1/payments"
        self.inFlight = inFlight
    }

    /// Answers how many failed.
    func send(_ requests: [(key: String, body: [UInt8])]) -> Int {
        let room = DispatchSemaphore(value: inFlight)
        let failures = Counter()
        for (key, body) in requests {
            room.wait()
            let request = TransferRequest(
                url: url,
                headers: [
                    "Authorization: Bearer bench", "Content-Type: application/json",
                    "Idempotency-Key: \(key)",
                ],
                body: BareBody(body), bodyLength: body.count, sharesConnections: false,
                deadlineMilliseconds: 10_000)
            transfers.start(request) { result in
                if result.status != 201 { failures.add() }
                room.signal()
            }
        }
        for _ in 0..<inFlight { room.wait() }
        // A semaphore must not go with a lower value than it came with.
        for _ in 0..<inFlight { room.signal() }
        transfers.close()
        return failures.value
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var count = 0
        func add() { lock.withLock { count += 1 } }
        var value: Int { lock.withLock { count } }
    }
}

/// A body that is there and goes out; only the thread of the transfers reads it.
private final class BareBody: TransferBody, @unchecked Sendable {
    private let bytes: [UInt8]
    private var given = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func mayBegin() -> Bool { true }
    func refuseRepeat() {}

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count = min(buffer.count, bytes.count - given)
        buffer.copyBytes(from: bytes[given..<given + count])
        given += count
        return count
    }
}
