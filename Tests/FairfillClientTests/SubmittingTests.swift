import CommandRunning
import FairfillClient
import Foundation
import Testing

/// Bids and commands that a program submits, and the decisions that answer them.
@Suite(.timeLimit(.minutes(1))) struct SubmittingTests {
    @Test func aReceiptLeadsToItsDecision() async throws {
        let sale = try ClientSale()
        let allocator = try sale.startAllocator()
        defer { allocator.kill() }
        let log = try await LogConnection.open(sale.url)
        try await log.check()
        #expect(try await log.findings().isEmpty)
        let results = try await log.submit([
            ClientSale.bid("a", shares: 7), ClientSale.bid("b", of: "p"),
        ])
        let receipts = try results.map { try $0.get() }
        #expect(receipts.map { "\($0.id)" } == ["a", "b"])
        #expect(receipts.map(\.offset.rawValue) == [0, 1])
        #expect(receipts.allSatisfy { $0.topic == "dev.bids" && $0.at.rawValue > 0 })
        let first = try await log.decision(about: receipts[0])
        #expect(first.type == "reserved" && receipts[0].isAnswered(by: first))
        #expect(!receipts[1].isAnswered(by: first) && !first.isRefusal)
        let second = try await log.decision(about: receipts[1])
        #expect(second.type == "rejected" && second.isRefusal)
        // The same again is no second purchase.
        let again = try await log.submit(ClientSale.bid("a", shares: 7))
        let repeated = try await log.decision(about: again)
        #expect(repeated.type == "repeated" && !repeated.isRefusal)
    }

    @Test func aCommandIsDecidedToo() async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        let receipt = try await log.submit(
            OfferingCommand(
                command: Identifier(parsing: "p-1")!, offering: Identifier(parsing: "o")!,
                action: .pause))
        try sale.decide()
        #expect(receipt.topic == "dev.offering-commands")
        #expect(try await log.decision(about: receipt).type == "paused")
    }

    /// What no record can hold is refused with a sentence, and the process goes on.
    @Test(arguments: [-1, 9_007_199_254_740_992, .min, .max] as [Int64])
    func sharesThatNoRecordHoldsAreRefused(_ shares: Int64) async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        do throws(ClientError) {
            _ = try await log.submit([ClientSale.bid("a"), ClientSale.bid("b", shares: shares)])
            Issue.record("\(shares) shares were submitted")
        } catch {
            #expect(error.code == .usage && error.message.contains("shares of 'b'"), "\(error)")
        }
        // Nothing of them was appended.
        #expect(try await log.submit(ClientSale.bid("a")).offset.rawValue == 0)
    }

    @Test(arguments: [
        (.cancel(reason: String(repeating: "x", count: 1_025)), "1025 bytes"),
        (.repay(payment: nil), "no payment"),
        (.amend(closesAt: -1), "closesAt"),
        (
            .distribute(
                distribution: Identifier(parsing: "d")!, kind: .interest,
                amount: 9_007_199_254_740_992), "amount"
        ),
        (.open(ClientSale.terms { $0.shares = -1 }), "shares"),
        (.open(ClientSale.terms { $0.price = 9_007_199_254_740_992 }), "price"),
        (.open(ClientSale.terms { $0.maxAccounts = -1 }), "maxAccounts"),
        (
            .open(
                ClientSale.terms {
                    let ids = (0..<400).map { Identifier(parsing: "\($0)-\(longID)")! }
                    $0.distributions = AllowedDistributions(interest: ids)
                }), "distributions"
        ),
    ] as [(OfferingCommand.Action, String)])
    func commandsThatNoRecordHoldsAreRefused(
        _ action: OfferingCommand.Action, _ words: String
    ) async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        let command = OfferingCommand(
            command: Identifier(parsing: "c")!, offering: Identifier(parsing: "o")!,
            action: action)
        do throws(ClientError) {
            _ = try await log.submit(command)
            Issue.record("\(action) was submitted")
        } catch {
            #expect(error.code == .usage && error.message.contains(words), "\(error)")
        }
    }

    /// The message says where it stands and what to do; the receipt can be asked with again.
    @Test func whatIsNotDecidedInTimeMayBeAskedForAgain() async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        let receipt = try await log.submit(ClientSale.bid("a"))
        do throws(ClientError) {
            _ = try await log.decision(about: receipt, timeout: .milliseconds(50))
            Issue.record("there is no allocator")
        } catch {
            #expect(error.code == .tryAgain)
            #expect(error.message.contains("dev.bids[0] offset 0, not decided yet"), "\(error)")
        }
        try sale.decide()
        #expect(try await log.decision(about: receipt).type == "reserved")
    }

    /// Long before its time is over.
    @Test func aCancelledTaskWaitsNoLonger() async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        let receipt = try await log.submit(ClientSale.bid("a"))
        let waiting = Task { try await log.decision(about: receipt, timeout: .seconds(600)) }
        waiting.cancel()
        let begun = ContinuousClock.now
        await #expect(throws: ClientError.self) { try await waiting.value }
        #expect(ContinuousClock.now - begun < .seconds(60))
    }

    @Test(arguments: [
        ("postgres:x", "dev", ClientError.Code.usage, "a log is named sqlite:PATH or kafka:"),
        ("memory:", "dev", .usage, "one process only"),
        ("kafka:anna:secret@host", "dev", .usage, "without a user or a password"),
        ("sqlite:/nowhere/x.db", "dev", .unavailable, "there is no log at /nowhere/x.db"),
        ("sqlite:", "dev", .usage, "a log is named"),
        ("", "a b", .usage, "1 to 64 characters"),
        ("", "prod", .configuration, "has no environment 'prod'; make it with:"),
    ])
    func whatCannotBeOpenedSaysWhatToDo(
        _ url: String, _ environment: String, _ code: ClientError.Code, _ words: String
    ) async throws {
        let sale = try ClientSale()
        do throws(ClientError) {
            _ = try await LogConnection.open(
                url.isEmpty ? sale.url : url, .init(environmentName: environment))
            Issue.record("it was opened")
        } catch {
            #expect(error.code == code, "\(error)")
            #expect(error.message.contains(words), "\(error)")
            #expect(!error.message.contains("secret"))
        }
    }

    @Test func whatExactnessDependsOnCannotBeSet() async throws {
        var options = LogConnection.Options()
        options.kafkaProperties = [("acks", "1")]
        await #expect {
            try await LogConnection.open("kafka:127.0.0.1:1", options)
        } throws: { error in
            (error as? ClientError)?.code == .configuration
                && "\(error)".contains("acks is not yours to set")
        }
    }
}
